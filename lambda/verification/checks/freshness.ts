import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { inconclusive, sayProblems, showsDamage, type CheckKind } from '../conclusion';
import { resolveTable } from './resolve';

type Freshness = Extract<CheckDefinition, { kind: 'freshness' }>;

/**
 * How new is the newest row? It measures, and the judge compares with the objective. It fails where that cannot be measured
 * from this data: no rows, rows from after the restore point, or older ones than a drill has already seen.
 */
export const freshness: CheckKind<Freshness> = {
  conclude(check, view, knowledge) {
    const expected = `the newest ${check.column} of ${check.table}, not after the restore point ${view.plan.restorePoint} and not behind the last passed drill`;
    const table = resolveTable(check.table, view);
    if ('said' in table)
      return { status: table.status, expected, observed: table.said, problems: view.problemsOf('database') };
    const of = view
      .of('freshness')
      .filter(
        ({ database, path: [id, schema, name] }) =>
          id === check.id &&
          database === table.found.database &&
          schema === table.found.schema &&
          name === table.found.name,
      );
    const [seen] = of;
    if (!seen) return inconclusive(expected, `${check.column} was not asked`);
    if (seen.problem) {
      const observed = sayProblems([{ problem: seen.problem, place: '' }]);
      if (showsDamage(seen.problem) || seen.problem.reason === 'data')
        return { status: 'fail', expected, observed, of };
      return inconclusive(expected, observed, { of, problems: [{ database: seen.database, problem: seen.problem }] });
    }
    const found = seen.found;
    if (!found) return inconclusive(expected, `${check.column} was not answered`, { of });
    const fail = (observed: string, newestRow?: string) => ({
      status: 'fail' as const,
      expected,
      observed,
      of,
      ...(newestRow ? { newestRow } : {}),
    });
    const name = view.name(table.found);
    if (found.unsuitable) return fail(`${name}: ${found.unsuitable}`);
    if (found.empty) return fail(`${name} holds no rows`);
    const newest = found.newest ?? undefined;
    if (found.after !== null) {
      return fail(
        `contaminated: ${name} holds a row of ${found.after}, which is more than a minute after the restore point; something writes into the copy, or the column holds future dates`,
        newest,
      );
    }
    if (!newest) return fail(`${check.column} of ${name} holds no moment up to the restore point`);
    const before = knowledge.lastPassed?.profile.newest[check.id];
    if (before && newest < before && Date.parse(before) <= Date.parse(view.plan.restorePoint)) {
      return fail(
        `the newest row is of ${newest}, the drill passed at ${knowledge.lastPassed?.at} saw one of ${before}: restored content is older than asked, or rows are lost`,
        newest,
      );
    }
    return { status: 'pass', expected, observed: `the newest row is of ${newest}`, of, newestRow: newest };
  },
};
