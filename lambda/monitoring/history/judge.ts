import { judgeDurations, judgeRate } from './judge-jobs';
import { judgeBackupStorage, judgeRows, judgeSizes } from './judge-sizes';
import type { Observed } from './observed';
import type { Usual } from './usual';
import type { Watched } from './watched';

/** All that a resource's days show, the last of them above all. */
export function judge(usual: Usual, { sources }: Watched, day: string): Observed[] {
  return [
    ...judgeSizes(usual, day),
    ...judgeRows(usual, day),
    ...judgeBackupStorage(usual, day),
    ...judgeDurations(usual, sources, day),
    ...judgeRate(usual, day),
  ];
}
