import { BackupClient } from '@aws-sdk/client-backup';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DrillState, FilesFacts, Removed, SourceFacts, TeardownFacts } from '../../../lib/private/contract/drill';
import { type BucketRestoreNote, bucketNoteOf, closeBucketNote } from '../../shared/bucket-restore-note';
import { now, secondsBetween } from '../../shared/clock';
import { patience, required } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import { removeInstance, removeSecret } from '../../shared/removal';
import { removeFiles, removeSince, scratchPrefix } from '../../shared/scratch';
import { unfinishedJobs } from '../../shared/restore-jobs';
import { Store } from '../../shared/store';

const backup = new BackupClient();
const rds = new RDSClient();
const s3 = new S3Client();
const secrets = new SecretsManagerClient();

/**
 * Tear down: removes what the drill may have made, by the names decided before the first create call, and ends only when
 * everything has stayed absent for a while: an instance whose create answer was lost may appear late.
 */
export const handler = async ({ drill, source, restore, teardown }: DrillState): Promise<TeardownFacts> => {
  const time = now();
  const startedAt = teardown?.startedAt ?? time;
  if (!source) return { gone: true, waitSeconds: 0, startedAt, removed: [], leftBehind: [] }; // nothing was attempted

  const { poll, gone: quiet, teardown: limit } = patience();
  const { made, present, note } = await remove({ drill, source, restore });
  const met = [...(teardown?.removed ?? []), ...(teardown?.leftBehind ?? []), ...present];
  const seen = made.filter((thing) => met.some((one) => one.kind === thing.kind));
  const leftBehind = present;
  const removed = seen.filter((thing) => !present.some((left) => left.kind === thing.kind));

  if (leftBehind.length > 0) {
    if (secondsBetween(startedAt, time) > limit) {
      const names = leftBehind.map((thing) => `${thing.kind} ${thing.identifier}`).join(', ');
      throw new NamedError('LeftBehind', `still there after ${limit} s: ${names}; the sweeper removes them`);
    }
    return { gone: false, waitSeconds: poll, startedAt, removed, leftBehind };
  }
  const absentSince = teardown?.absentSince ?? time;
  const gone = secondsBetween(absentSince, time) >= quiet;
  if (gone && note) await closeBucketNote(state(), note, time);
  return { gone, waitSeconds: gone ? 0 : poll, absentSince, startedAt, removed, leftBehind };
};

/** What a drill may have made, and what of it was still there. */
interface Met {
  readonly made: readonly Removed[];
  readonly present: readonly Removed[];
  /** Kept until nothing more can come. */
  readonly note?: BucketRestoreNote;
}

type Attempted = Pick<DrillState, 'drill' | 'restore'> & { readonly source: SourceFacts };

async function remove(attempted: Attempted): Promise<Met> {
  const { drill, source } = attempted;
  if (!source.files) return removeDatabase(attempted);
  if (source.files.restoredTo === undefined) return removeRestoredFiles(drill);
  return removeFromBucket(attempted, source.files);
}

function state(): Store {
  return new Store(required('STATE_BUCKET'), s3);
}

async function removeDatabase(state: Pick<DrillState, 'drill' | 'source' | 'restore'>): Promise<Met> {
  const { drill } = state;
  const instance: Removed = { kind: 'db-instance', identifier: drill.names.instance };
  const secret: Removed = { kind: 'secret', identifier: drill.names.secret };
  const present = await stillPresent([
    removeCopy(state, instance),
    removeSecret(secrets, drill.names.secret, drill.id).then((there) => (there ? [secret] : [])),
  ]);
  return { made: [instance, secret], present };
}

async function removeRestoredFiles({ id }: DrillState['drill']): Promise<Met> {
  const bucket = required('SCRATCH_BUCKET');
  const files: Removed = { kind: 'files', identifier: `s3://${bucket}/${scratchPrefix(id)}` };
  return { made: [files], present: (await removeFiles(s3, bucket, id)) ? [files] : [] };
}

/** A restore job that goes on may write yet, and cannot be stopped. Without a note no job was ever asked for. */
async function removeFromBucket(
  { drill, source, restore }: Attempted,
  { restoredTo: bucket = '', prefix }: FilesFacts,
): Promise<Met> {
  const files: Removed = { kind: 'files', identifier: `s3://${bucket}/${prefix}` };
  const note = await bucketNoteOf(state(), bucket, drill.id);
  if (!note) return { made: [], present: [] };
  const asked = { recoveryPoint: source.arn, since: drill.startedAt, job: restore?.job, type: 'S3' as const };
  const jobs = await unfinishedJobs(backup, required('BUCKET_RESTORE_ROLE'), asked);
  if (jobs.length > 0) {
    return { made: [files], present: jobs.map((identifier) => ({ kind: 'restore-job', identifier })), note };
  }
  const there = await removeSince(s3, { bucket, prefix, since: note.requestedAt });
  return { made: [files], present: there ? [files] : [], note };
}

/**
 * A restore job that goes on may create its instance yet, and cannot be stopped: until it ends there is nothing to remove. Found
 * by what was known before AWS Backup was asked. What it made carries no tag of ours until the drill has claimed it.
 */
async function removeCopy(
  { drill, source, restore }: Pick<DrillState, 'drill' | 'source' | 'restore'>,
  instance: Removed,
): Promise<Removed[]> {
  if (source?.kind !== 'recovery-point') {
    return (await removeInstance(rds, instance.identifier, drill.id)) ? [instance] : [];
  }
  const asked = { recoveryPoint: source.arn, since: drill.startedAt, job: restore?.job };
  const jobs = await unfinishedJobs(backup, required('RESTORE_ROLE'), asked);
  if (jobs.length > 0) return jobs.map((identifier) => ({ kind: 'restore-job', identifier }));
  const there = await removeInstance(rds, instance.identifier, drill.id, { madeSince: drill.startedAt });
  return there ? [instance] : [];
}

/** What was there. One removal's trouble does not keep the other from being asked for. */
async function stillPresent(removals: readonly Promise<Removed[]>[]): Promise<Removed[]> {
  await Promise.allSettled(removals);
  return (await Promise.all(removals)).flat();
}
