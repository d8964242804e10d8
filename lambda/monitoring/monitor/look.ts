import type { MonitorDefinition, MonitorReport } from '../../../lib/private/contract/monitoring';
import { Asking } from '../account/asking';
import { describeAll, describeDatabases } from '../account/databases';
import { describeBuckets } from '../account/buckets';
import { resourceKey, type DatabaseKind, type Facts, type Resources } from '../account/facts';
import { momentKey, moments, type Moments, type Target } from '../account/moments';
import { lookAtSettings, type Settings } from '../account/settings';
import { heldBy, type Seen } from '../freshness/assess';
import { isFollowing } from '../freshness/kinds';
import { sameSource } from '../freshness/sources';
import { bearing, named, type Watch } from '../freshness/watches';
import { keysOf, vaultsOf } from '../findings/uses';
import { due, type Due } from './due';
import { provenNow, type Proven } from './proven';
import type { Place } from './run';

/** How long AWS is asked, milliseconds, beside a last wait of the SDK's. The function's timeout leaves time to say what is known by then. */
const POINTS = 70_000;
const EVERYTHING_ELSE = 80_000;
const SETTINGS = 40_000;

/** What a run saw, and what it could not see. */
export interface Looked extends Seen {
  readonly due: Due;
  /** By resource; in full runs. */
  readonly proven: ReadonlyMap<string, Proven>;
  /** Tags for which every database of the account was listed. */
  readonly listed: boolean;
  readonly fullAt?: string;
  readonly settingsAt?: string;
  readonly deepAt?: string;
  readonly troubles: readonly string[];
}

/** Looks at everything that is due. Points in time come first: nothing else that is slow keeps them from being measured. */
export async function look(
  definition: MonitorDefinition,
  before: MonitorReport | undefined,
  place: Place,
  now: string,
): Promise<Looked> {
  const { clients, home, rdsArn, prefix } = place;
  const points = asking(POINTS);
  const [{ databases, all }, buckets] = await Promise.all([
    databasesOf(definition, place, points),
    bucketsOf(definition, place, points, now),
  ]);
  const seen: Resources = new Map([...databases, ...buckets]);
  const watches = new Map<string, readonly Watch[]>([['', named(definition, before, seen)]]);
  for (const tag of definition.tagged) watches.set(tag.name, bearing(tag, definition, before, all, prefix));
  const everything = [...watches.values()].flat();
  const isDue = due(before, everything, now);

  const rest = asking(EVERYTHING_ELSE);
  const [found, proven] = await Promise.all([
    moments(targets(everything, isDue), { clients, asking: rest, rdsArn, home, now, deep: isDue.deep }),
    isDue.full ? provenOf(definition, place, rest, now) : new Map<string, Proven>(),
  ]);

  const last = asking(SETTINGS);
  const settings = isDue.settings ? await settingsOf(everything, found, place, last) : undefined;
  return {
    ...{ now, home, account: rdsArn.split(':')[4], watches, due: isDue, proven, moments: found },
    ...(settings && { settings }),
    listed: definition.tagged.length === 0 || all !== undefined,
    // What was not answered is asked again in the next run.
    fullAt: isDue.full && rest.troubles.length === 0 ? now : before?.fullAt,
    settingsAt: isDue.settings && rest.troubles.length + last.troubles.length === 0 ? now : before?.settingsAt,
    deepAt: isDue.deep && rest.troubles.length === 0 ? now : before?.deepAt,
    troubles: [points, rest, last].flatMap(({ troubles }) => troubles),
  };
}

function asking(milliseconds: number): Asking {
  return new Asking({ abortSignal: AbortSignal.timeout(milliseconds) });
}

/** All of the account where tags are to be compared, else those that are named. */
async function databasesOf(definition: MonitorDefinition, { clients, home }: Place, points: Asking) {
  const rds = clients.rds(home);
  const watched = definition.resources.flatMap(({ kind, identifier, profile }) =>
    profile === undefined || kind === 'bucket' ? [] : [{ kind, identifier }],
  );
  if (definition.tagged.length > 0) {
    const all = await describeAll(rds, points);
    const named = watched.map(({ kind, identifier }) => resourceKey(kind, identifier));
    const databases = new Map<string, Facts | 'gone'>(all ? named.map((key) => [key, all.get(key) ?? 'gone']) : []);
    return { databases, all };
  }
  const of = (wanted: DatabaseKind) =>
    watched.filter(({ kind }) => kind === wanted).map(({ identifier }) => identifier);
  const identifiers = { 'db-instance': of('db-instance'), 'db-cluster': of('db-cluster') };
  return { databases: await describeDatabases(rds, points, identifiers), all: undefined };
}

function bucketsOf({ resources }: MonitorDefinition, { clients, home }: Place, points: Asking, now: string) {
  const watched = resources.filter(({ kind, profile }) => kind === 'bucket' && profile !== undefined);
  return describeBuckets(clients.s3(home), points, watched, now);
}

/**
 * What is asked of sources beside what a resource says itself. A resource that AWS did not answer for is asked for all the same.
 */
function targets(watches: readonly Watch[], { full }: Due): Target[] {
  const wanted = watches.flatMap(({ kind, identifier, profile, replica, before, facts }) =>
    profile.sources
      .filter((source) => full || isFollowing(source))
      .map((source): Target => ({
        ...{ kind, identifier, source, replica },
        resourceId: typeof facts === 'object' ? facts.resourceId : before?.resourceId,
        last: before?.sources.find((one) => sameSource(source, one)),
      })),
  );
  return [...new Map(wanted.map((target) => [momentKey(target), target])).values()];
}

async function provenOf({ resources }: MonitorDefinition, { state }: Place, rest: Asking, now: string) {
  const proven = new Map<string, Proven>();
  await Promise.all(
    resources.map(async ({ name, provenSeconds }) => {
      if (provenSeconds === undefined) return;
      const one = await rest.ask(`the last drill of ${name}`, () => provenNow(state, name, provenSeconds, now));
      if (one) proven.set(name, one);
    }),
  );
  return proven;
}

function settingsOf(
  watches: readonly Watch[],
  found: Moments,
  { clients, home }: Place,
  last: Asking,
): Promise<Settings> {
  const held = watches.map((watch) => heldBy(watch, found));
  return lookAtSettings({ clients, asking: last, home }, vaultsOf(held), keysOf(held));
}
