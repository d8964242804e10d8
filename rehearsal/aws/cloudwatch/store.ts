/** A metric by all that tells it from others: an alarm on any other set of dimensions sees nothing of it. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** All that was published for one metric and unit in one minute. */
interface Minute {
  /** Minutes since 1970. */
  readonly minute: number;
  readonly unit: string;
  sum: number;
  count: number;
  min: number;
  max: number;
}

interface Series {
  readonly metric: MetricId;
  /** By minute. */
  readonly minutes: Minute[];
}

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';

export const MINUTE = 60_000;

const DAY = 1440 * MINUTE;

/** The metrics of an account in a Region, kept by the minute, as metrics of standard resolution are. */
export class MetricStore {
  private readonly series = new Map<string, Series>();

  /** Keeps a value. What is older than two weeks or more than two hours ahead is dropped, as CloudWatch does without a word. */
  put(metric: MetricId, value: number, unit: string, at: Date, now: Date = at): void {
    const age = now.getTime() - at.getTime();
    if (age > 14 * DAY || age < -120 * MINUTE || !Number.isFinite(value)) return;
    const { minutes } = this.seriesOf(metric);
    const minute = Math.floor(at.getTime() / MINUTE);
    const start = firstFrom(minutes, minute);
    const end = firstFrom(minutes, minute + 1, start);
    const same = minutes.slice(start, end).find((one) => one.unit === unit);
    if (!same) {
      minutes.splice(end, 0, { minute, unit, sum: value, count: 1, min: value, max: value });
      return;
    }
    same.sum += value;
    same.count += 1;
    same.min = Math.min(same.min, value);
    same.max = Math.max(same.max, value);
  }

  /** The statistic of what lies in [from, to), minutes since 1970; undefined where nothing does. */
  statistic(metric: MetricId, statistic: Statistic, from: number, to: number, unit?: string): number | undefined {
    const found = this.between(metric, from, to).filter((one) => unit === undefined || one.unit === unit);
    if (found.length === 0) return undefined;
    const sum = found.reduce((total, one) => total + one.sum, 0);
    const count = found.reduce((total, one) => total + one.count, 0);
    switch (statistic) {
      case 'Sum':
        return sum;
      case 'SampleCount':
        return count;
      case 'Average':
        return sum / count;
      case 'Minimum':
        return Math.min(...found.map(({ min }) => min));
      case 'Maximum':
        return Math.max(...found.map(({ max }) => max));
    }
  }

  /** Minutes since 1970 in [from, to) that hold data. */
  minutesBetween(metric: MetricId, from: number, to: number): number[] {
    return this.between(metric, from, to).map(({ minute }) => minute);
  }

  /** Metrics that got data since a moment. */
  metricsSince(time: Date): MetricId[] {
    const since = Math.floor(time.getTime() / MINUTE);
    return [...this.series.values()]
      .filter(({ minutes }) => (minutes.at(-1)?.minute ?? -1) >= since)
      .map(({ metric }) => metric);
  }

  private between(metric: MetricId, from: number, to: number): readonly Minute[] {
    const minutes = this.series.get(keyOf(metric))?.minutes ?? [];
    const start = firstFrom(minutes, from);
    return minutes.slice(start, firstFrom(minutes, to, start));
  }

  private seriesOf(metric: MetricId): Series {
    const key = keyOf(metric);
    let found = this.series.get(key);
    if (!found) this.series.set(key, (found = { metric, minutes: [] }));
    return found;
  }
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}

/** Index of the first minute that is not before `from`. */
function firstFrom(minutes: readonly Minute[], from: number, low = 0): number {
  let [start, end] = [low, minutes.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if (minutes[middle].minute < from) start = middle + 1;
    else end = middle;
  }
  return start;
}
