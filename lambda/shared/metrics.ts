import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MetricUnit } from '@aws-lambda-powertools/metrics/types';

const NAMESPACE = 'CdkRecoverable';

/**
 * Publishes metrics through the log, so that no endpoint is needed. The dimensions are exactly Site and Resource: the
 * alarms name that set, and Powertools would add `service`, on which they would never get data.
 * @param details fields of the log line beside the metrics.
 */
export function metric(
  site: string,
  resource: string,
  values: Record<string, [number, MetricUnit]>,
  details: Record<string, string> = {},
): void {
  const metrics = new Metrics({ namespace: NAMESPACE });
  metrics.clearDefaultDimensions();
  metrics.addDimensions({ Site: site, Resource: resource });
  for (const [name, [value, unit]] of Object.entries(values)) metrics.addMetric(name, unit, value);
  for (const [name, value] of Object.entries(details)) metrics.addMetadata(name, value);
  metrics.publishStoredMetrics();
}
