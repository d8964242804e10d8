import type { DrillFacts, RestoreFacts, SourceFacts } from '../../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../../shared/clock';
import { patience, required } from '../../../shared/environment';
import { keys } from '../../../shared/keys';
import { NamedError, nameOf } from '../../../shared/named-error';
import { s3Clients } from '../../../shared/s3-clients';
import { scratchPrefix } from '../../../shared/scratch';
import type { Store } from '../../../shared/store';
import type { FileReason } from '../../../verification/files/engine';
import { inOrder } from '../../../verification/files/in-order';
import { fileError } from '../../files/errors';
import { restoreFile, type Route } from './copy';
import { begin, count, met, type Restored } from './restored';
import { wanted } from './wanted';

/** Longest round, seconds; what is left goes on in the next. */
const LONGEST_ROUND = 120;
/** So many rounds in a row may end in trouble without getting on. */
const TROUBLES = 4;
/** A copy of five gigabytes takes a while; a body that stops coming does not. */
const clientIn = s3Clients({ requestTimeout: 170_000, throwOnRequestTimeout: true });

/** One round of restoring files into the scratch bucket: how far it came is kept, not in state but in the state bucket. */
export async function restoreFiles(state: Store, drill: DrillFacts, source: SourceFacts): Promise<RestoreFacts> {
  const key = keys.restoredFiles(drill.id);
  const stored = await state.get<Restored>(key);
  const before = stored?.value ?? begin(now());
  // A round that dies must not take the beginning with it.
  if (!stored) await state.put(key, before);
  requireInTime(drill, before);
  const { restored, error } = await goOn(before, drill, source);
  const gotOn = restored.after !== before.after;
  const kept = { ...restored, troubles: error ? (gotOn ? 1 : before.troubles + 1) : 0 };
  await state.put(key, kept);
  if (error) {
    if (kept.troubles >= TROUBLES) throw trouble(error);
    return facts(kept, patience().poll);
  }
  if (kept.done && met(kept) === 0) throw nothingThere(source);
  return facts(kept, kept.done ? 0 : 1);
}

async function goOn(
  before: Restored,
  drill: DrillFacts,
  source: SourceFacts,
): Promise<{ readonly restored: Restored; readonly error?: unknown }> {
  const { bucket: from, region } = source.files ?? { bucket: '', region: '' };
  const route: Route = { from, scratch: required('SCRATCH_BUCKET'), under: scratchPrefix(drill.id) };
  const here = clientIn(required('AWS_REGION'));
  const deadline = Date.now() + Math.min(patience().round, LONGEST_ROUND) * 1000;
  let restored = before;
  try {
    for await (const { files, upTo } of wanted(clientIn(region), source, before.after)) {
      const { results, error } = await inOrder(
        files,
        (file) => restoreFile(here, file, route),
        () => Date.now() >= deadline,
      );
      for (const outcome of results) restored = count(restored, outcome);
      const all = results.length === files.length;
      const after = all ? upTo : files[results.length - 1]?.key;
      restored = { ...restored, after: after ?? restored.after };
      if (error) return { restored, error };
      if (!all || Date.now() >= deadline) return { restored };
    }
  } catch (error) {
    if (nameOf(error) === 'NoSuchBucket') throw nothingThere(source);
    return { restored, error };
  }
  return { restored: { ...restored, done: true, finishedAt: now() } };
}

function facts({ startedAt, done, objects, bytes }: Restored, waitSeconds: number): RestoreFacts {
  return { startedAt, instance: '', files: { done, waitSeconds, objects, bytes } };
}

function nothingThere({ files }: SourceFacts): NamedError {
  const { bucket = '', prefix = '' } = files ?? {};
  return new NamedError(
    'NoRecoverySource',
    `there is no file ${prefix === '' ? '' : `under ${prefix} `}in ${bucket} to restore`,
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

function requireInTime({ rtoSeconds }: DrillFacts, { startedAt, objects }: Restored): void {
  const elapsed = secondsBetween(startedAt, now());
  const limit = Math.min(rtoSeconds, patience().available);
  if (elapsed <= limit) return;
  const which = limit === rtoSeconds ? 'the RTO objective' : 'the patience for a restore';
  throw new NamedError(
    'NotAvailableInTime',
    `after ${Math.round(elapsed)} s ${objects} files are restored and more are not; ${which} is ${limit} s`,
  );
}
