import type { CheckResult, StandardCheckName } from '../../lib/private/contract/checks';
import type { DrillDefinition } from '../../lib/private/contract/drill';
import type { Facts } from './facts';
import { FILES_RESTORED } from './restored-files';

/** A record, so that a standard check added to the contract cannot be forgotten here. */
const STANDARD: Record<StandardCheckName, true> = {
  connect: true,
  settings: true,
  migrations: true,
  'table-set': true,
  'foreign-keys': true,
  'no-table-emptied': true,
};

/**
 * Ids of the checks without which a drill cannot pass: the standard ones that were not left out, and the declared ones.
 * Standard checks are of databases: a bucket has none.
 */
export function requiredChecks(definition: DrillDefinition): string[] {
  const declared = definition.checks.map((check) => check.id);
  if (definition.resource.engine === 's3') return [FILES_RESTORED, ...declared];
  const left = leftOut(definition);
  return [...Object.keys(STANDARD).filter((id) => !left.has(id)), ...declared];
}

/** Standard checks left out on request, and why. */
export function leftOut(definition: DrillDefinition): Map<string, string> {
  return new Map(definition.withoutChecks.map(({ check, reason }) => [check, reason]));
}

/** Whether this result may be skipped: only a standard check that the plan left out with a reason. */
export function maySkip(definition: DrillDefinition, result: CheckResult): boolean {
  return result.kind === 'standard' && leftOut(definition).has(result.id);
}

/** Results of the required checks; null unless every one of them is there and has passed. */
export function requiredPassed({ definition, results }: Facts): CheckResult[] | null {
  if (!results) return null;
  const required = new Set(requiredChecks(definition));
  const found = results.checks.filter((result) => required.has(result.id));
  const everyOne = new Set(found.map((result) => result.id)).size === required.size;
  return everyOne && found.length > 0 && found.every((result) => result.status === 'pass') ? found : null;
}
