import { paginateListMetrics, type Metric } from '@aws-sdk/client-cloudwatch';
import { all, ask, type Aws } from '../aws';

/** Metrics of a namespace with data in the last two weeks, as CloudWatch lists them. */
export function metricsIn(
  aws: Aws,
  namespace: string,
  dimensions: Readonly<Record<string, string>> = {},
): Promise<Metric[]> {
  const wanted = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return ask('cloudwatch:ListMetrics', () =>
    all(
      paginateListMetrics({ client: aws.cloudWatch }, { Namespace: namespace, Dimensions: wanted }),
      (page) => page.Metrics,
    ),
  );
}

/** Names of a metric's dimensions, in one order: `{Resource, Site}`. */
export function setOf({ Dimensions = [] }: Metric): string {
  return `{${Dimensions.map(({ Name = '' }) => Name)
    .sort()
    .join(', ')}}`;
}

/** The sets that occur, each once. */
export function setsOf(metrics: readonly Metric[]): string[] {
  return [...new Set(metrics.map(setOf))].sort();
}

export function valueOf({ Dimensions = [] }: Metric, name: string): string | undefined {
  return Dimensions.find((one) => one.Name === name)?.Value;
}
