import type { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../metrics';

/** Lines in one chart: more than these nobody tells apart, and those that matter come first. */
export const LINES = 20;

/** Metrics of one site, of whatever resources there are. CloudWatch finds those that had data within the last two weeks. */
export class DashboardMetrics {
  constructor(private readonly siteName: string) {}

  /** The resources with the highest values in the range that is shown, in units of so many of the metric's own. */
  highest(metricName: string, period: Duration, unit = 1): MathExpression {
    return this.sorted('MAX, DESC', metricName, period, unit);
  }

  /** Those with the lowest. */
  lowest(metricName: string, period: Duration, unit = 1): MathExpression {
    return this.sorted('MIN, ASC', metricName, period, unit);
  }

  /** One line over all resources, such as their `MAX`. */
  over(aggregate: string, metricName: string, label: string, period: Duration): MathExpression {
    const expression = `${aggregate}(${this.search(metricName, period)})`;
    return new MathExpression({ expression, period, label, usingMetrics: {} });
  }

  /** The search names its lines after the resource, and what sorts them has no name of its own: the legend is the names alone. */
  private sorted(order: string, metricName: string, period: Duration, unit: number): MathExpression {
    const found = new MathExpression({
      expression: this.search(metricName, period),
      label: "${PROP('Dim.Resource')}",
      period,
      usingMetrics: {},
    });
    return new MathExpression({
      expression: `SORT(${unit === 1 ? 'found' : `found / ${unit}`}, ${order}, ${LINES})`,
      label: '',
      period,
      usingMetrics: { found },
    });
  }

  /** The schema names the set of dimensions as it is published: a search for any other finds nothing. */
  private search(metricName: string, period: Duration): string {
    const where = `{${METRICS.namespace},Site,Resource} MetricName="${metricName}" Site="${this.siteName}"`;
    return `SEARCH('${where}', 'Maximum', ${period.toSeconds()})`;
  }
}
