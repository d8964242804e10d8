import type { MonitorProfile, ResourceReport, WatchedResource } from '../../../lib/private/contract/monitoring';
import { plusSeconds, secondsBetween } from '../../../lambda/shared/clock';
import type { ReadShard } from './read';
import type { MonitorStatus, ProvenStatus, RecoverableStatus, ResourceStatus } from './report';

/** Everything that a shard watches: by name as its definition says now, by tag as its report found it. */
export function resourcesOf(shard: ReadShard, monitor: MonitorStatus, at: string): ResourceStatus[] {
  const { definition, report } = shard;
  const watching = monitor.state === 'watching';
  const { plan = '', owner = '' } = definition ?? report ?? {};
  const of = { plan, owner };
  const reportedAt = report?.at ?? at;
  const seen = new Map((report?.resources ?? []).map((one) => [one.name, one]));
  const watched: readonly (WatchedResource | ResourceReport)[] = definition?.resources ?? report?.resources ?? [];
  const named = watched.map((one) => {
    const found = seen.get(one.name);
    return found ? described(found, of, watching, reportedAt, at) : unseen(one, of, definition?.profiles ?? []);
  });
  const tagged = (report?.tagged ?? []).flatMap(({ key, value, resources }) =>
    resources.map((one) => ({ ...described(one, of, watching, reportedAt, at), tag: { key, value } })),
  );
  return [...named, ...tagged];
}

type Plan = Pick<ResourceStatus, 'plan' | 'owner'>;

/** Deployed after the monitor last ran, or never looked at. */
function unseen(one: WatchedResource | ResourceReport, of: Plan, profiles: readonly MonitorProfile[]): ResourceStatus {
  const { name, kind, identifier } = one;
  const watched = one as WatchedResource;
  const promised = watched.profile !== undefined && profiles[watched.profile] !== undefined;
  return {
    ...{ name, ...of, kind, identifier },
    recoverable: { state: promised ? 'unknown' : 'not-promised' },
    proven:
      watched.provenSeconds === undefined
        ? { state: 'not-drilled' }
        : { state: 'unknown', intervalSeconds: watched.provenSeconds },
    sources: [],
    findings: [],
  };
}

function described(one: ResourceReport, of: Plan, watching: boolean, reportedAt: string, at: string): ResourceStatus {
  const { name, kind, identifier, status, stopped, sources, findings } = one;
  const last = stopped.at(-1);
  return {
    ...{ name, ...of, kind, identifier },
    ...(status !== undefined && { status }),
    ...(last && last.to === undefined && { stoppedSince: last.from }),
    recoverable: recoverable(one, watching, reportedAt),
    proven: proven(one.proven, watching, at),
    sources,
    findings,
  };
}

function recoverable(
  { objectives, restorable }: ResourceReport,
  watching: boolean,
  reportedAt: string,
): RecoverableStatus {
  if (!restorable) return { state: objectives === null ? 'not-promised' : 'unknown' };
  const { of, ratio, ageSeconds, allowedSeconds, newest } = restorable;
  const figures = { of, ratio, ageSeconds, allowedSeconds, ...(newest !== undefined && { newest }) };
  // What nobody has looked at since may be anything by now.
  if (!watching) return { state: 'unknown', ...figures };
  if (ratio <= 1) return { state: 'fresh', ...figures };
  const over = ageSeconds - allowedSeconds;
  // Young and blocked all the same: since when, only its finding knows.
  return { state: 'stale', ...figures, ...(over > 0 && { since: plusSeconds(reportedAt, -over) }) };
}

function proven(found: ResourceReport['proven'], watching: boolean, at: string): ProvenStatus {
  if (!found) return { state: 'not-drilled' };
  const { ratio, provenSeconds: intervalSeconds, lastPassedAt } = found;
  const passed = lastPassedAt !== undefined && { lastPassedAt, ageSeconds: secondsBetween(lastPassedAt, at) };
  const figures = { ...passed, intervalSeconds };
  // An interval that is over is over, whoever looks.
  if (ratio > 1) return { state: 'overdue', ...figures };
  if (!watching) return { state: 'unknown', ...figures };
  return { state: lastPassedAt === undefined ? 'not-yet' : 'proven', ...figures };
}
