/** What CloudWatch gives a function that an alarm acts on. */
export interface AlarmOptions {
  readonly metric?: string;
  readonly resource?: string;
  readonly state?: string;
  readonly at?: string;
  /** What was measured; none: silence. */
  readonly points?: readonly number[];
  readonly description?: string;
  readonly name?: string;
}

export function alarm({
  metric = 'RestorableAgeRatio',
  resource = 'Gold/Orders',
  state = 'ALARM',
  at = '2026-11-20T12:00:00.000+0000',
  points = [1.04],
  description,
  name = `${metric}-${resource}`,
}: AlarmOptions = {}): object {
  const reasonData = JSON.stringify({ version: '1.0', recentDatapoints: points, threshold: 1, period: 300 });
  return {
    source: 'aws.cloudwatch',
    alarmArn: `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`,
    accountId: '111122223333',
    time: at,
    region: 'eu-west-1',
    alarmData: {
      alarmName: name,
      state: { value: state, reason: 'Threshold Crossed', reasonData, timestamp: at },
      previousState: { value: 'OK', reason: '', timestamp: at },
      configuration: {
        ...(description !== undefined && { description }),
        metrics: metric
          ? [
              {
                id: 'm1',
                metricStat: {
                  metric: {
                    namespace: 'CdkRecoverable',
                    name: metric,
                    dimensions: { Site: 'acme', Resource: resource },
                  },
                  period: 300,
                  stat: 'Maximum',
                },
                returnData: true,
              },
            ]
          : [],
      },
    },
  };
}
