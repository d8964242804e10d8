import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../../site/recovery-site';
import { alarmIsTold, alarmWaitsForData } from '../alerts';
import { METRICS } from '../metrics';

/** What the alarms of a resource, or of whatever bears a tag, are made for. */
export interface AlarmOf {
  /** Whose monitor measures, and which tells. */
  readonly site: RecoverySite;
  /** `<plan>/<resource>` */
  readonly resourceName: string;
}

/** What can be restored is older than it may be, or nobody measures any more: CloudWatch calls that after four to five periods. */
export function recoverableAlarm(scope: Construct, { site, resourceName }: AlarmOf, every: Duration): Alarm {
  const alarm = new Alarm(scope, 'Recoverable', {
    alarmDescription: [
      `What happened: the newest state of ${resourceName} that could be restored is older than its plan allows, or nobody measures it any more.`,
      'What it means: a disaster now would lose more data than the recovery point objective allows, or nobody knows how much.',
      `Next step: run \`npx recoverable status --site ${site.siteName}\`; it says which recovery source is late, since when, and what to do.`,
    ].join(' '),
    metric: ratio(METRICS.restorableAgeRatio, site.siteName, resourceName, every),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // One late point may be one slow answer of RDS; two of three are no accident.
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarmIsTold(alarm, site.functions.notify.lambdaFunction);
  alarmWaitsForData(alarm, Duration.minutes(4 * every.toMinutes()));
  return alarm;
}

/** No passed drill in its interval, or nobody measures any more. */
export function provenAlarm(scope: Construct, { site, resourceName }: AlarmOf): Alarm {
  const alarm = new Alarm(scope, 'Proven', {
    alarmDescription: [
      `What happened: no restore drill of ${resourceName} has passed in its interval, or nobody measures how long ago one did.`,
      'What it means: nobody knows whether it can be recovered within its objectives.',
      `Next step: read the newest evidence under chain/${resourceName}/ in the evidence bucket of recovery site ${site.siteName}; if there is none, see whether the drill's schedule is enabled and the monitor function runs.`,
    ].join(' '),
    metric: ratio(METRICS.drillAgeRatio, site.siteName, resourceName, Duration.hours(1)),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // Measured once an hour: one missing measurement is no news, three are.
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarmIsTold(alarm, site.functions.notify.lambdaFunction);
  alarmWaitsForData(alarm, Duration.hours(2));
  return alarm;
}

function ratio(metricName: string, siteName: string, resourceName: string, period: Duration): Metric {
  return new Metric({
    namespace: METRICS.namespace,
    metricName,
    dimensionsMap: { Site: siteName, Resource: resourceName },
    statistic: 'Maximum',
    period,
  });
}
