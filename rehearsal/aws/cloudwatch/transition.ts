import type { Alarm } from './alarm';
import type { AlarmState, Evaluation } from './evaluate';
import { MINUTE } from './store';

/** One change of an alarm's state. */
export interface Transition {
  readonly alarm: Alarm;
  readonly from: StateOf;
  readonly to: StateOf;
  readonly at: Date;
}

export interface StateOf {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly since: Date;
}

/** One period of an evaluation: its start in minutes since 1970. */
export interface Period {
  readonly start: number;
  readonly value: number | undefined;
}

/** Why, in CloudWatch's words: what was seen in the periods that decided, and what was filled. */
export function reasonOf(alarm: Alarm, periods: readonly Period[], { state, filled }: Evaluation): string {
  const real = decided(alarm, periods);
  const gaps = `${filled} missing datapoint${filled === 1 ? ' was' : 's were'} treated as [${TREATED[alarm.missingData]}]`;
  if (state === 'INSUFFICIENT_DATA') return 'Insufficient Data: no datapoints were received.';
  if (real.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${filled} period${filled === 1 ? '' : 's'} and ${gaps}.`;
  }
  const relation = `${state === 'OK' ? 'not ' : ''}${RELATION[alarm.comparison] ?? alarm.comparison}`;
  const shown = real.map(({ start, value }) => `${value} (${new Date(start * MINUTE).toISOString()})`).join(', ');
  const seen = `${real.length} datapoint${real.length === 1 ? '' : 's'} [${shown}]`;
  return `Threshold Crossed: ${seen} ${relation} the threshold (${alarm.threshold})${filled > 0 ? ` and ${gaps}` : ''}.`;
}

/** The same for machines, as it comes with an alarm. */
export function reasonData(alarm: Alarm, periods: readonly Period[], at: Date): string {
  const [first] = periods;
  return JSON.stringify({
    version: '1.0',
    queryDate: at.toISOString(),
    startDate: new Date(first.start * MINUTE).toISOString(),
    ...(alarm.expression === undefined && { statistic: alarm.watched[0].statistic }),
    period: alarm.periodSeconds,
    recentDatapoints: decided(alarm, periods).map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: decided(alarm, periods).map(({ start, value }) => ({
      timestamp: new Date(start * MINUTE).toISOString(),
      value,
    })),
  });
}

function decided({ evaluationPeriods }: Alarm, periods: readonly Period[]): readonly Period[] {
  return periods.filter(({ value }) => value !== undefined).slice(-evaluationPeriods);
}

const TREATED = { missing: 'Missing', ignore: 'Ignore', breaching: 'Breaching', notBreaching: 'NonBreaching' };

const RELATION: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};
