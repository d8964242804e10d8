import type { VerificationPlan } from '../../../lib/private/contract/verification';
import type { Observation } from '../observations';
import type { FilesCheck } from './judgement';
import { seedFor } from './keys';
import type { Cursor, FilesFinding, Question } from './question';
import { sampledRows } from './sampled-rows';
import { NOTHING, Tally } from './tally';

/** Rows that one question carries; a payload holds more, a round works on no more. */
const ROWS = 1_000;

/** The first check of files that can be asked and has no answer yet. */
export function unanswered(plan: VerificationPlan, seen: readonly Observation[]): FilesCheck | undefined {
  const answered = new Set(seen.filter(({ probe }) => probe === 'files').map(({ path }) => path[0]));
  const checks = plan.checks.filter(
    (check): check is FilesCheck => check.kind === 'replica' || check.kind === 'files-exist',
  );
  return checks.find((check) => !answered.has(check.id) && (check.kind === 'replica' || hasRows(seen, check.id)));
}

/** Where the database did not answer, or named no file, there is nothing to look for. */
function hasRows(seen: readonly Observation[], check: string): boolean {
  const { rows, observations } = sampledRows(seen, check);
  return rows.length > 0 && observations.every(({ problem, found }) => !problem && !found?.unsuitable);
}

/** What is asked of files, from the plan and from what the database answered; of rows, those that are next. */
export function questionOf(
  check: FilesCheck,
  plan: VerificationPlan,
  seen: readonly Observation[],
  reference: string,
  cursor: Cursor | null,
): Question {
  if (check.kind === 'replica') {
    const { bucket, sample } = check;
    return { kind: 'replica', bucket, sample, seed: seedFor(plan.seed, check.id), reference };
  }
  const { rows } = sampledRows(seen, check.id);
  const done = cursor?.phase === 'rows' ? cursor.done : 0;
  const next = rows.slice(done, done + ROWS);
  return { kind: 'rows', bucket: check.bucket, restorePoint: plan.restorePoint, rows: next, total: rows.length };
}

/** What was found of a question that is given up. */
export function leftOpen(cursor: Cursor | null, asOf: string, trouble: string): FilesFinding {
  const tally = new Tally(cursor && 'counts' in cursor ? cursor.counts : NOTHING);
  tally.settle();
  const population = cursor && 'population' in cursor ? cursor.population : 0;
  return { population, counts: tally.toJSON(), asOf, trouble };
}
