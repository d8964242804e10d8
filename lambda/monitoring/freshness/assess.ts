import type {
  Finding,
  MonitorDefinition,
  MonitorReport,
  ResourceReport,
  WatchedSource,
} from '../../../lib/private/contract/monitoring';
import type { Moments } from '../account/moments';
import { momentKey } from '../account/moments';
import type { Settings } from '../account/settings';
import { withSince } from '../findings/draft';
import { findingsOf } from '../findings/of-resource';
import { goneSentence } from '../findings/presence';
import { shared, type Shared } from '../findings/of-shard';
import type { Held } from '../findings/uses';
import { withCauses, type Aged } from './causes';
import { isKeptByItself } from './kinds';
import { measure, type Measured } from './resource-report';
import type { Watch } from './watches';

/** Everything that one run saw. */
export interface Seen {
  readonly now: string;
  readonly home: string;
  readonly account: string;
  /** Resources by what watches them: the plan's own under '', those with a tag under the tag's name. */
  readonly watches: ReadonlyMap<string, readonly Watch[]>;
  /** Of what was asked in this run. */
  readonly moments: Moments;
  /** Absent: not asked in this run. */
  readonly settings?: Settings;
}

export interface Assessed {
  /** As the report has them, without drills: by the same names as `watches`. */
  readonly resources: ReadonlyMap<string, readonly ResourceReport[]>;
  readonly findings: readonly Finding[];
  /** Whom a finding concerns. */
  readonly concerned: Shared['concerned'];
}

/** Judges a shard: pure, so that a run is what it saw and what the run before it knew. */
export function assess(
  { everySeconds }: MonitorDefinition,
  before: MonitorReport | undefined,
  { now, home, account, watches, moments, settings }: Seen,
): Assessed {
  const all = [...watches.values()].flat();
  const common = shared({
    all: all.map((watch) => heldBy(watch, moments)),
    settings,
    before: before?.findings ?? [],
    region: home,
    account,
    now,
  });
  const looks = { now, before: before?.at, everySeconds };
  const measured = [...watches].map(([group, members]): [string, [Watch, Measured, Finding[]][]] => [
    group,
    members.map((watch) => {
      const own = heldBy(watch, moments);
      const one = measure(watch, {
        looks,
        home,
        moment: (source) => moments.get(momentKey({ ...watch, source })),
        blocked: (source, last) => itself(watch, source, home) ?? common.blocked(own, source, last),
      });
      return [watch, one, findings(watch, one, home, now)];
    }),
  ]);
  const ages = measured.flatMap(([group, members]) => members.flatMap((member) => aged(group, member)));
  const causes = withCauses(ages, common.findings);
  const reports = measured.map(([group, members]): [string, ResourceReport[]] => [
    group,
    members.map(([, { report }, found]) => {
      const restorable = causes.get(ageKey(group, report.name));
      return { ...report, ...(restorable && { restorable }), findings: found };
    }),
  ]);
  return { resources: new Map(reports), findings: common.findings, concerned: common.concerned };
}

/** As AWS Backup calls them. */
const TYPES = { 'db-instance': 'RDS', 'db-cluster': 'Aurora', bucket: 'S3' } as const;

/** What a resource has, as findings that several share need it. */
export function heldBy({ name, kind, facts, before, profile, replica, ...watch }: Watch, moments: Moments): Held {
  return {
    name,
    type: TYPES[kind],
    encryptionKey: typeof facts === 'object' ? facts.keyArn : before?.encryptionKey,
    sources: profile.sources,
    replicatedKey: (source) =>
      source.kind === 'replica' ? replica?.keyArn : moments.get(momentKey({ kind, ...watch, source }))?.keyArn,
  };
}

/**
 * What a resource itself has to say against a source. No moment of one that is gone can be restored the usual way: gone in two
 * runs, as its finding has it.
 */
function itself({ facts, before, ...watch }: Watch, source: WatchedSource, region: string): string | undefined {
  if (typeof facts === 'object') return facts.blocks?.[source.kind];
  const gone = facts === 'gone' && before?.status === 'gone' && before.resourceId !== undefined;
  return gone && isKeptByItself(source) ? goneSentence({ ...watch, region }) : undefined;
}

/** What AWS did not answer leaves what was found before. */
function findings({ facts, before, ...watch }: Watch, { report }: Measured, region: string, now: string): Finding[] {
  if (facts === undefined) return [...(before?.findings ?? [])];
  const blocks = facts === 'gone' ? undefined : facts.blocks;
  return withSince(findingsOf({ ...watch, before, region, report, blocks, now }), before?.findings ?? [], now);
}

function aged(group: string, [{ name, before }, { worst }, found]: [Watch, Measured, Finding[]]): Aged[] {
  const last = before?.restorable?.cause;
  return worst ? [{ key: ageKey(group, name), name, worst, findings: found, last }] : [];
}

/** A database may bear several tags, and be named by the plan too. */
function ageKey(group: string, name: string): string {
  return `${group}\n${name}`;
}
