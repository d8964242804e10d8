import type { MetricId, MetricStore, Statistic } from '../aws/cloudwatch/store';
import type { MetricEntry, Rendering } from './body';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  readonly color?: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly at: Date;
  readonly value: number;
  /** Where it stands on another. */
  readonly base?: number;
}

/** A point for each period of the range; undefined where there is no data. */
interface Series {
  readonly label: string;
  readonly values: readonly (number | undefined)[];
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Metrics and the metric math of the library's dashboard, over a range. What else CloudWatch knows is refused by name. */
export class Evaluation {
  private readonly times: readonly number[];

  constructor(
    private readonly store: MetricStore,
    from: Date,
    private readonly to: Date,
    private readonly period: number,
  ) {
    const length = period * 1000;
    const start = Math.floor(from.getTime() / length) * length;
    this.times = Array.from(
      { length: Math.ceil((to.getTime() - start) / length) },
      (_, index) => start + index * length,
    ).filter((time) => time >= from.getTime());
  }

  /** What a widget draws, in its order. */
  lines(entries: readonly MetricEntry[]): Line[] {
    const byId = new Map<string, Series[]>();
    const drawn = (entry: MetricEntry) => entry.at(-1) as Rendering;
    // What others are made of stands behind them.
    for (const entry of [...entries].reverse()) {
      const { id = '', expression } = drawn(entry);
      if (expression === undefined) byId.set(id, [this.metric(entry)]);
      else if (id) byId.set(id, this.evaluate(drawn(entry), byId));
    }
    return entries
      .filter((entry) => drawn(entry).visible !== false)
      .flatMap((entry) => {
        const found = drawn(entry).expression ? this.evaluate(drawn(entry), byId) : [this.metric(entry)];
        return found.map(({ label, values }) => ({ label, color: drawn(entry).color, points: this.points(values) }));
      })
      .filter(({ points }) => points.length > 0);
  }

  private evaluate({ expression = '', label }: Rendering, known: ReadonlyMap<string, Series[]>): Series[] {
    const named = (values: Series['values']): Series[] => [{ label: label ?? expression, values }];
    const [, aggregate, searched] = /^(MAX|DATAPOINT_COUNT)\((SEARCH\(.*\))\)$/.exec(expression) ?? [];
    if (aggregate) return named(this.over(aggregate, this.search(searched, '')));
    if (expression.startsWith('SEARCH(')) return this.search(expression, label ?? '${LABEL}');
    const [, filled] = /^FILL\((\w+), 0\)$/.exec(expression) ?? [];
    if (filled) {
      return one(known, filled).map((series) => ({
        label: label ?? series.label,
        values: series.values.map((value) => value ?? 0),
      }));
    }
    const [, id, divisor = '1', by, order, most] = SORTED.exec(expression) ?? [];
    if (!id) throw new Error(`the expression ${expression} is not rehearsed`);
    return sort(one(known, id), by, order)
      .slice(0, Number(most))
      .map(({ label: name, values }) => ({
        label: name,
        values: values.map((value) => value && value / Number(divisor)),
      }));
  }

  /** Finds metrics by what they are called, as far as they had data within two weeks. */
  private search(expression: string, label: string): Series[] {
    const [, schema, terms, statistic, period] = SEARCH.exec(expression) ?? [];
    if (statistic === undefined) throw new Error(`the search ${expression} is not rehearsed`);
    if (Number(period) !== this.period) throw new Error(`${expression} has another period than its widget`);
    const wanted = [...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value] as const);
    const since = new Date(this.to.getTime() - 14 * DAY);
    return this.store
      .metricsSince(since)
      .filter((metric) => fits(metric, schema) && wanted.every(([name, value]) => property(metric, name) === value))
      .map((metric) => ({ label: named(label, metric), values: this.values(metric, statistic as Statistic) }));
  }

  private metric(entry: MetricEntry): Series {
    const [namespace, name, ...rest] = entry as string[];
    const { stat = 'Average', label } = entry.at(-1) as Rendering;
    const pairs = rest.slice(0, -1);
    const dimensions = Object.fromEntries(
      Array.from({ length: pairs.length / 2 }, (_, index) => [pairs[2 * index], pairs[2 * index + 1]]),
    );
    return { label: label ?? name, values: this.values({ namespace, name, dimensions }, stat as Statistic) };
  }

  private values(metric: MetricId, statistic: Statistic): (number | undefined)[] {
    const length = (this.period * 1000) / MINUTE;
    return this.times.map((time) => this.store.statistic(metric, statistic, time / MINUTE, time / MINUTE + length));
  }

  private over(aggregate: string, all: readonly Series[]): (number | undefined)[] {
    return this.times.map((_, index) => {
      const there = all.map(({ values }) => values[index]).filter((value) => value !== undefined);
      if (there.length === 0) return undefined;
      return aggregate === 'MAX' ? Math.max(...there) : there.length;
    });
  }

  private points(values: Series['values']): Point[] {
    return values.flatMap((value, index) => (value === undefined ? [] : [{ at: new Date(this.times[index]), value }]));
  }
}

const SEARCH = /^SEARCH\('(?:\{([^}]*)\} )?(.*)', '(\w+)', (\d+)\)$/;
const SORTED = /^SORT\((\w+)(?: \/ (\d+))?, (MAX|MIN), (ASC|DESC), (\d+)\)$/;

function one(known: ReadonlyMap<string, Series[]>, id: string): Series[] {
  const found = known.get(id);
  if (!found) throw new Error(`nothing in the widget is called ${id}`);
  return found;
}

function sort(all: readonly Series[], by: string, order: string): Series[] {
  const key = ({ values }: Series) => {
    const there = values.filter((value) => value !== undefined);
    return by === 'MAX' ? Math.max(...there) : Math.min(...there);
  };
  return [...all].sort((a, b) => (order === 'ASC' ? key(a) - key(b) : key(b) - key(a)));
}

/** A schema names the namespace and exactly the dimensions. */
function fits({ namespace, dimensions }: MetricId, schema: string | undefined): boolean {
  if (schema === undefined) return true;
  const [wanted, ...names] = schema.split(',');
  return namespace === wanted && names.sort().join() === Object.keys(dimensions).sort().join();
}

function property({ namespace, name, dimensions }: MetricId, wanted: string): string | undefined {
  if (wanted === 'Namespace') return namespace;
  return wanted === 'MetricName' ? name : dimensions[wanted];
}

function named(label: string, metric: MetricId): string {
  return label
    .replace(/\$\{PROP\('Dim\.(\w+)'\)\}/g, (_, dimension: string) => metric.dimensions[dimension] ?? '')
    .replaceAll('${LABEL}', [...Object.values(metric.dimensions).slice(1), metric.name].join(' '));
}
