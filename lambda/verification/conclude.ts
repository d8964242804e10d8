import type { CheckDefinition, CheckResult, StandardCheckName } from '../../lib/private/contract/checks';
import type { FilesResult } from '../../lib/private/contract/files';
import type { Profile, VerificationPlan } from '../../lib/private/contract/verification';
import { KINDS, STANDARD } from './checks';
import { compareWithBaseline } from './checks/baseline';
import { judgeRows } from './checks/files-exist';
import { judgeReplica } from './checks/replica';
import { inconclusive, resultOf, type CheckKind, type Knowledge } from './conclusion';
import { filesResult } from './files/judgement';
import { sampledRows } from './files/sampled-rows';
import type { Observation } from './observations';
import { profileOf } from './profile';
import { View } from './view';

/**
 * Draws all conclusions from what was seen. Pure: the same observations always give the same results, without a clock.
 * Every check of the plan and every standard check has a result, whatever was seen; where nothing was, it is inconclusive.
 */
export function conclude(
  plan: VerificationPlan,
  observations: readonly Observation[],
  knowledge: Knowledge,
): { checks: CheckResult[]; profile: Profile; files: FilesResult[] } {
  const view = new View(plan, observations);
  // A bucket has no schema, no settings and no tables.
  const standing = plan.engine === 's3' ? [] : (Object.keys(STANDARD) as StandardCheckName[]);
  const standard = standing.map((name) => standardResult(name, view, knowledge));
  const own = plan.checks.map((check) => ownResult(check, view, knowledge));
  const { baseline } = knowledge;
  const compared = baseline ? [resultOf('baseline', 'baseline', view, () => compareWithBaseline(view, baseline))] : [];
  return { checks: [...standard, ...own, ...compared], profile: profileOf(view), files: filesOf(view) };
}

function standardResult(name: StandardCheckName, view: View, knowledge: Knowledge): CheckResult {
  const without = view.plan.withoutChecks.find((each) => each.check === name);
  if (!without) return resultOf(name, 'standard', view, () => STANDARD[name].conclude(view, knowledge));
  const skipped = resultOf(name, 'standard', view, () => inconclusive('not asked for', `left out: ${without.reason}`));
  return { ...skipped, status: 'skipped' };
}

function ownResult(check: CheckDefinition, view: View, knowledge: Knowledge): CheckResult {
  const kind = (Object.hasOwn(KINDS, check.kind) ? KINDS[check.kind] : undefined) as
    CheckKind<CheckDefinition> | undefined;
  return resultOf(check.id, check.kind, view, () =>
    kind
      ? kind.conclude(check, view, knowledge)
      : inconclusive(
          'an answer',
          `there is no check of kind ${String(check.kind)}; allowed: ${Object.keys(KINDS).join(', ')}; deploy the site again`,
        ),
  );
}

/** What evidence keeps of each check of files that came to an end. */
function filesOf(view: View): FilesResult[] {
  return view.plan.checks.flatMap((check) => {
    if (check.kind !== 'replica' && check.kind !== 'files-exist') return [];
    const found = view.of('files').find(({ path }) => path[0] === check.id)?.found;
    if (!found) return [];
    const rows = check.kind === 'files-exist' ? sampledRows(view.observations, check.id) : null;
    const { statement } = check.kind === 'files-exist' ? judgeRows(check, rows!, found) : judgeReplica(check, found);
    const population = rows?.population ?? found.population;
    return [filesResult(check, view.plan.seed, { ...found, population }, statement)];
  });
}
