import type { Finding, MonitorReport, ResourceReport } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { isStale } from '../messages/alarm/unmeasured';
import type { MonitorSchedule } from '../registry';

/**
 * Why not everything is as promised, a line each; none where it is. What is unknown counts as not: silence is what whoever waits for
 * the heartbeat is to notice.
 */
export function whyNot(
  schedules: readonly MonitorSchedule[],
  reports: readonly MonitorReport[],
  now: string,
): string[] {
  if (schedules.length === 0) return ['no monitor is scheduled'];
  const known = new Map(reports.map((report) => [report.shard, report]));
  return schedules.flatMap(({ name, enabled, definition }) => {
    const report = known.get(definition.shard);
    return [
      ...(enabled ? [] : [`schedule ${name} is disabled`]),
      ...(report ? notAsPromised(report, now) : [`there is no report of ${definition.shard}`]),
      ...(report
        ? [...missing(definition.resources, report.resources), ...missing(definition.tagged, report.tagged)]
        : []),
    ];
  });
}

interface Named {
  readonly name: string;
}

/** What was deployed since the monitor last ran. */
function missing(watched: readonly Named[], seen: readonly Named[]): string[] {
  const names = new Set(seen.map(({ name }) => name));
  return watched.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} is not measured yet`);
}

function notAsPromised(report: MonitorReport, now: string): string[] {
  const { shard, at, everySeconds, resources, tagged, findings } = report;
  // A report of the future would be fresh for as long as it takes to come.
  const fresh = !isStale(report, now) && secondsBetween(at, now) > -everySeconds;
  return [
    ...(fresh ? [] : [`the report of ${shard} is of ${at}`]),
    ...pages(shard, findings),
    ...[...resources, ...tagged.flatMap((tag) => tag.resources)].flatMap(ofResource),
  ];
}

function ofResource({ name, objectives, restorable, proven, findings }: ResourceReport): string[] {
  return [
    ...(objectives && !restorable ? [`what ${name} could be restored from could not be measured`] : []),
    ...(restorable && !within(restorable.ratio) ? [`the newest restorable state of ${name} is too old`] : []),
    ...(proven && !within(proven.ratio) ? [`no drill of ${name} has passed in its interval`] : []),
    ...pages(name, findings),
  ];
}

function within(ratio: number): boolean {
  return ratio <= 1;
}

function pages(of: string, findings: readonly Finding[]): string[] {
  return findings.filter(({ severity }) => severity === 'page').map(({ id }) => `${of}: ${id}`);
}
