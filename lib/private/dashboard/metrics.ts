import type { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../metrics';

/** Lines in one chart: more than these nobody tells apart, and those that matter come first. */
export const LINES = 20;

/** Metrics of one site, of whatever resources there are. CloudWatch finds those that had data within the last two weeks. */
export class DashboardMetrics {
  constructor(private readonly siteName: string) {}

  /** The resources with the highest values in the range that is shown. */
  highest(metricName: string, period: Duration): MathExpression {
    return this.expression(`SORT(${this.search(metricName, period)}, MAX, DESC, ${LINES})`, period);
  }

  /** Those with the lowest. */
  lowest(metricName: string, period: Duration): MathExpression {
    return this.expression(`SORT(${this.search(metricName, period)}, MIN, ASC, ${LINES})`, period);
  }

  /** One line over all resources, such as their `MAX`. */
  over(aggregate: string, metricName: string, label: string, period: Duration): MathExpression {
    return this.expression(`${aggregate}(${this.search(metricName, period)})`, period, label);
  }

  /** The schema names the set of dimensions as it is published: a search for any other finds nothing. */
  private search(metricName: string, period: Duration): string {
    const where = `{${METRICS.namespace},Site,Resource} MetricName="${metricName}" Site="${this.siteName}"`;
    return `SEARCH('${where}', 'Maximum', ${period.toSeconds()})`;
  }

  private expression(expression: string, period: Duration, label = "${PROP('Dim.Resource')}"): MathExpression {
    return new MathExpression({ expression, period, label, usingMetrics: {} });
  }
}
