import type { MetricStore } from './store';

/** What CloudWatch Logs reads of a line in the embedded metric format. */
interface Embedded {
  readonly _aws?: {
    readonly Timestamp?: number;
    readonly CloudWatchMetrics?: readonly {
      readonly Namespace?: string;
      readonly Dimensions?: readonly (readonly string[])[];
      readonly Metrics?: readonly { readonly Name?: string; readonly Unit?: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/** Keeps the metrics that a function printed to its log; every other line is no metric, and nobody is told. */
export function ingestLog(store: MetricStore, log: string, now: Date): void {
  for (const line of log.split('\n')) {
    if (line.includes('"CloudWatchMetrics"')) ingestLine(store, line, now);
  }
}

function ingestLine(store: MetricStore, line: string, now: Date): void {
  const embedded = parsed(line);
  const { Timestamp, CloudWatchMetrics = [] } = embedded?._aws ?? {};
  if (!embedded || typeof Timestamp !== 'number') return;
  for (const { Namespace, Dimensions = [[]], Metrics = [] } of CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = Object.fromEntries(names.map((name) => [name, embedded[name]]));
      // A dimension without a value, or with one that is no text, spoils the whole set.
      if (!Namespace || !isTexts(dimensions)) continue;
      for (const { Name = '', Unit = 'None' } of Metrics) {
        const values = [embedded[Name]].flat().filter((value) => typeof value === 'number');
        const metric = { namespace: Namespace, name: Name, dimensions };
        for (const value of values) store.put(metric, value, Unit, new Date(Timestamp), now);
      }
    }
  }
}

function isTexts(dimensions: Record<string, unknown>): dimensions is Record<string, string> {
  return Object.values(dimensions).every((value) => typeof value === 'string' && value !== '');
}

function parsed(line: string): Embedded | undefined {
  try {
    return JSON.parse(line.slice(line.indexOf('{'))) as Embedded;
  } catch {
    return undefined;
  }
}
