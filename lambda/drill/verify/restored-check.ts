import type { CheckResult, CheckStatus } from '../../../lib/private/contract/checks';
import { FILES_RESTORED, size } from '../../evidence/restored-files';
import type { Restored } from '../restore/files/restored';

/** What restoring files came to, as a check: each could be copied and read where it was restored to. */
export function restoredCheck(restored: Restored): CheckResult {
  const { objects, bytes, problems, tooLarge, finishedAt, startedAt } = restored;
  const said = [
    `${objects} of ${objects + tooLarge + bad(restored)} files restored, ${size(bytes)}`,
    ...problems.map(({ problem, count, detail }) => `${count} ${problem}: ${detail}`),
    ...(tooLarge > 0
      ? [`${tooLarge} are larger, or their names longer, than one copy may be, and were not restored`]
      : []),
  ];
  return {
    id: FILES_RESTORED,
    kind: 'standard',
    status: statusOf(restored),
    expected: 'every file restored to the scratch bucket and read there, with its size and checksum',
    observed: said.join('; ').slice(0, 1000),
    finishedAt: finishedAt ?? startedAt,
  };
}

function statusOf(restored: Restored): CheckStatus {
  if (bad(restored) > 0) return 'fail';
  return restored.done && restored.tooLarge === 0 && restored.objects > 0 ? 'pass' : 'inconclusive';
}

function bad({ problems }: Restored): number {
  return problems.reduce((sum, { count }) => sum + count, 0);
}
