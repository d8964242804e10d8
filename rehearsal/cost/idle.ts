import type { PriceTable } from '../../lambda/evidence/prices';
import { functionGbSeconds } from '../../lambda/evidence/cost';
import type { AssembledStack, TemplateResource } from '../assembly/read';
import { type Alarm, ownMetrics, watchedMetrics, watchedName } from './alarms';
import { type CostLine, priced } from './line';
import { runLines } from './measured';
import type { Runs } from './schedules';

/** Resources of the templates below a path of the construct tree. */
function below(path: string, stack: AssembledStack): TemplateResource[] {
  return [...stack.logicalIds]
    .filter(([at]) => at.startsWith(`${path}/`))
    .flatMap(([, logicalId]) => {
      const holder = [...stack.templates.values()].find(({ Resources }) => Object.hasOwn(Resources ?? {}, logicalId));
      return holder ? [holder.Resources![logicalId]] : [];
    });
}

/** Alarms, and the metrics of our own that they watch: what costs whether or not anything happens. */
export function idleLines(alarms: readonly Alarm[], prices: PriceTable): CostLine[] {
  // A metric is of one Region, whatever another there is called.
  const metrics = alarms.flatMap(({ region, resource }) =>
    ownMetrics(resource).map(({ MetricName, Dimensions }) => JSON.stringify([region, MetricName, Dimensions])),
  );
  return [
    priced(
      'idle',
      'alarms',
      sumOf(alarms, ({ resource }) => watchedMetrics(resource)),
      '',
      prices.alarmMonth,
    ),
    priced('idle', 'metrics', new Set(metrics).size, '', prices.metricMonth),
  ];
}

/** What a site costs while nothing is drilled: keys, alarms, metrics, its dashboard, and the functions that look every so often. */
export function siteLines(path: string, stack: AssembledStack, runs: readonly Runs[], prices: PriceTable): CostLine[] {
  const own = below(path, stack);
  const count = (type: string) => ofType(own, type).length;
  const [group] = ofType(own, 'AWS::Scheduler::ScheduleGroup').map(({ Properties }) => Properties?.Name);
  // Those of copies that are drilled here are their resource's.
  const alarms = ofType(own, 'AWS::CloudWatch::Alarm')
    .filter((alarm) => watchedName(alarm) === undefined)
    .map((resource) => ({ region: stack.region, resource }));
  const ofSite = runs.filter((each) => group !== undefined && each.group === group);
  return [
    priced('idle', 'keys', count('AWS::KMS::Key'), '', prices.keyMonth),
    ...idleLines(alarms, prices),
    priced('idle', 'dashboard', count('AWS::CloudWatch::Dashboard'), '', prices.dashboardMonth),
    runLines(ofSite, functionGbSeconds, prices),
  ];
}

function ofType(resources: readonly TemplateResource[], type: string): TemplateResource[] {
  return resources.filter(({ Type }) => Type === type);
}

function sumOf<T>(all: readonly T[], value: (each: T) => number): number {
  return all.reduce((total, each) => total + value(each), 0);
}
