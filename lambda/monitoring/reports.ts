import type { Finding, MonitorReport, ResourceReport, TaggedReport } from '../../lib/private/contract/monitoring';
import { now, secondsBetween } from '../shared/clock';
import type { Store } from '../shared/store';
import { keys } from '../shared/keys';

/** Seconds. Silence is told within the hour: what is silent for two weeks is a plan that was removed. */
const LIVING = 14 * 86_400;

/** What the monitors of a site saw last, of all its plans. What a plan that was removed has left is not among it. */
export async function readReports(state: Store): Promise<MonitorReport[]> {
  const found = await state.list(keys.reports());
  const reports = await Promise.all(found.map((key) => state.get<MonitorReport>(key)));
  const time = now();
  return reports
    .flatMap((one) => (one?.value.schema === 'cdk-recoverable/monitor-report/v1' ? [one.value] : []))
    .filter(({ at }) => !(secondsBetween(at, time) > LIVING));
}

/** A resource and the report that it is in. */
export interface Reported {
  readonly report: MonitorReport;
  readonly resource: ResourceReport;
}

/** Everything that is watched, by name or by tag. */
export function reported(reports: readonly MonitorReport[]): Reported[] {
  return reports.flatMap((report) =>
    [...report.resources, ...report.tagged.flatMap(({ resources }) => resources)].map((resource) => ({
      report,
      resource,
    })),
  );
}

/** A finding that people are told of as soon as it is there. */
export interface Found {
  readonly finding: Finding;
  /** `<plan>/<resource>`; absent: a finding of the shard. */
  readonly resource?: string;
}

/** What is for reading alone waits for the weekly digest. */
export function found(report: MonitorReport): Found[] {
  return [
    ...report.findings.map((finding): Found => ({ finding })),
    ...reported([report]).flatMap(({ resource: { name, findings } }) =>
      findings.map((finding): Found => ({ finding, resource: name })),
    ),
  ].filter(({ finding }) => finding.severity !== 'digest');
}

/** Of what a metric's dimension names: a resource, or what bears a tag. */
export function named(
  reports: readonly MonitorReport[],
  name: string,
): { readonly report: MonitorReport; readonly one: ResourceReport | TaggedReport } | undefined {
  for (const report of reports) {
    const one = [...report.resources, ...report.tagged].find((each) => each.name === name);
    if (one) return { report, one };
  }
  return undefined;
}
