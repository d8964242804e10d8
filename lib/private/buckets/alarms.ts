import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../../site/recovery-site';
import { alarmIsTold } from '../alerts';

/** What S3 measures of one rule: all three dimensions, or nothing is found. */
export interface RuleMetrics {
  readonly site: RecoverySite;
  /** `<plan>/<resource>` */
  readonly resourceName: string;
  readonly bucket: string;
  readonly replica: string;
  readonly ruleId: string;
}

const PERIOD = Duration.minutes(5);

/**
 * The replica is behind while something waits for it. S3 measures this in the Region of the replica, and nothing where nothing is
 * written: what was said last holds then.
 */
export function replicationLateAlarm(scope: Construct, of: RuleMetrics & { readonly lateSeconds: number }): Alarm {
  const { resourceName, lateSeconds } = of;
  const alarm = new Alarm(scope, 'ReplicationLate', {
    alarmDescription: [
      `What happened: the replica of ${resourceName} is more than ${span(lateSeconds)} behind, and objects wait for it.`,
      'What it means: a disaster now would lose files that were written since.',
      `Next step: see the rule ${of.ruleId} of bucket ${of.bucket} and AWS Health for S3; the role of the rule and the keys of both buckets must be as they were deployed.`,
    ].join(' '),
    metric: new MathExpression({
      label: 'Seconds that the replica is behind while objects wait',
      period: PERIOD,
      expression: 'IF(pending > 0, latency, 0)',
      usingMetrics: {
        pending: metric('OperationsPendingReplication', 'Maximum', of),
        latency: metric('ReplicationLatency', 'Maximum', of),
      },
    }),
    threshold: lateSeconds,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.IGNORE,
  });
  alarmIsTold(alarm, of.site.functions.notify.lambdaFunction);
  return alarm;
}

/** S3 gave an object up, and tries it no more by itself: measured in the Region of the bucket. */
export function replicationFailedAlarm(scope: Construct, of: RuleMetrics): Alarm {
  const { resourceName } = of;
  const alarm = new Alarm(scope, 'ReplicationFailed', {
    alarmDescription: [
      `What happened: S3 failed to replicate objects of ${resourceName}.`,
      'What it means: these objects have no replica, and S3 does not try them again by itself.',
      `Next step: mend the cause, which is mostly a right that the role of rule ${of.ruleId} lost on the key of either side, then replicate what failed: invoke function ${of.site.prefix}existing with {"resource": "${resourceName}", "reason": "<why>"}.`,
    ].join(' '),
    metric: metric('OperationsFailedReplication', 'Sum', of),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });
  alarmIsTold(alarm, of.site.functions.notify.lambdaFunction);
  return alarm;
}

function metric(metricName: string, statistic: string, { bucket, replica, ruleId }: RuleMetrics): Metric {
  return new Metric({
    namespace: 'AWS/S3',
    metricName,
    dimensionsMap: { SourceBucket: bucket, DestinationBucket: replica, RuleId: ruleId },
    statistic,
    period: PERIOD,
  });
}

function span(seconds: number): string {
  return Duration.seconds(seconds).toHumanString();
}
