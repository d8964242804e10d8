import type { SourceReport, WatchedReplica, WatchedSource } from '../../../lib/private/contract/monitoring';
import type { Moment } from '../freshness/sources';
import type { Asking } from './asking';
import { automatedBackups, ofIdentity } from './automated-backups';
import type { Clients } from './clients';
import { continuousMoments } from './continuous';
import { resourceKey, type Kind } from './facts';
import { keptMoments } from './kept-moments';
import { replicaMoments } from './replicas';
import { newestSnapshots } from './snapshots';

/** One source of one resource, of which the newest is wanted. */
export interface Target {
  readonly kind: Kind;
  readonly identifier: string;
  readonly resourceId?: string;
  readonly source: WatchedSource;
  /** Of a replica: what S3 measures it by. */
  readonly replica?: WatchedReplica;
  readonly last?: SourceReport;
}

/** What was seen, and the key that it is under where that is the source's own. */
export interface SeenMoment extends Moment {
  readonly keyArn?: string;
}

/** By `momentKey`; what AWS did not answer is not in it. */
export type Moments = Map<string, SeenMoment>;

export interface Where {
  readonly clients: Clients;
  readonly asking: Asking;
  /** `arn:<partition>:rds:<region>:<account>` */
  readonly rdsArn: string;
  readonly home: string;
  readonly now: string;
  /** Also what cannot have become newer: what somebody removed shows. */
  readonly deep: boolean;
}

export function momentKey({ kind, identifier, source }: Pick<Target, 'kind' | 'identifier' | 'source'>): string {
  const { kind: sourceKind, region = '', vaultArn = '', retentionDays = 0 } = source;
  return [resourceKey(kind, identifier), sourceKind, region, vaultArn, retentionDays].join('\n');
}

export function arnOf(rdsArn: string, { kind, identifier }: Pick<Target, 'kind' | 'identifier'>): string {
  if (kind === 'bucket') return `${rdsArn.split(':', 2).join(':')}:s3:::${identifier}`;
  return `${rdsArn}:${kind === 'db-instance' ? 'db' : 'cluster'}:${identifier.toLowerCase()}`;
}

/** Asks for the newest of everything that is not a point in time at home, and for how far points in time reach back. */
export async function moments(targets: readonly Target[], where: Where): Promise<Moments> {
  const found: Moments = new Map();
  const of = (...kinds: WatchedSource['kind'][]) => targets.filter(({ source }) => kinds.includes(source.kind));
  await Promise.all([
    windows(of('point-in-time'), where, found),
    replicated(of('replicated'), where, found),
    snapshots(of('snapshot'), where, found),
    keptMoments(of('recovery-point', 'copy'), where, found),
    continuousMoments(of('continuous'), where, found),
    replicaMoments(of('replica'), where, found),
  ]);
  return found;
}

/** Clusters say themselves how far back they reach. */
async function windows(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  await backupsIn(
    where.home,
    targets.filter(({ kind }) => kind === 'db-instance'),
    where,
    found,
  );
}

async function replicated(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const regions = [...new Set(targets.flatMap(({ source }) => source.region ?? []))];
  await Promise.all(
    regions.map((region) =>
      backupsIn(
        region,
        targets.filter(({ source }) => source.region === region),
        where,
        found,
      ),
    ),
  );
}

async function backupsIn(region: string, targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const { clients, asking, rdsArn } = where;
  const backups = await automatedBackups(clients.rds(region), asking, region, identifiersOf(targets));
  for (const target of targets) {
    if (!backups.answered.has(target.identifier.toLowerCase())) continue;
    const own = ofIdentity(backups.found.get(arnOf(rdsArn, target).toLowerCase()), target.resourceId);
    found.set(momentKey(target), { newest: own?.newest, oldest: own?.oldest, keyArn: own?.keyArn });
  }
}

async function snapshots(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const { clients, asking, home } = where;
  const newest = await newestSnapshots(clients.rds(home), asking, {
    'db-instance': identifiersOf(targets.filter(({ kind }) => kind === 'db-instance')),
    'db-cluster': identifiersOf(targets.filter(({ kind }) => kind === 'db-cluster')),
  });
  for (const target of targets) {
    const own = newest.get(resourceKey(target.kind, target.identifier));
    if (own) found.set(momentKey(target), { newest: own.get(target.resourceId ?? '') ?? own.get('') });
  }
}

function identifiersOf(targets: readonly Target[]): string[] {
  return [...new Set(targets.map(({ identifier }) => identifier.toLowerCase()))];
}
