import type { CheckDefinition, Expectation } from '../../../lib/private/contract/checks';
import type { VerificationPlan } from '../../../lib/private/contract/verification';
import type { Task } from '../tasks';
import { lacksOfMessage } from './privileges';

type QueryCheck = Extract<CheckDefinition, { kind: 'query' }>;

/**
 * One task per query. Without a database of its own a query belongs to the only database that holds tables, or to the only
 * one at all; where there are several nothing is asked, and its conclusion says so.
 */
export function queryTasks(
  plan: VerificationPlan,
  databases: readonly string[],
  holding: readonly string[],
): Task<'query'>[] {
  const checks = plan.checks.filter((check): check is QueryCheck => check.kind === 'query');
  return checks.flatMap((check) => {
    const database = databaseOf(check, databases, holding);
    if (database === undefined) return [];
    return [
      {
        unit: { probe: 'query', database, path: [check.id] },
        reading: 'freely',
        async run(session) {
          const { columns, rows } = await session.sample(check.sql, 2);
          const value = rows[0]?.[0] ?? null;
          return { rows: rows.length, columns, value: value === null ? null : value.slice(0, enough(check.expect)) };
        },
        lacks: lacksOfMessage,
      } satisfies Task<'query'>,
    ];
  });
}

/** Where a user's query belongs; nothing where that is not known, or not there. */
export function databaseOf(
  check: { readonly database?: string },
  databases: readonly string[],
  holding: readonly string[],
): string | undefined {
  const usual = holding.length === 1 ? holding[0] : databases.length === 1 ? databases[0] : undefined;
  const database = check.database ?? usual;
  return database !== undefined && databases.includes(database) ? database : undefined;
}

/** Characters to keep: more than are shown, and one more than what it must equal, so that a longer value never does. */
function enough(expect: Expectation): number {
  return Math.max(1_000, 'equals' in expect ? expect.equals.length + 1 : 0);
}
