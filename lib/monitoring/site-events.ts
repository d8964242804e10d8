import { ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { renderAlerts, topicsOf } from '../private/alerts';
import { backupsDisabledPattern, callsPattern, jobsPattern } from '../private/monitoring/event-patterns';
import { publish } from '../private/permissions/topics';
import type { SiteFunction } from '../site/site-function';

/** What the events of a site are heard with. */
export interface SiteEventsProps {
  /** The site's name. */
  readonly siteName: string;
  /** What names of everything begin with: rules, too. */
  readonly prefix: string;
  /** Turns alarms and events into messages. */
  readonly notifyFunction: SiteFunction;
  /**
   * Who is told of what concerns the whole site, and given the raw alarm or event where no message could be made of it.
   * @default - everybody whom the site's plans tell; nobody is given anything raw
   */
  readonly alerts?: Alerts;
}

/** An event is of use while somebody can still act on it; CloudWatch's and Lambda's own retries are over long before. */
const LATEST_SECONDS = 3_600;

/**
 * What is heard by event rather than by measuring, once for a site and all its resources: three rules, and what lets EventBridge
 * and CloudWatch call the function that makes messages of events and alarms.
 */
export class SiteEvents extends Construct {
  /** Jobs of AWS Backup, automated backups that are disabled, and calls that endanger or copy backups. */
  public readonly rules: CfnRule[];

  private readonly restoreRoles: string[] = [];

  constructor(scope: Construct, id: string, props: SiteEventsProps) {
    super(scope, id);
    const { prefix, siteName, notifyFunction } = props;
    const roles = () => [...this.restoreRoles];
    const hear = (ruleId: string, name: string, what: string, eventPattern: () => object) =>
      new CfnRule(this, ruleId, {
        name: `${prefix}${name}`,
        description: `${what}, for recovery site ${siteName}`,
        eventPattern: Lazy.any({ produce: eventPattern }),
        targets: [
          {
            id: 'Notify',
            arn: notifyFunction.lambdaFunction.functionArn,
            retryPolicy: { maximumEventAgeInSeconds: LATEST_SECONDS, maximumRetryAttempts: 10 },
          },
        ],
      });
    this.rules = [
      hear('Jobs', 'jobs', 'Jobs of AWS Backup that did not end well', () => jobsPattern(prefix, roles)),
      hear('BackupsDisabled', 'backups-disabled', 'Automated backups turned off', () => backupsDisabledPattern(prefix)),
      hear('Calls', 'calls', 'Snapshots shared, recovery points deleted, restores that are no drills', () =>
        callsPattern(prefix.replace(/-$/, ''), roles),
      ),
    ];
    this.allow(prefix, notifyFunction);
    this.fallBack(notifyFunction, props.alerts);
    const { lambdaFunction } = notifyFunction;
    lambdaFunction.addEnvironment('RESTORE_ROLES', Lazy.string({ produce: () => roles().join(',') }));
    if (props.alerts) {
      lambdaFunction.addEnvironment('SITE_ALERTS', Stack.of(this).toJsonString(renderAlerts(props.alerts)));
    }
  }

  /**
   * What the site restores under this role is a drill.
   * @internal
   */
  public _restoresUnder(roleArn: string): void {
    this.restoreRoles.push(roleArn);
  }

  /** One permission for all rules and one for all alarms: a further resource adds none. */
  private allow(prefix: string, { lambdaFunction }: SiteFunction): void {
    const stack = Stack.of(this);
    lambdaFunction.addPermission('Rules', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceArn: stack.formatArn({ service: 'events', resource: 'rule', resourceName: `${prefix}*` }),
    });
    lambdaFunction.addPermission('Alarms', {
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: stack.account,
      sourceArn: stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
  }

  /** Where no message can be made, Lambda sends what there was: raw, but not lost. */
  private fallBack(notifyFunction: SiteFunction, alerts: Alerts = {}): void {
    const [loudest] = topicsOf(alerts);
    const config = new CfnEventInvokeConfig(this, 'FallBack', {
      functionName: notifyFunction.lambdaFunction.functionName,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: LATEST_SECONDS,
      maximumRetryAttempts: 2,
      ...(loudest && { destinationConfig: { onFailure: { destination: loudest.topicArn } } }),
    });
    if (!loudest) return;
    notifyFunction._allow(...publish(alerts));
    // Lambda refuses a destination that the role may not publish to.
    config.node.addDependency(notifyFunction.role);
  }
}
