import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { inconclusive, sayProblems, showsDamage, type CheckKind, type Conclusion } from '../conclusion';
import { count, number } from '../text';
import { resolveTable } from './resolve';

type RowCount = Extract<CheckDefinition, { kind: 'row-count' }>;

/** Does a table hold as many rows as promised? A partitioned table counts as the sum of its partitions. */
export const rowCount: CheckKind<RowCount> = {
  conclude(check, view) {
    const expected = expectation(check);
    const table = resolveTable(check.table, view);
    if ('said' in table)
      return { status: table.status, expected, observed: table.said, problems: view.problemsOf('database') };
    const parts = view.partsOf(table.found);
    const of = (parts ?? [table.found]).flatMap((part) => part.observations);
    const problems = of.flatMap((seen) => (seen.problem ? [{ database: seen.database, problem: seen.problem }] : []));
    // A partition that could not be read does not even say whose it is.
    if (!parts)
      return unread(
        expected,
        view.problemsOf('table').filter((each) => each.database === table.found.database),
        of,
      );
    if (problems.length > 0 || parts.some((part) => part.rows === null)) return unread(expected, problems, of);
    const rows = parts.reduce((sum, part) => sum + (part.rows ?? 0), 0);
    const fits = rows >= (check.atLeast ?? 0) && rows <= (check.atMost ?? Infinity);
    const unlogged = table.found.holds === 'unlogged' ? '; it is unlogged, hence empty after any restore' : '';
    return {
      status: fits ? 'pass' : 'fail',
      expected,
      observed: `${count(rows, 'row')} in ${view.name(table.found)}${unlogged}`,
      of,
    };
  },
};

function expectation({ table, atLeast, atMost }: RowCount): string {
  if (atLeast !== undefined && atMost !== undefined) return `${number(atLeast)} to ${number(atMost)} rows in ${table}`;
  if (atLeast !== undefined) return `at least ${number(atLeast)} rows in ${table}`;
  return atMost !== undefined ? `at most ${number(atMost)} rows in ${table}` : `rows of ${table} counted`;
}

function unread(expected: string, problems: NonNullable<Conclusion['problems']>, of: Conclusion['of']): Conclusion {
  const said = sayProblems(problems.map(({ problem }) => ({ problem, place: '' }))) || 'not every row was asked';
  if (problems.some(({ problem }) => showsDamage(problem))) return { status: 'fail', expected, observed: said, of };
  return inconclusive(expected, said, { of, problems });
}
