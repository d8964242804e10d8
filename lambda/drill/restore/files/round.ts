import type { BackupClient } from '@aws-sdk/client-backup';
import type { DrillFacts, RestoreFacts, SourceFacts } from '../../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../../shared/clock';
import { patience, required } from '../../../shared/environment';
import { keys } from '../../../shared/keys';
import { NamedError, nameOf } from '../../../shared/named-error';
import { s3Clients } from '../../../shared/s3-clients';
import { scratchPrefix } from '../../../shared/scratch';
import type { Store } from '../../../shared/store';
import { nextWait } from '../../../shared/waits';
import type { FileReason } from '../../../verification/files/engine';
import { inOrder } from '../../../verification/files/in-order';
import { fileError } from '../../files/errors';
import { missed } from './absent';
import { jobStep } from './backup-job';
import { beside } from './beside';
import { restoreFile, type Route } from './copy';
import { heldIn } from './held';
import { readBack } from './read-back';
import { begin, count, met, NOTHING_COMPARED, type Outcome, type Restored } from './restored';
import { newest, wanted, type Wanted, type WantedPage } from './wanted';

/** Longest round, seconds; what is left goes on in the next. */
const LONGEST_ROUND = 120;
/** So many rounds in a row may end in trouble without getting on. */
const TROUBLES = 4;
/** A copy of five gigabytes takes a while; a body that stops coming does not. */
const clientIn = s3Clients({ requestTimeout: 170_000, throwOnRequestTimeout: true });

/**
 * One round of restoring files into the scratch bucket, or of reading what AWS Backup restored: how far it came is kept, not in
 * state but in the state bucket.
 */
export async function restoreFiles(
  state: Store,
  backup: BackupClient,
  drill: DrillFacts,
  source: SourceFacts,
): Promise<RestoreFacts> {
  const key = keys.restoredFiles(drill.id);
  const stored = await state.get<Restored>(key);
  const begun = stored?.value ?? begin(now());
  // A round that dies must not take the beginning with it.
  if (!stored) await state.put(key, begun);
  const limit = requireInTime(drill, begun);
  const before = source.files?.restoredTo === undefined ? begun : await awaitJob(state, backup, drill, source, begun);
  if (before.job && before.job.issues === undefined) {
    const elapsed = secondsBetween(before.startedAt, now());
    return facts(before, nextWait(elapsed, limit, drill.lastRestoreSeconds));
  }
  const { restored, error } = await goOn(before, drill, source);
  const gotOn = restored.after !== before.after;
  const kept = { ...restored, troubles: error ? (gotOn ? 1 : before.troubles + 1) : 0 };
  await state.put(key, kept);
  if (error) {
    if (kept.troubles >= TROUBLES) throw trouble(error);
    return facts(kept, patience().poll);
  }
  if (kept.done && met(kept) === 0) throw nothingThere(source, kept.job?.issues);
  return facts(kept, kept.done ? 0 : 1);
}

/** What AWS Backup restores takes a job first. */
async function awaitJob(
  state: Store,
  backup: BackupClient,
  drill: DrillFacts,
  source: SourceFacts,
  before: Restored,
): Promise<Restored> {
  if (before.job?.issues !== undefined) return before;
  const asked = { backup, state, s3: clientIn(required('AWS_REGION')) };
  const restored = { ...before, job: await jobStep(asked, drill, source, before.job) };
  await state.put(keys.restoredFiles(drill.id), restored);
  return restored;
}

/** What files there are, and what is done with each. */
interface Work {
  readonly pages: (after: string | null) => AsyncGenerator<WantedPage>;
  readonly each: (file: Wanted) => Promise<Outcome>;
}

function workOf(drill: DrillFacts, source: SourceFacts): Work {
  const { bucket: from, region, prefix, restoredTo } = source.files ?? { bucket: '', region: '', prefix: '' };
  const here = clientIn(required('AWS_REGION'));
  if (restoredTo !== undefined) {
    return {
      pages: (after) => beside(newest(here, restoredTo, prefix, after), heldIn(clientIn(region), source, after)),
      each: (file) => (file.absent ? missed(clientIn(region), from, file) : readBack(here, restoredTo, file)),
    };
  }
  const route: Route = { from, scratch: required('SCRATCH_BUCKET'), under: scratchPrefix(drill.id) };
  return {
    pages: (after) => wanted(clientIn(region), source, after),
    each: (file) => restoreFile(here, file, route),
  };
}

async function goOn(
  before: Restored,
  drill: DrillFacts,
  source: SourceFacts,
): Promise<{ readonly restored: Restored; readonly error?: unknown }> {
  const { pages, each } = workOf(drill, source);
  const deadline = Date.now() + Math.min(patience().round, LONGEST_ROUND) * 1000;
  let restored = before;
  try {
    for await (const { files, upTo, unlisted } of pages(before.after)) {
      if (unlisted) restored = { ...restored, compared: { ...(restored.compared ?? NOTHING_COMPARED), unlisted } };
      const { results, error } = await inOrder(files, each, () => Date.now() >= deadline);
      for (const outcome of results) restored = count(restored, outcome);
      const all = results.length === files.length;
      const after = all ? upTo : files[results.length - 1]?.key;
      restored = { ...restored, after: after ?? restored.after };
      if (error) return { restored, error };
      if (!all || Date.now() >= deadline) return { restored };
    }
  } catch (error) {
    if (nameOf(error) === 'NoSuchBucket' && source.kind !== 'recovery-point') throw nothingThere(source);
    return { restored, error };
  }
  return { restored: { ...restored, done: true, finishedAt: now() } };
}

function facts({ startedAt, done, objects, bytes, job }: Restored, waitSeconds: number): RestoreFacts {
  return { startedAt, instance: '', ...(job?.id && { job: job.id }), files: { done, waitSeconds, objects, bytes } };
}

function nothingThere({ files, recoveryPoint }: SourceFacts, issues = ''): NamedError {
  const { bucket = '', prefix = '' } = files ?? {};
  const under = prefix === '' ? '' : `under ${prefix} `;
  const said = issues === '' ? '' : `, and says: ${issues}`;
  return new NamedError(
    'NoRecoverySource',
    recoveryPoint
      ? `AWS Backup restored no file ${under}of ${bucket}${said}`
      : `there is no file ${under}in ${bucket} to restore`,
  );
}

const NAMES: Readonly<Record<FileReason, string>> = {
  throttled: 'SlowDown',
  denied: 'AccessDenied',
  missing: 'FilesFailed',
  damaged: 'FilesFailed',
  other: 'FilesFailed',
};

/** In our own words: those of S3 name keys, which may be personal data. */
function trouble(error: unknown): NamedError {
  const { reason, message } = fileError(error);
  return new NamedError(NAMES[reason], message);
}

/** @returns how long restoring may take in all, seconds */
function requireInTime({ rtoSeconds }: DrillFacts, { startedAt, objects }: Restored): number {
  const elapsed = secondsBetween(startedAt, now());
  const limit = Math.min(rtoSeconds, patience().available);
  if (elapsed <= limit) return limit;
  const which = limit === rtoSeconds ? 'the RTO objective' : 'the patience for a restore';
  throw new NamedError(
    'NotAvailableInTime',
    `after ${Math.round(elapsed)} s ${objects} files are restored and more are not; ${which} is ${limit} s`,
  );
}
