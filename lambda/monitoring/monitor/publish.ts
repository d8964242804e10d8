import type { MonitorReport, SourceReport, WorstAge } from '../../../lib/private/contract/monitoring';
import { metric } from '../../shared/metrics';
import { ageMetric } from '../freshness/metric-name';
import type { Proven } from './proven';

type Values = Parameters<typeof metric>[2];

/** What a run publishes beside its report. */
export interface Published {
  /** What was asked about drills in this run, which is once an hour. */
  readonly proven: ReadonlyMap<string, Proven>;
  readonly sourceMetrics: boolean;
  /** Whether every database of the account was listed, to find those with a tag. */
  readonly listed: boolean;
}

/** A metric for each resource and each tag. What could not be measured is left out: its silence is the alarm. */
export function publish(report: MonitorReport, { proven, sourceMetrics, listed }: Published): void {
  const { site } = report;
  for (const { name, restorable, sources } of report.resources) {
    const drilled = proven.get(name);
    const values: Values = {
      ...(restorable && { RestorableAgeRatio: [restorable.ratio, 'None'] }),
      ...(drilled && { DrillAgeRatio: [drilled.ratio, 'None'] }),
      ...(restorable && sourceMetrics && ages(sources)),
    };
    if (Object.keys(values).length > 0) metric(site, name, values, details(restorable));
  }
  for (const { name, restorable } of report.tagged) {
    // Where nothing bears the tag, nothing is late.
    if (listed) {
      metric(site, name, { RestorableAgeRatio: [restorable?.ratio ?? 0, 'None'] }, details(restorable));
    }
  }
}

function ages(sources: readonly SourceReport[]): Values {
  return Object.fromEntries(sources.map(({ name, ageSeconds }) => [ageMetric(name), [ageSeconds, 'Seconds']]));
}

/** For whoever reads the log: which source is the worst, and how old its newest is. */
function details(worst: WorstAge | undefined): Record<string, string> {
  if (!worst) return {};
  const { of, newest = 'none', ageSeconds, allowedSeconds } = worst;
  return { of, newest, age: String(Math.round(ageSeconds)), allowed: String(allowedSeconds) };
}
