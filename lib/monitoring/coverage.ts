import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSchedule, IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { alarmIsTold, alarmWaitsForData, renderAlerts } from '../private/alerts';
import { METRICS } from '../private/metrics';
import { listDatabases, readRegister } from '../private/permissions/history';
import { objectsUnder } from '../private/permissions/storage';
import { publish } from '../private/permissions/topics';
import { siteSchedule } from '../private/site-schedule';
import { requireExceptions } from '../private/monitoring/exceptions';
import { SiteFunction } from '../site/site-function';

/** What may be without a plan. */
export interface UnprotectedOptions {
  /**
   * Identifiers of databases, and names of buckets, that are meant to be under no plan of the site; `*` stands for any text.
   * @default - none: every database is to be under a plan
   */
  readonly exclude?: string[];
  /**
   * Whether buckets of this Region count too. Those that plans protect, and what the site makes itself, are covered.
   * @default false
   */
  readonly buckets?: boolean;
}

/** What the look at coverage is made with. */
export interface CoverageProps extends UnprotectedOptions {
  /** The site's name. */
  readonly siteName: string;
  /** What names begin with. */
  readonly prefix: string;
  /** Where what was found is kept. */
  readonly stateBucket: IBucket;
  /** The site's own as well. */
  readonly evidenceBucket: IBucket;
  /** Encrypts the state bucket. */
  readonly encryptionKey: IKey;
  /** The site's schedule group: the register of what is protected. */
  readonly scheduleGroup: IScheduleGroup;
  /** The role that schedules run under. */
  readonly scheduleRole: Role;
  /** Who is told. */
  readonly alerts: Alerts;
  /** Makes messages of alarms. */
  readonly notifyFunction: IFunction;
}

/** Looks every hour for databases of the account and Region that are under no plan of the site, whoever made them. */
export class Coverage extends Construct {
  /** What looks. */
  public readonly coverageFunction: SiteFunction;
  /** When it looks. */
  public readonly schedule: CfnSchedule;
  /** Something is under no plan. */
  public readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: CoverageProps) {
    super(scope, id);
    const exclude = requireExceptions(props.siteName, props.exclude ?? []);
    this.coverageFunction = this.makeFunction(props);
    props.scheduleRole.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.coverageFunction.lambdaFunction.functionArn],
      }),
    );
    this.schedule = siteSchedule(this, 'Schedule', {
      name: 'coverage',
      group: props.scheduleGroup,
      description: `Looks for databases under no plan of site ${props.siteName}`,
      // Every hour, not every day: what a deployment protects, or a person makes, is seen within the hour.
      expression: 'rate(1 hour)',
      targetArn: this.coverageFunction.lambdaFunction.functionArn,
      role: props.scheduleRole,
      input: Stack.of(this).toJsonString({
        exclude,
        buckets: props.buckets ?? false,
        alerts: renderAlerts(props.alerts),
      }),
      latest: Duration.minutes(30),
    });
    this.alarm = this.makeAlarm(props);
    this.alarm.node.addDependency(this.schedule);
  }

  private makeFunction(props: CoverageProps): SiteFunction {
    const { prefix, siteName, stateBucket, evidenceBucket, encryptionKey, scheduleGroup } = props;
    const stack = Stack.of(this);
    const made = new SiteFunction(this, 'Function', {
      prefix,
      handlerName: 'coverage',
      description: 'Looks for databases that are under no plan',
      timeout: Duration.minutes(5),
      environment: {
        SITE: siteName,
        PREFIX: prefix,
        STATE_BUCKET: stateBucket.bucketName,
        EVIDENCE_BUCKET: evidenceBucket.bucketName,
        SCHEDULE_GROUP: scheduleGroup.scheduleGroupName,
      },
    });
    const keys = ['coverage.json', 'messages/*'];
    made._allow(
      ...readRegister(stack, scheduleGroup.scheduleGroupName),
      listDatabases(stack),
      ...objectsUnder(stateBucket, encryptionKey, { read: keys, write: keys }),
      ...publish(props.alerts),
    );
    if (props.buckets) {
      made._allow(new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));
    }
    return made;
  }

  private makeAlarm({ siteName, notifyFunction }: CoverageProps): Alarm {
    const alarm = new Alarm(this, 'Unprotected', {
      alarmDescription: [
        `What happened: a database is under no plan of recovery site ${siteName}, or nobody has looked for two hours.`,
        'What it means: nobody promises that it can be recovered, and nobody looks whether it could.',
        'Next step: protect it, or name it in exclude of alarmOnUnprotected; the log of the coverage function names it.',
      ].join(' '),
      metric: new Metric({
        namespace: METRICS.namespace,
        metricName: METRICS.unprotected,
        dimensionsMap: { Site: siteName, Resource: METRICS.siteResource },
        statistic: 'Maximum',
        period: Duration.hours(1),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Two looks: a database may be made some minutes before its plan is.
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarmIsTold(alarm, notifyFunction);
    alarmWaitsForData(alarm, Duration.hours(2));
    return alarm;
  }
}
