import type { AssembledStack, TemplateResource } from '../assembly/read';

/** Namespace and dimensions as functions publish them. */
const NAMESPACE = 'CdkRecoverable';
const OF_SITE = 'site';

interface Watching {
  readonly Namespace?: unknown;
  readonly MetricName?: unknown;
  readonly Dimensions?: readonly { readonly Name?: unknown; readonly Value?: unknown }[];
}

export interface Alarm {
  readonly region: string;
  readonly resource: TemplateResource;
}

/** Of one resource or tag, and where the first of them is. */
export interface NamedAlarms {
  readonly stack: AssembledStack;
  readonly alarms: Alarm[];
}

/** The alarms of each single resource or tag, by its name in metrics: they may be in another stack, and on another site. */
export function alarmsByName(stacks: readonly AssembledStack[]): Map<string, NamedAlarms> {
  const found = new Map<string, NamedAlarms>();
  for (const stack of stacks) {
    for (const resource of [...stack.templates.values()].flatMap(({ Resources }) => Object.values(Resources ?? {}))) {
      const name = watchedName(resource);
      if (name === undefined) continue;
      if (!found.has(name)) found.set(name, { stack, alarms: [] });
      found.get(name)!.alarms.push({ region: stack.region, resource });
    }
  }
  return found;
}

/** Whose alarm it is, where it is of one resource or tag and not of a whole site. */
export function watchedName(resource: TemplateResource): string | undefined {
  if (resource.Type !== 'AWS::CloudWatch::Alarm') return undefined;
  const dimensions = ownMetrics(resource).flatMap(({ Dimensions = [] }) => Dimensions);
  const names = dimensions.filter(
    ({ Name, Value }) => Name === 'Resource' && typeof Value === 'string' && Value !== OF_SITE,
  );
  return names[0]?.Value as string | undefined;
}

/** Metrics of our own that an alarm watches: those cost something themselves. */
export function ownMetrics({ Properties }: TemplateResource): Watching[] {
  const all = [Properties as Watching | undefined, ...metricsOf(Properties)];
  return all.filter((one): one is Watching => one?.Namespace === NAMESPACE);
}

/** CloudWatch counts the metrics that an alarm reads. */
export function watchedMetrics({ Properties }: TemplateResource): number {
  return Math.max(1, metricsOf(Properties).length);
}

function metricsOf(properties: TemplateResource['Properties']): Watching[] {
  const metrics = properties?.Metrics;
  if (!Array.isArray(metrics)) return [];
  return metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric?: Watching } }) => MetricStat?.Metric ?? []);
}
