import type { PriceTable } from '../../lambda/evidence/prices';
import { functionGbSeconds } from '../../lambda/evidence/cost';
import type { AssembledStack, TemplateResource } from '../assembly/read';
import { type CostLine, priced } from './line';
import { runLines } from './measured';
import type { Runs } from './schedules';

const NAMESPACE = 'CdkRecoverable';

/** Resources of the templates below a path of the construct tree. */
export function below(path: string, stack: AssembledStack): TemplateResource[] {
  return [...stack.logicalIds]
    .filter(([at]) => at.startsWith(`${path}/`))
    .flatMap(([, logicalId]) => {
      const holder = [...stack.templates.values()].find(({ Resources }) => Object.hasOwn(Resources ?? {}, logicalId));
      return holder ? [holder.Resources![logicalId]] : [];
    });
}

/** Alarms, and the metrics of our own that they watch: what costs whether or not anything happens. */
export function idleLines(resources: readonly TemplateResource[], prices: PriceTable): CostLine[] {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
  const metrics = new Set(
    alarms
      .filter(({ Properties }) => Properties?.Namespace === NAMESPACE)
      .map(({ Properties }) => JSON.stringify([Properties?.MetricName, Properties?.Dimensions])),
  );
  return [
    priced('idle', 'alarms', sumOf(alarms, watched), '', prices.alarmMonth),
    priced('idle', 'metrics', metrics.size, '', prices.metricMonth),
  ];
}

/** What a site costs while nothing is drilled: keys, alarms, metrics, its dashboard, and the functions that look every so often. */
export function siteLines(path: string, stack: AssembledStack, runs: readonly Runs[], prices: PriceTable): CostLine[] {
  const own = below(path, stack);
  const count = (type: string) => ofType(own, type).length;
  const [group] = ofType(own, 'AWS::Scheduler::ScheduleGroup').map(({ Properties }) => Properties?.Name);
  const ofSite = runs.filter((each) => group !== undefined && each.group === group);
  return [
    priced('idle', 'keys', count('AWS::KMS::Key'), '', prices.keyMonth),
    ...idleLines(own, prices),
    priced('idle', 'dashboard', count('AWS::CloudWatch::Dashboard'), '', prices.dashboardMonth),
    runLines(ofSite, functionGbSeconds, prices),
  ];
}

/** CloudWatch counts the metrics that an alarm reads. */
function watched({ Properties }: TemplateResource): number {
  const metrics = Properties?.Metrics;
  if (!Array.isArray(metrics)) return 1;
  return metrics.filter((metric) => (metric as { readonly MetricStat?: unknown }).MetricStat !== undefined).length;
}

function ofType(resources: readonly TemplateResource[], type: string): TemplateResource[] {
  return resources.filter(({ Type }) => Type === type);
}

function sumOf<T>(all: readonly T[], value: (each: T) => number): number {
  return all.reduce((total, each) => total + value(each), 0);
}
