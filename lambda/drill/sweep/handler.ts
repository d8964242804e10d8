import { BackupClient } from '@aws-sdk/client-backup';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { removeSnapshot } from '../../recovery/database-snapshots';
import { type BucketRestoreNote, closeBucketNote } from '../../shared/bucket-restore-note';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { log } from '../../shared/log';
import { metric } from '../../shared/metrics';
import { NamedError } from '../../shared/named-error';
import { removeInstance, removeSecret } from '../../shared/removal';
import { removeFiles, removeSince } from '../../shared/scratch';
import { unfinishedJobs } from '../../shared/restore-jobs';
import { Store } from '../../shared/store';
import { isRunning } from './execution';
import { bucketRestores, files as filesOf, instances, secrets as secretsOf, withNote, type Found } from './find';
import { expiredSnapshots } from './snapshots';

const backup = new BackupClient();
const rds = new RDSClient();
const secretsManager = new SecretsManagerClient();
const sfn = new SFNClient();
/** Known on sites with drills from recovery points: nothing else restores without tags. */
const restoreRole = process.env.RESTORE_ROLE;
/** Known on sites with drills of buckets from recovery points. */
const bucketRestoreRole = process.env.BUCKET_RESTORE_ROLE;
/** Known on sites that protect buckets. */
const scratch = process.env.SCRATCH_BUCKET;
const s3 = new S3Client();
const state = restoreRole || scratch ? new Store(required('STATE_BUCKET'), s3) : undefined;

export interface SweepAnswer {
  /** Left behind by interrupted drills and asked to go, in this run. */
  readonly removed: readonly string[];
  /** Left behind, and removed once past their time to live. */
  readonly waiting: readonly string[];
  /** Left behind, or an expired snapshot, but not removed: the reason says why. */
  readonly kept: readonly string[];
  /** Snapshots of the site whose time is over, removed in this run. */
  readonly expired: readonly string[];
}

/**
 * Removes what an interrupted drill left behind: what carries the site's prefix and tags, is past its time to live and
 * belongs to no running drill. What must wait or cannot be told is left alone, but counted: nothing under the prefix stays
 * unnoticed. Then the site's own snapshots, when their time is over.
 */
export const handler = async (): Promise<SweepAnswer> => {
  const prefix = required('PREFIX');
  const site = required('SITE');
  const found = [
    ...(await instances(rds, prefix)),
    ...(await secretsOf(secretsManager, prefix)),
    ...(state && scratch ? await filesOf(s3, scratch, state) : []),
    ...(state && bucketRestoreRole ? await bucketRestores(state) : []),
  ];
  const time = now();
  const removed: string[] = [];
  const waiting: string[] = [];
  const kept: string[] = [];
  for (const each of found) {
    const name = `${each.kind} ${each.identifier}`;
    try {
      const thing = state && restoreRole ? await withNote(each, state, prefix) : each;
      const { drill, execution, expires } = requireMarks(thing, site);
      if (await isRunning(sfn, execution)) continue;
      if (expires > time || (await isBeingMade(thing))) waiting.push(name);
      else if (await remove(thing, drill)) removed.push(name);
    } catch (error) {
      keep(kept, name, error);
    }
  }
  const expired = await sweepSnapshots(prefix, site, time, kept);
  metric(site, 'site', { Leftovers: [removed.length + waiting.length + kept.length, 'Count'] });
  log.info('swept', { looked: found.length, removed, waiting, kept, expired });
  return { removed, waiting, kept, expired };
};

/** After what drills left behind, and never in its way: trouble with one snapshot, or with one kind, is told of that one. */
async function sweepSnapshots(prefix: string, site: string, time: string, kept: string[]): Promise<string[]> {
  const expired: string[] = [];
  for (const kind of ['db-instance', 'db-cluster'] as const) {
    try {
      for (const identifier of await expiredSnapshots(rds, kind, { prefix, site, time })) {
        try {
          await removeSnapshot(rds, kind, identifier);
          expired.push(identifier);
        } catch (error) {
          keep(kept, `${kind} snapshot ${identifier}`, error);
        }
      }
    } catch (error) {
      keep(kept, `${kind} snapshots of site ${site}`, error);
    }
  }
  return expired;
}

function keep(kept: string[], thing: string, error: unknown): void {
  log.error('left behind and not removed', {
    thing,
    reason: error instanceof Error ? error.message : String(error),
  });
  kept.push(thing);
}

function requireMarks({ site: of, drill, execution, expires }: Found, site: string) {
  if (of === site && drill && execution && expires) return { drill, execution, expires };
  throw new NamedError(
    'NotOurs',
    `it has the prefix of site ${site}, but not the tags of a drill: find out in CloudTrail who made it or changed its tags, and remove it`,
  );
}

async function remove(thing: Found, drill: string): Promise<boolean> {
  if (thing.bucketNote) return removeRestored(thing.bucketNote);
  if (thing.kind === 'files') return removeFiles(s3, required('SCRATCH_BUCKET'), drill);
  return thing.kind === 'secret'
    ? removeSecret(secretsManager, thing.identifier, drill)
    : removeInstance(rds, thing.identifier, drill, thing.note && { madeSince: thing.note.startedAt });
}

/** Once nothing of it is there, the bucket is the next drill's. */
async function removeRestored(note: BucketRestoreNote): Promise<boolean> {
  const { bucket, prefix, requestedAt: since } = note;
  const there = await removeSince(s3, { bucket, prefix, since });
  if (!there && state) await closeBucketNote(state, note, now());
  return there;
}

/** A restore job cannot be stopped; what it is about to finish is removed afterwards. */
async function isBeingMade({ note: ofDatabase, bucketNote }: Found): Promise<boolean> {
  const note = bucketNote ?? ofDatabase;
  const role = bucketNote ? bucketRestoreRole : restoreRole;
  if (!note || !role) return false;
  const { recoveryPoint, startedAt: since } = note;
  const asked = { recoveryPoint, since, ...(bucketNote && { type: 'S3' as const }) };
  return (await unfinishedJobs(backup, role, asked)).length > 0;
}
