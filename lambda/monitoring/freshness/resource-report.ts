import type { ResourceReport, SourceReport, WatchedSource } from '../../../lib/private/contract/monitoring';
import type { Facts } from '../account/facts';
import { isKeptByItself } from './kinds';
import { forgetStops, noteStatus, type Looks } from './running';
import { sameSource, sourceReport, type Moment } from './sources';
import type { Watch } from './watches';
import { worst, type Worst } from './worst';

/** What else was seen of a resource in this run. */
export interface Around {
  readonly looks: Looks;
  readonly home: string;
  /** What AWS said of a source in this run; absent where it was not asked or did not answer. */
  readonly moment: (source: WatchedSource) => Moment | undefined;
  /** Why nothing can be restored from a source. */
  readonly blocked: (source: WatchedSource, last: SourceReport | undefined) => string | undefined;
}

export interface Measured {
  readonly report: Omit<ResourceReport, 'findings' | 'restorable'>;
  /** Absent: AWS did not answer, so that nothing can be said of this moment. */
  readonly worst?: Worst;
}

/** Joins what was seen with what was known: what is not asked in every run keeps its moments, and its age grows. */
export function measure({ facts, ...watch }: Watch, around: Around): Measured {
  const { name, kind, identifier, profile, before } = watch;
  const { looks, home } = around;
  const seen = typeof facts === 'object' ? facts : undefined;
  const identity = identify(before, seen, looks.now);
  const stopped = seen ? noteStatus(before?.stopped ?? [], seen.status, looks) : (before?.stopped ?? []);
  const sources = profile.sources.flatMap((source) => {
    const last = lastOf(source, before, identity.changed);
    const report = sourceReport(source, {
      moment: momentOf(source, seen, around.moment(source), last),
      last,
      blocked: around.blocked(source, last),
      since: identity.resourceIdSince ?? identity.since,
      stopped,
      now: looks.now,
    });
    return report ? [report] : [];
  });
  const objectives = {
    rpoSeconds: profile.rpoSeconds,
    ...(profile.regionLossRpoSeconds !== undefined && { regionLossRpoSeconds: profile.regionLossRpoSeconds }),
  };
  const { changed: _, ...known } = identity;
  const report = {
    ...{ name, kind, identifier },
    ...known,
    status: facts === 'gone' ? 'gone' : (seen?.status ?? before?.status),
    stopped: forgetStops(stopped, oldestOf(sources, looks.now)),
    ...retention(before, seen, looks.now),
    encryptionKey: seen ? seen.keyArn : before?.encryptionKey,
    objectives,
    sources,
  };
  const since = identity.resourceIdSince ?? identity.since;
  return facts === undefined
    ? { report }
    : { report, worst: worst({ objectives, home, sources, stopped, since, now: looks.now }) };
}

interface Identity extends Pick<ResourceReport, 'since' | 'resourceId' | 'resourceIdSince'> {
  readonly changed: boolean;
}

/**
 * A database is known by the id that RDS gave it, a bucket by its name: its name may have passed to another one. One that is still
 * being made has nothing to back up: it begins when it is first seen made.
 */
function identify(before: ResourceReport | undefined, seen: Facts | undefined, now: string): Identity {
  const begins = before?.status === 'creating' || seen?.status === 'creating';
  const since = begins ? now : (before?.since ?? now);
  const resourceId = seen?.resourceId ?? before?.resourceId;
  const changed = before?.resourceId !== undefined && before.resourceId !== resourceId;
  if (resourceId === undefined) return { since, changed };
  return { since, resourceId, resourceIdSince: changed || begins ? now : (before?.resourceIdSince ?? since), changed };
}

/** What RDS kept of another database under the same name is nothing that this one can be restored from; AWS Backup goes by names. */
function lastOf(source: WatchedSource, before: ResourceReport | undefined, changed: boolean): SourceReport | undefined {
  const last = before?.sources.find((one) => sameSource(source, one));
  const ofName = source.vaultArn !== undefined;
  if (!last || !changed || ofName) return last;
  const { newest: _, oldest: __, ...rest } = last;
  return rest;
}

/** What a resource keeps itself is asked in every run; how far back they reach, of instances less often. */
function momentOf(
  source: WatchedSource,
  seen: Facts | undefined,
  moment: Moment | undefined,
  last: SourceReport | undefined,
): Moment | undefined {
  if (!isKeptByItself(source)) return moment;
  if (!seen) return undefined;
  return { newest: seen.latest, oldest: seen.earliest ?? (moment ? moment.oldest : last?.oldest) };
}

function retention(before: ResourceReport | undefined, seen: Facts | undefined, now: string) {
  const retentionDays = seen?.retentionDays ?? before?.retentionDays;
  if (retentionDays === undefined) return {};
  const same = before?.retentionDays === undefined || before.retentionDays === retentionDays;
  return {
    retentionDays,
    retentionSince: same ? (before?.retentionSince ?? before?.since ?? now) : now,
    retentionFirst: before?.retentionFirst ?? retentionDays,
  };
}

/** The moment that the longest age counts from. */
function oldestOf(sources: readonly SourceReport[], now: string): string {
  return sources.reduce((oldest, source) => {
    const from = source.newest ?? source.since ?? now;
    return from < oldest ? from : oldest;
  }, now);
}
