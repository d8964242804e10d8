import { Arn, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { readRegister } from '../private/permissions/history';
import { readUnder } from '../private/permissions/storage';
import { requirePlaceOf } from '../private/plan-site';
import { siteSchedule } from '../private/site-schedule';
import { requireWhole, ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';
import { SiteFunction } from '../site/site-function';

/** What a heartbeat is of, and where it goes. */
export interface HeartbeatProps {
  /** Everything that this site's plans watch. */
  readonly site: RecoverySite;
  /** Its text is the address to ping, `https://`: whoever knows it may ping. */
  readonly url: ISecret;
  /**
   * Time between two pings, whole minutes up to an hour. Whoever waits for them should wait twice that, and the plans' longest time
   * between two measurements: a database that is new is measured only then.
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;
}

/**
 * Pings a service that raises an alarm when nothing comes (a dead man's switch, outside this account), only while everything is
 * measured, restorable and proven as promised: it notices whatever keeps this library from telling.
 */
export class Heartbeat extends Construct {
  /** What looks, and pings. */
  public readonly heartbeatFunction: SiteFunction;
  /** When it does. */
  public readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: HeartbeatProps) {
    super(scope, id);
    const { site, interval = Duration.minutes(5) } = props;
    requirePlaceOf(site, this, `heartbeat ${id}`);
    const minutes = minutesOf(interval);
    const nameSuffix = `-${this.node.addr.slice(-8)}`;
    this.heartbeatFunction = this.makeFunction(props, nameSuffix);
    // By its name: the site's stack may be another, which this one needs.
    site.scheduleRole.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [functionArn(site, `${site.prefix}heartbeat${nameSuffix}`)],
      }),
    );
    this.schedule = siteSchedule(this, 'Schedule', {
      name: `heartbeat${nameSuffix}`,
      group: site.scheduleGroup,
      description: `Pings while everything on site ${site.siteName} is as promised`,
      expression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
      targetArn: this.heartbeatFunction.lambdaFunction.functionArn,
      role: site.scheduleRole,
      input: '{}',
      // The next is as good.
      latest: interval,
    });
  }

  private makeFunction({ site, url }: HeartbeatProps, nameSuffix: string): SiteFunction {
    const group = site.scheduleGroup.scheduleGroupName;
    const made = new SiteFunction(this, 'Function', {
      prefix: site.prefix,
      handlerName: 'heartbeat',
      nameSuffix,
      description: 'Pings while everything is as promised',
      timeout: Duration.seconds(60),
      environment: {
        PREFIX: site.prefix,
        STATE_BUCKET: site.stateBucket.bucketName,
        SCHEDULE_GROUP: group,
        HEARTBEAT_SECRET: url.secretArn,
      },
    });
    made._allow(...readRegister(Stack.of(this), group), ...readUnder(site.stateBucket, site.key, ['monitor/*']));
    url.grantRead(made.role);
    return made;
  }
}

function minutesOf(interval: Duration): number {
  if (interval.isUnresolved()) {
    throw new ValidationError(
      'interval of a heartbeat must be known at synthesis, got a value known only at deployment',
    );
  }
  return requireWhole(interval.toMinutes({ integral: false }), 'interval of a heartbeat in minutes', 1, 60);
}

function functionArn(site: RecoverySite, resourceName: string): string {
  const resource = { service: 'lambda', resource: 'function', resourceName };
  return Arn.format({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, Stack.of(site));
}
