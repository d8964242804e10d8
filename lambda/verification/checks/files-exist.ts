import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { unfinished, type Judgement } from '../files/judgement';
import type { FilesFinding } from '../files/question';
import { sampledRows, type SampledRows } from '../files/sampled-rows';
import { claim, isStrongEnough, sayAside, sayClaim, sayProblemCounts, sumOfProblems } from '../files/statement';
import { inconclusive, sayProblems, showsDamage, type CheckKind, type Conclusion } from '../conclusion';
import { count } from '../text';
import { notAsked } from './query';

type FilesExist = Extract<CheckDefinition, { kind: 'files-exist' }>;

/** Has every row that names a file its file, as the restored database knows it? */
export const filesExist: CheckKind<FilesExist> = {
  conclude(check, view) {
    const { replica } = check.bucket;
    const where = replica ? `the replica of ${check.bucket.name}` : check.bucket.name;
    const expected = `every row's file is in ${where} as of the restore point ${view.plan.restorePoint}: whole, readable, and as its row says`;
    const sampled = sampledRows(view.observations, check.id);
    const unread = notRead(sampled, expected) ?? (sampled.observations.length === 0 && notAsked(check, view, expected));
    if (unread) return unread;
    if (sampled.population === 0) return inconclusive(expected, nothingNamed(sampled), { of: sampled.observations });
    const of = view.of('files').filter(({ path }) => path[0] === check.id);
    const found = of[0]?.found;
    if (!found)
      return inconclusive(expected, 'the files of the rows were not looked for', { of: sampled.observations });
    const { status, statement } = judgeRows(check, sampled, found);
    return { status, expected, observed: statement, of };
  },
};

/** What stood between the database and the keys. */
function notRead({ observations }: SampledRows, expected: string): Conclusion | null {
  const unsuitable = observations.find(({ found }) => found?.unsuitable)?.found?.unsuitable;
  if (unsuitable) return { status: 'fail', expected, observed: unsuitable, of: observations };
  const problems = observations.flatMap(({ problem, database }) => (problem ? [{ database, problem }] : []));
  if (problems.length === 0) return null;
  const observed = sayProblems(problems.map(({ problem }) => ({ problem, place: '' })));
  const shown = problems.some(({ problem }) => showsDamage(problem) || ['missing', 'data'].includes(problem.reason));
  if (shown) return { status: 'fail', expected, observed, of: observations };
  return inconclusive(expected, observed, { of: observations, problems });
}

export function judgeRows(check: FilesExist, sampled: SampledRows, found: FilesFinding): Judgement {
  const { population, rows, all } = sampled;
  if (found.trouble !== undefined) return unfinished(found, "The rows' files");
  const bad = sumOfProblems(found.counts);
  const untold = rows.filter(({ size, sha256 }) => size === undefined && sha256 === undefined).length;
  const made = claim(found.counts, all ? rows.length : Infinity, check.sample);
  const known = made.size > 0 && isStrongEnough(made, check.sample);
  const parts = [
    bad === 0 ? 'No row without its file was found' : `Rows without their file: ${sayProblemCounts(found.counts)}`,
    `of the files that ${count(population, 'row')} ${population === 1 ? 'names' : 'name'}, ${sayClaim(made, check.sample, untold === rows.length ? 'missing or unreadable' : 'missing, different or unreadable')}`,
    ...sayUnnamed(sampled),
    ...(untold > 0
      ? [
          `of ${count(untold, 'row')} that ${untold === 1 ? 'says' : 'say'} neither size nor hash, nothing could be found different`,
        ]
      : []),
    ...sayAside(found.counts),
  ];
  return { status: bad > 0 ? 'fail' : known ? 'pass' : 'inconclusive', statement: `${parts.join('; ')}.` };
}

function nothingNamed(sampled: SampledRows): string {
  return `${['The query names no file, so nothing was shown', ...sayUnnamed(sampled)].join('; ')}.`;
}

function sayUnnamed({ unnamed }: SampledRows): string[] {
  return unnamed > 0 ? [`${count(unnamed, 'row')} ${unnamed === 1 ? 'names' : 'name'} no file`] : [];
}
