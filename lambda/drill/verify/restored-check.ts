import type { CheckResult, CheckStatus } from '../../../lib/private/contract/checks';
import type { SourceFacts } from '../../../lib/private/contract/drill';
import type { Profile } from '../../../lib/private/contract/verification';
import { FILES_RESTORED, restoredBefore, size } from '../../evidence/restored-files';
import { met, type Restored } from '../restore/files/restored';
import { comparedSaid } from './compared';

/** Below this part of what the last passed drill restored, something was lost. */
const LEAST_PART = 0.5;

/** What restoring files came to, as a check: each could be copied and read, and they are no small rest of what there was. */
export function restoredCheck(restored: Restored, source: SourceFacts, last: Profile | undefined): CheckResult {
  const { objects, bytes, problems, tooLarge, archived, gone, undone, finishedAt, startedAt, job } = restored;
  const before = last && restoredBefore(last, source);
  // What is archived is not lost.
  const fell = before !== undefined && objects + archived < before * LEAST_PART;
  const said = [
    `${objects} of ${met(restored)} files restored, ${size(bytes)}`,
    ...(fell
      ? [
          `the last passed drill restored ${before}: if that many were deleted on purpose, remove the resource's last-passed.json from the state bucket and drill again`,
        ]
      : []),
    ...(job?.issues ? [`AWS Backup did not restore everything, and says: ${job.issues}`] : []),
    ...problems.map(({ problem, count, detail }) => `${count} ${problem}: ${detail}`),
    ...(job ? comparedSaid(restored, source) : []),
    ...(tooLarge > 0
      ? [`${tooLarge} are larger, or their names longer, than one copy may be, and were not restored`]
      : []),
    ...(archived > 0
      ? [
          `${archived} are archived, and were not restored: S3 copies them only once they are brought back, which takes hours and is part of a real recovery`,
        ]
      : []),
    ...(gone > 0 ? [`${gone} were deleted while the drill ran`] : []),
    ...(source.kind === 'versions'
      ? [undone > 0 ? `${undone} of them undone changes` : 'nothing had to be undone']
      : []),
  ];
  return {
    id: FILES_RESTORED,
    kind: 'standard',
    status: fell ? 'fail' : statusOf(restored),
    expected: `every file ${job ? 'that the bucket held restored by AWS Backup' : 'restored to the scratch bucket'} and read there: up to 32 MB whole, with its size and the checksum that S3 keeps, a larger one its first byte and its size; and at least half as many as in the last passed drill`,
    observed: said.join('; ').slice(0, 1000),
    finishedAt: finishedAt ?? startedAt,
  };
}

/** A job that restored some files, or none, is COMPLETED all the same: its message alone says so. */
function statusOf({ done, objects, problems, tooLarge, archived, job, compared }: Restored): CheckStatus {
  if (problems.length > 0 || job?.issues) return 'fail';
  // A bucket that is gone is what a recovery is for.
  if (compared?.unlisted === 'denied') return 'inconclusive';
  return done && tooLarge + archived === 0 && objects > 0 ? 'pass' : 'inconclusive';
}
