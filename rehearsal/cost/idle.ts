import type { PriceTable } from '../../lambda/evidence/prices';
import { functionGbSeconds } from '../../lambda/evidence/cost';
import type { AssembledStack, TemplateResource } from '../assembly/read';
import { type CostLine, priced, together } from './line';
import { DAYS_PER_MONTH, HOURS_PER_MONTH } from './model';

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

/** What a site costs while nothing is drilled: keys, alarms, metrics, and the functions that look every so often. */
export function siteLines(
  path: string,
  stack: AssembledStack,
  stacks: readonly AssembledStack[],
  prices: PriceTable,
): CostLine[] {
  const own = below(path, stack);
  const keys = ofType(own, 'AWS::KMS::Key').length;
  const runs = sumOf(schedulesOf(own, stack, stacks), runsPerMonth);
  return [
    priced('idle', 'keys', keys, '', prices.keyMonth),
    ...idleLines(own, prices),
    together('idle', 'sweeper and monitors', [
      { quantity: runs, unit: 'starts', price: prices.scheduleInvocation },
      { quantity: runs, unit: 'calls', price: prices.lambdaRequest },
      { quantity: functionGbSeconds(runs), unit: 'GB-seconds', price: prices.lambdaGbSecond },
    ]),
  ];
}

/** The schedules in the site's group, of whatever stack they are. */
function schedulesOf(
  own: readonly TemplateResource[],
  { folder }: AssembledStack,
  stacks: readonly AssembledStack[],
): TemplateResource[] {
  const [group] = ofType(own, 'AWS::Scheduler::ScheduleGroup').map(({ Properties }) => Properties?.Name);
  const all = stacks
    .filter((each) => each.folder === folder)
    .flatMap(({ templates }) => [...templates.values()].flatMap(({ Resources }) => Object.values(Resources ?? {})));
  return ofType(all, 'AWS::Scheduler::Schedule').filter(
    ({ Properties }) => group !== undefined && Properties?.GroupName === group,
  );
}

/** Drills run by `cron` and are reckoned with the drill; what looks after them runs at a rate. */
function runsPerMonth({ Properties }: TemplateResource): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(Properties?.ScheduleExpression));
  if (!rate) return 0;
  const [, value, unit] = rate;
  const perMonth = { minute: HOURS_PER_MONTH * 60, hour: HOURS_PER_MONTH, day: DAYS_PER_MONTH }[unit] ?? 0;
  return perMonth / Number(value);
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
