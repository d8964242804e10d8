import type { CheckDefinition, CheckStatus } from '../../../lib/private/contract/checks';
import type { FileProblem, FilesResult } from '../../../lib/private/contract/files';
import { seedFor } from './keys';
import type { FilesFinding } from './question';
import type { Stratum } from './sampler';
import { sayProblemCounts, sumOfProblems } from './statement';
import { plain } from '../text';

export type FilesCheck = Extract<CheckDefinition, { kind: 'replica' | 'files-exist' }>;

/** What a check of files comes to: its status, and what may be said of the whole. */
export interface Judgement {
  readonly status: Exclude<CheckStatus, 'skipped'>;
  readonly statement: string;
}

/** Of what S3 did not let us finish. What was shown bad stays bad. */
export function unfinished(found: FilesFinding, where: string): Judgement {
  const bad = sumOfProblems(found.counts) > 0;
  const so = bad ? ` Found until then: ${sayProblemCounts(found.counts)}.` : '';
  const why = plain(found.trouble ?? '', 300).replace(/\.$/, '');
  return {
    status: bad ? 'fail' : 'inconclusive',
    statement: `${where} could not be looked at to the end: ${why}.${so}`,
  };
}

const STRATA: readonly Stratum[] = ['random', 'newest', 'largest', 'every'];

/** What evidence keeps of a check of files, beside its result. */
export function filesResult(check: FilesCheck, drillSeed: string, found: FilesFinding, statement: string): FilesResult {
  const { counts, population, asOf, completeUntil } = found;
  return {
    check: check.id,
    bucket: check.bucket.name,
    population,
    strata: STRATA.flatMap((name) => {
      const checked = counts.strata[name] ?? 0;
      return checked > 0 ? [{ name, checked }] : [];
    }),
    seed: seedFor(drillSeed, check.id),
    problems: (Object.entries(counts.problems) as [FileProblem, number][])
      .map(([problem, times]) => ({ problem, count: times }))
      .sort((a, b) => b.count - a.count),
    examples: counts.examples.map((example) => ({ ...example, detail: plain(example.detail, 300) })),
    statement,
    asOf,
    ...(completeUntil !== undefined && { completeUntil }),
  };
}
