import type { DrillFacts, SourceFacts } from '../../lib/private/contract/drill';
import { keys } from './keys';
import { NamedError } from './named-error';
import type { RestoreNote } from './restore-note';
import type { Store } from './store';

/**
 * What a drill leaves in the state bucket before it asks AWS Backup to restore to a bucket: files carry no tags, so this is how
 * the sweeper knows whose they are. There is one for each such bucket, and the next drill waits until the last one's are gone.
 */
export interface BucketRestoreNote extends Omit<RestoreNote, 'instance'> {
  readonly bucket: string;
  /** Keys that begin with it were restored; empty: all. */
  readonly prefix: string;
  /** Since when nothing of it is there any more, RFC 3339. */
  readonly goneAt?: string;
}

/**
 * Leaves the note, or reads back the one that an earlier attempt left.
 * @param check throws where the bucket is not fit for a first attempt
 */
export async function leaveBucketNote(
  state: Store,
  drill: DrillFacts,
  source: SourceFacts,
  time: string,
  check: () => Promise<void>,
): Promise<BucketRestoreNote> {
  const { restoredTo: bucket = '', prefix = '' } = source.files ?? {};
  const key = keys.bucketRestore(bucket);
  const before = await state.get<BucketRestoreNote>(key);
  if (before?.value.drill === drill.id) return before.value;
  if (before && before.value.goneAt === undefined) throw taken(before.value);
  await check();
  const note: BucketRestoreNote = {
    site: drill.site,
    drill: drill.id,
    execution: drill.execution,
    expires: drill.expiresAt,
    bucket,
    prefix,
    recoveryPoint: source.arn,
    token: drill.names.instance,
    requestedAt: time,
    startedAt: drill.startedAt,
  };
  if (await state.put(key, note, before ? { etag: before.etag } : 'absent')) return note;
  const now = await state.get<BucketRestoreNote>(key);
  if (now?.value.drill !== drill.id) throw taken(now?.value ?? note);
  return now.value;
}

function taken({ drill, bucket, expires }: BucketRestoreNote): NamedError {
  return new NamedError(
    'NameTaken',
    `what drill ${drill} restored to ${bucket} is not known to be gone; the sweeper removes it after ${expires}`,
  );
}

/** The note of a drill about a bucket; null where it asked for no restore to it. */
export async function bucketNoteOf(state: Store, bucket: string, drill: string): Promise<BucketRestoreNote | null> {
  const note = await state.get<BucketRestoreNote>(keys.bucketRestore(bucket));
  return note?.value.drill === drill ? note.value : null;
}

/** Notes about what may still be there. */
export async function openBucketNotes(state: Store): Promise<BucketRestoreNote[]> {
  const notes = await Promise.all(
    (await state.list(keys.bucketRestores())).map((key) => state.get<BucketRestoreNote>(key)),
  );
  return notes.flatMap((note) => (note && note.value.goneAt === undefined ? [note.value] : []));
}

/** From now on the bucket is free for the next drill. */
export async function closeBucketNote(state: Store, { bucket, drill }: BucketRestoreNote, time: string): Promise<void> {
  const key = keys.bucketRestore(bucket);
  const note = await state.get<BucketRestoreNote>(key);
  if (note?.value.drill !== drill || note.value.goneAt !== undefined) return;
  await state.put(key, { ...note.value, goneAt: time } satisfies BucketRestoreNote, { etag: note.etag });
}
