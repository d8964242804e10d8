import { S3Client } from '@aws-sdk/client-s3';
import type { DrillFacts, RestoreFacts, SourceFacts } from '../../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../../shared/clock';
import { patience, required } from '../../../shared/environment';
import { keys } from '../../../shared/keys';
import { NamedError } from '../../../shared/named-error';
import { scratchPrefix } from '../../../shared/scratch';
import type { Store } from '../../../shared/store';
import { inOrder } from '../../../verification/files/in-order';
import { restoreFile, type Route } from './copy';
import { begin, count, type Restored } from './restored';
import { wanted } from './wanted';

/** Longest round, seconds; what is left goes on in the next. */
const LONGEST_ROUND = 120;

/** One round of restoring files into the scratch bucket: how far it came is kept, not in state but in the state bucket. */
export async function restoreFiles(state: Store, drill: DrillFacts, source: SourceFacts): Promise<RestoreFacts> {
  const stored = await state.get<Restored>(keys.restoredFiles(drill.id));
  const before = stored?.value ?? begin(now());
  requireInTime(drill, before);
  const { bucket: from, region } = source.files ?? { bucket: '', region: '' };
  const route: Route = { from, scratch: required('SCRATCH_BUCKET'), under: scratchPrefix(drill.id) };
  const there = new S3Client({ region });
  const here = new S3Client();
  const deadline = Date.now() + Math.min(patience().round, LONGEST_ROUND) * 1000;
  let restored = before;
  for await (const page of wanted(there, source, before.after)) {
    const { results, error } = await inOrder(
      page,
      (file) => restoreFile(here, file, route),
      () => Date.now() >= deadline,
    );
    for (const outcome of results) restored = count(restored, outcome);
    if (results.length > 0) restored = { ...restored, after: page[results.length - 1].key };
    if (error || results.length < page.length || Date.now() >= deadline) {
      await state.put(keys.restoredFiles(drill.id), restored);
      if (error) throw error;
      return facts(restored, 1);
    }
  }
  if (restored.objects + restored.tooLarge + restored.problems.length === 0) {
    throw new NamedError(
      'NoRecoverySource',
      `there is no file ${source.files?.prefix ? `under ${source.files.prefix} ` : ''}in ${from} to restore`,
    );
  }
  restored = { ...restored, done: true, finishedAt: now() };
  await state.put(keys.restoredFiles(drill.id), restored);
  return facts(restored, 0);
}

function facts({ startedAt, done, objects, bytes }: Restored, waitSeconds: number): RestoreFacts {
  return { startedAt, instance: '', files: { done, waitSeconds, objects, bytes } };
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
