export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm makes of periods without data. */
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** One period of the evaluation range against the threshold. */
export type Datapoint = 'breaching' | 'not breaching' | 'missing';

export interface Rule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

export interface Evaluation {
  /** `RETAIN`: the state that the alarm has stays. */
  readonly state: AlarmState | 'RETAIN';
  /** How many periods had to be filled by the rule for missing data. */
  readonly filled: number;
}

/**
 * Decides as CloudWatch documents it. It looks at more periods than it needs: enough real points among them decide alone; where
 * there are fewer, all of them count and what is lacking is filled, as little as possible.
 * @param range the whole evaluation range, oldest first
 */
export function evaluate(range: readonly Datapoint[], rule: Rule): Evaluation {
  const real = range.filter((point) => point !== 'missing').slice(-rule.evaluationPeriods);
  const filled = rule.evaluationPeriods - real.length;
  const breaching = real.filter((point) => point === 'breaching').length;
  const alarmed = (count: number) => count >= rule.datapointsToAlarm;
  if (alarmed(breaching + (rule.missingData === 'breaching' ? filled : 0))) return { state: 'ALARM', filled };
  const healthy = breaching < real.length || rule.missingData === 'breaching' || rule.missingData === 'notBreaching';
  if (filled === 0 || healthy) return { state: 'OK', filled };
  // From here on all that is there is too little to alarm, and breaching, and gaps count for nothing.
  if (rule.missingData === 'ignore') return { state: 'RETAIN', filled };
  if (real.length === 0) return { state: 'INSUFFICIENT_DATA', filled };
  return { state: premature(range, rule) ? 'RETAIN' : 'ALARM', filled };
}

/** A breaching point waits for the next ones until it is as old as Datapoints to Alarm; if none come, it alarms. */
function premature(range: readonly Datapoint[], { datapointsToAlarm }: Rule): boolean {
  return range.length - range.indexOf('breaching') < datapointsToAlarm;
}
