import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { unfinished, type Judgement } from '../files/judgement';
import type { FilesFinding } from '../files/question';
import { claim, isStrongEnough, sayAside, sayClaim, sayProblemCounts, sumOfProblems } from '../files/statement';
import { inconclusive, type CheckKind } from '../conclusion';
import { count } from '../text';

type Replica = Extract<CheckDefinition, { kind: 'replica' }>;

/** Does the replica hold what the source holds? */
export const replica: CheckKind<Replica> = {
  conclude(check, view) {
    const expected = `every object of ${check.bucket.name} that is older than ${check.bucket.replica?.lagSeconds ?? 0} s is in its replica: whole, readable, and the same`;
    const of = view.of('files').filter(({ path }) => path[0] === check.id);
    const found = of[0]?.found;
    if (!found) return inconclusive(expected, 'the replica was not looked at', { of });
    const { status, statement } = judgeReplica(check, found);
    return { status, expected, observed: statement, of };
  },
};

export function judgeReplica(check: Replica, found: FilesFinding): Judgement {
  const { counts, population, trouble } = found;
  if (trouble !== undefined) return unfinished(found, 'The replica');
  if (population === 0) {
    const statement = 'No object of the source is old enough to have to be in the replica, so nothing was shown.';
    return { status: 'inconclusive', statement };
  }
  const bad = sumOfProblems(counts);
  const made = claim(counts, population, check.sample);
  const known = made.size > 0 && isStrongEnough(made, check.sample);
  const parts = [
    `${count(population, 'object')} of the source looked for in the replica: ${bad === 0 ? 'all are there' : sayProblemCounts(counts)}`,
    `of those there, ${sayClaim(made, check.sample, 'different or unreadable')}`,
    ...sayAside(counts),
  ];
  return { status: bad > 0 ? 'fail' : known ? 'pass' : 'inconclusive', statement: `${parts.join('; ')}.` };
}
