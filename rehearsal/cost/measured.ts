import type { ResourceInventory } from '../../lib/private/contract/inventory';
import type { Price, PriceTable } from '../../lambda/evidence/prices';
import { type CostLine, priced, together } from './line';
import type { Runs } from './schedules';

/** What a run writes into the log for each resource, and besides: measured, rounded up. */
const BYTES_PER_RESOURCE = 1_000;
const BYTES_PER_RUN = 2_000;
const HOURS_PER_DAY = 24;

/**
 * What measuring one resource costs beside the metrics that its alarms watch. CloudWatch charges a metric for the hours in
 * which it has data: one that is published once a day costs a 24th, one with a point for each drill next to nothing.
 */
export function measuredLines(resource: ResourceInventory, runs: readonly Runs[], prices: PriceTable): CostLine[] {
  const own = runs.filter(({ monitor }) => monitor?.resources.some(({ name }) => name === resource.name));
  if (own.length === 0) return [];
  const backedUp = resource.sources.some(({ storage }) => storage === 'aws-backup');
  const daily = (backedUp ? 2 : 1) / HOURS_PER_DAY;
  const drilled = resource.drills.reduce((sum, { intervalSeconds }) => sum + (2 * 3600) / intervalSeconds, 0);
  const sources = own.reduce((sum, { monitor }) => sum + sourceMetrics(resource.name, monitor!), 0);
  return [
    priced('idle', 'metrics of a day and of a drill', daily + drilled, 'months of a metric', prices.metricMonth),
    ...(sources > 0 ? [priced('idle', 'metrics of its sources', sources, '', prices.metricMonth)] : []),
    together('idle', 'what is logged of it', [
      logged(own.reduce((sum, { perMonth }) => sum + perMonth, 0) * BYTES_PER_RESOURCE, prices),
    ]),
  ];
}

/** What the runs of a site take whatever they look at: the functions, the report, the lines around a run. */
export function runLines(runs: readonly Runs[], gbSeconds: (calls: number) => number, prices: PriceTable): CostLine {
  const all = runs.reduce((sum, { perMonth }) => sum + perMonth, 0);
  const reports = runs.reduce((sum, { perMonth, monitor }) => sum + (monitor ? perMonth : 0), 0);
  return together('idle', 'sweeper and monitors', [
    { quantity: all, unit: 'starts', price: prices.scheduleInvocation },
    { quantity: all, unit: 'calls', price: prices.lambdaRequest },
    { quantity: gbSeconds(all), unit: 'GB-seconds', price: prices.lambdaGbSecond },
    { quantity: reports, unit: 'reports', price: prices.objectPut },
    logged(all * BYTES_PER_RUN, prices),
  ]);
}

/** Ages of single sources, where the plan asks for them. */
function sourceMetrics(name: string, monitor: NonNullable<Runs['monitor']>): number {
  const profile = monitor.resources.find((resource) => resource.name === name)?.profile;
  return monitor.sourceMetrics && profile !== undefined ? monitor.profiles[profile].sources.length : 0;
}

function logged(bytes: number, { logGib }: PriceTable) {
  const price: Price = { ...logGib, usd: logGib.usd / 1024, per: 'MiB of log' };
  return { quantity: bytes / 2 ** 20, unit: 'MiB of log', price };
}
