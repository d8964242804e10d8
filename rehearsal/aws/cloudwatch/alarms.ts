import type { Alarm } from './alarm';
import { evaluate, type Datapoint } from './evaluate';
import { MINUTE, type MetricStore } from './store';
import { reasonData, reasonOf, type Period, type StateOf, type Transition } from './transition';

/** How many periods CloudWatch looks at beyond those that it needs: documented for three as five, and taken so for all. */
const BEYOND = 2;

const DAY_SECONDS = 86_400;

interface Kept {
  readonly alarm: Alarm;
  readonly createdAt: Date;
  /** Minutes since 1970. */
  readonly warmUntil: number;
  /** Last minute that was looked at, since 1970. */
  evaluated: number;
  warm: boolean;
  state: StateOf;
}

/** The alarms of an account in a Region: what states they have, and when these changed. */
export class Alarms {
  readonly history: Transition[] = [];
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly store: MetricStore) {}

  get all(): readonly { readonly alarm: Alarm; readonly state: StateOf; readonly createdAt: Date }[] {
    return [...this.kept.values()];
  }

  /** Creates alarms. They know nothing yet, and may look at what was published before. */
  create(alarms: readonly Alarm[], at: Date): void {
    const minute = Math.floor(at.getTime() / MINUTE);
    for (const alarm of alarms) {
      this.kept.set(alarm.name, {
        alarm,
        createdAt: at,
        warmUntil: minute + (alarm.warmUp?.minutes ?? 0),
        evaluated: minute,
        warm: alarm.warmUp === undefined,
        state: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', since: at },
      });
    }
  }

  delete(name: string): void {
    this.kept.delete(name);
  }

  find(name: string): Readonly<Pick<Kept, 'alarm' | 'state' | 'createdAt'>> | undefined {
    return this.kept.get(name);
  }

  /** Sets a state by hand; the next evaluation that finds another one changes it again. */
  set(name: string, value: StateOf['value'], reason: string, data: string | undefined, at: Date): Transition[] {
    const kept = this.kept.get(name);
    if (!kept) return [];
    const changed = change(kept, { value, reason, ...(data !== undefined && { reasonData: data }), since: at });
    kept.evaluated = Math.floor(at.getTime() / MINUTE);
    this.history.push(...changed);
    return changed;
  }

  /** Evaluates everything, minute by minute, up to a moment. @returns what changed, oldest first */
  advance(to: Date): Transition[] {
    const end = Math.floor(to.getTime() / MINUTE);
    const changed = [...this.kept.values()].flatMap((kept) => this.advanceOne(kept, end));
    changed.sort((a, b) => a.at.getTime() - b.at.getTime());
    this.history.push(...changed);
    return changed;
  }

  private advanceOne(kept: Kept, end: number): Transition[] {
    const changed: Transition[] = [];
    for (const minute of this.minutesOfInterest(kept, end)) changed.push(...this.evaluateAt(kept, minute));
    kept.evaluated = Math.max(kept.evaluated, end);
    return changed;
  }

  /**
   * Minutes at which a point enters or leaves one of the periods, which end at the minute itself: in between, every evaluation
   * finds what the one before found. An alarm that sees more than a day is evaluated at the full hour.
   */
  private minutesOfInterest(kept: Kept, end: number): number[] {
    const { alarm, evaluated } = kept;
    const period = alarm.periodSeconds / 60;
    const reach = period * rangeOf(alarm) + 1;
    const minutes = alarm.watched.flatMap(({ metric }) =>
      this.store.minutesBetween(metric, evaluated - reach, end + 1),
    );
    const hourly = alarm.periodSeconds * alarm.evaluationPeriods > DAY_SECONDS;
    const step = hourly ? 60 : period;
    const residues = new Set(hourly ? [0] : minutes.map((minute) => (minute + 1) % step));
    const found = new Set<number>();
    for (const residue of residues) {
      const first = evaluated + 1 + ((((residue - evaluated - 1) % step) + step) % step);
      for (let minute = first; minute <= end; minute += step) found.add(minute);
    }
    for (const minute of [evaluated + 1, kept.warmUntil]) {
      if (minute > evaluated && minute <= end && !hourly) found.add(minute);
    }
    return [...found].sort((a, b) => a - b);
  }

  private evaluateAt(kept: Kept, minute: number): Transition[] {
    const { alarm } = kept;
    const periods = this.periods(alarm, minute);
    if (!isWarm(kept, periods, minute)) return [];
    const range = periods.map(({ value }): Datapoint => {
      if (value === undefined) return 'missing';
      return breaches(alarm, value) ? 'breaching' : 'not breaching';
    });
    const evaluation = evaluate(range, alarm);
    if (evaluation.state === 'RETAIN' || evaluation.state === kept.state.value) return [];
    const since = new Date(minute * MINUTE);
    return change(kept, {
      value: evaluation.state,
      reason: reasonOf(alarm, periods, evaluation),
      reasonData: reasonData(alarm, periods, since),
      since,
    });
  }

  /** The evaluation range as it is at a minute, oldest first. */
  private periods(alarm: Alarm, minute: number): Period[] {
    const length = alarm.periodSeconds / 60;
    return Array.from({ length: rangeOf(alarm) }, (_, i) => {
      const start = minute - (rangeOf(alarm) - i) * length;
      const values = alarm.watched.map(({ id, metric, statistic, unit }) => {
        return [id, this.store.statistic(metric, statistic, start, start + length, unit)] as const;
      });
      return { start, value: alarm.computation.compute(new Map(values)) };
    });
  }
}

function rangeOf(alarm: Alarm): number {
  return alarm.evaluationPeriods + BEYOND;
}

/** Once warm, for ever: by the time, or by as much data as an evaluation needs. */
function isWarm(kept: Kept, periods: readonly Period[], minute: number): boolean {
  const { alarm, warmUntil } = kept;
  const needed = periods.slice(-alarm.evaluationPeriods);
  const early = alarm.warmUp?.whole === false && needed.every(({ value }) => value !== undefined);
  return (kept.warm ||= early || minute >= warmUntil);
}

function change(kept: Kept, to: StateOf): Transition[] {
  const from = kept.state;
  if (from.value === to.value) return [];
  kept.state = to;
  return [{ alarm: kept.alarm, from, to, at: to.since }];
}

function breaches({ comparison, threshold, name }: Alarm, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      throw new Error(`alarm ${name}: the comparison ${comparison} is not rehearsed`);
  }
}
