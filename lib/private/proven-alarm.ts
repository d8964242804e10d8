import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { alarmGoesTo, alarmWaitsForData } from './alerts';
import { METRICS } from './metrics';

/** What the monitor of a site measures: a resource, on the site where it is drilled. */
export interface Watched {
  /** `<plan>/<resource>` */
  readonly resourceName: string;
  readonly provenAlarm?: Alarm;
  /** Longest time between two passed drills there. */
  _intervalSeconds(): number;
}

/** No passed drill in its interval, or nobody measures any more. */
export function provenAlarm(scope: Construct, siteName: string, resourceName: string, alerts: Alerts): Alarm {
  const alarm = new Alarm(scope, 'Proven', {
    alarmDescription: [
      `What happened: no restore drill of ${resourceName} has passed in its interval, or its age has not been measured for three hours.`,
      'What it means: nobody knows whether it can be recovered within its objectives.',
      `Next step: read the newest evidence under chain/${resourceName}/ in the evidence bucket of recovery site ${siteName}; if there is none, see whether the drill's schedule is enabled and the monitor function runs.`,
    ].join(' '),
    metric: new Metric({
      namespace: METRICS.namespace,
      metricName: METRICS.drillAgeRatio,
      dimensionsMap: { Site: siteName, Resource: resourceName },
      statistic: 'Maximum',
      period: Duration.hours(1),
    }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // Measured once an hour: one missing measurement is no news, three are.
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.BREACHING,
  });
  alarmGoesTo(alarm, alerts);
  alarmWaitsForData(alarm, Duration.hours(2));
  return alarm;
}
