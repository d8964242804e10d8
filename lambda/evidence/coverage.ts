import type { VerificationResults } from '../../lib/private/contract/verification';
import type { Facts } from './facts';
import { looked } from './files';

/** What a pass would rest on nothing without, in sentences. */
export function gaps(facts: Facts): string[] {
  const { results, definition } = facts;
  if (!results) return [];
  const passed = results.checks.some((result) => result.status === 'pass');
  const content = definition.resource.engine === 's3' ? ofFiles(facts, results) : ofTables(results);
  return [...(passed ? [] : ['Not one check passed, so nothing was shown.']), ...content];
}

function ofFiles({ state, definition }: Facts, { files = [] }: VerificationResults): string[] {
  const asked = definition.checks.length > 0;
  return [
    ...(state.restore?.files?.objects ? [] : ['Not one file was restored, so nothing was recovered.']),
    ...(asked && !files.some((one) => looked(one) > 0)
      ? ['Not one file was looked at, so nothing is known of the content.']
      : []),
  ];
}

function ofTables({ profile, checks }: VerificationResults): string[] {
  const tables = (profile?.tables ?? []).filter((table) => table.rows >= 0);
  if (tables.length === 0) return ['Not one table was counted, so nothing is known of the content.'];
  const exact = checks.some((result) => result.kind === 'baseline' && result.status === 'pass');
  return exact || tables.some((table) => table.rows > 0)
    ? []
    : ['Not one table holds a row, so nothing was recovered that could be checked.'];
}
