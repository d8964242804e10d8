/** What CloudWatch gives a function that is an alarm's action, as far as it is read here. */
export interface AlarmEvent {
  readonly source: 'aws.cloudwatch';
  readonly alarmArn: string;
  readonly region: string;
  readonly alarmData: {
    readonly alarmName: string;
    readonly state: AlarmState;
    readonly previousState?: AlarmState;
    readonly configuration?: {
      readonly description?: string;
      readonly metrics?: readonly { readonly metricStat?: { readonly metric?: MetricName } }[];
    };
  };
}

interface AlarmState {
  readonly value: string;
  readonly reason?: string;
  readonly reasonData?: string;
  readonly timestamp: string;
}

interface MetricName {
  readonly namespace?: string;
  readonly name?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

export function isAlarm(event: unknown): event is AlarmEvent {
  const { source, alarmData } = event as Partial<AlarmEvent>;
  return source === 'aws.cloudwatch' && typeof alarmData?.alarmName === 'string' && typeof alarmData.state === 'object';
}

/** The first metric of ours that the alarm watches; alarms of a metric of AWS have none. */
export function ourMetric({ alarmData }: AlarmEvent): { readonly name: string; readonly resource: string } | undefined {
  for (const { metricStat } of alarmData.configuration?.metrics ?? []) {
    const { namespace, name, dimensions } = metricStat?.metric ?? {};
    if (namespace === 'CdkRecoverable' && name) return { name, resource: dimensions?.Resource ?? '' };
  }
  return undefined;
}

/** When the state began, RFC 3339: CloudWatch writes an offset without its colon. */
export function since({ alarmData }: AlarmEvent): string {
  const time = new Date(alarmData.state.timestamp.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time.getTime()) ? alarmData.state.timestamp : time.toISOString();
}

/** Whether the alarm was raised by silence: nothing that was measured is above the threshold. */
export function isSilence({ alarmData: { state } }: AlarmEvent): boolean {
  try {
    const { recentDatapoints, threshold } = JSON.parse(state.reasonData ?? '') as {
      recentDatapoints?: readonly (number | null)[];
      threshold?: number;
    };
    if (Array.isArray(recentDatapoints) && typeof threshold === 'number') {
      return !recentDatapoints.some((value) => value !== null && value > threshold);
    }
  } catch {
    // Not given, or in words alone.
  }
  return /no datapoints were received/i.test(state.reason ?? '');
}

/** The three sentences that every alarm of this library is described by. */
export function sentences(
  description: string | undefined,
): { what: string; means: string; nextStep: string } | undefined {
  const found = /^\s*What happened: ([^]+?)\s*What it means: ([^]+?)\s*Next step: ([^]+?)\s*$/.exec(description ?? '');
  if (!found) return undefined;
  const [what, means, nextStep] = found.slice(1).map((one) => one.charAt(0).toUpperCase() + one.slice(1));
  return { what, means, nextStep };
}
