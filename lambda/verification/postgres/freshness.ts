import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { FreshnessFinding } from '../observations';
import type { Database } from '../port';
import { matchColumn, matches, parseReference } from '../references';
import type { Task, TaskContext } from '../tasks';
import { list, plain, quoted } from '../text';
import type { CatalogTable } from './catalog';
import { identifier, qualified } from './identifiers';
import { lacksOnTable } from './privileges';

type FreshnessCheck = Extract<CheckDefinition, { kind: 'freshness' }>;

/** The restore point has whole seconds, so a row of the second after it may rightly be there. */
const TOLERANCE_MS = 1_000;
/** Clocks of applications run ahead a little. What is written into a copy is minutes late: it takes that long to restore. */
const CLOCKS_APART_MS = 60_000;

/** One task per freshness check and table of this database that its reference meets. */
export function freshnessTasks(
  database: string,
  tables: readonly CatalogTable[],
  context: TaskContext,
): Task<'freshness'>[] {
  const places = tables.map((table) => ({ database, schema: table.schema, name: table.name }));
  const checks = context.plan.checks.filter((check): check is FreshnessCheck => check.kind === 'freshness');
  return checks.flatMap((check) => {
    const reference = parseReference(check.table);
    if (typeof reference === 'string') return [];
    return matches(reference, places).map(({ schema, name }): Task<'freshness'> => ({
      unit: { probe: 'freshness', database, path: [check.id, schema, name] },
      reading: 'freely',
      run: (session) => newest(session, schema, name, check.column, context.plan.restorePoint),
      lacks: (session) => lacksOnTable(session, schema, name),
    }));
  });
}

async function newest(
  session: Database,
  schema: string,
  table: string,
  column: string,
  restorePoint: string,
): Promise<FreshnessFinding> {
  const [limit, late] = [TOLERANCE_MS, CLOCKS_APART_MS].map((ms) =>
    new Date(Date.parse(restorePoint) + ms).toISOString(),
  );
  const moment = await momentOf(session, schema, table, column);
  if ('unsuitable' in moment) return { unsuitable: moment.unsuitable, empty: false, newest: null, after: null };
  const { value, border, lateBorder } = moment;
  const from = `from ${qualified(schema, table)} as r`;
  const [row] = await session.query<{ filled: boolean; newest: string | null; after: string | null }>(
    `select exists (select 1 ${from}) as filled,
            to_char(date_trunc('milliseconds', (select max(${value}) ${from} where ${value} <= ${border} and isfinite(${value})))::timestamptz
              at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as newest,
            (select max(${value}) ${from} where ${value} > ${lateBorder} and isfinite(${value}))::text as after`,
    [limit, late],
  );
  return { empty: !row.filled, newest: row.newest, after: row.after === null ? null : plain(row.after, 100) };
}

/** How to read a column as a moment: time zones absent are UTC, text is parsed by the server. */
async function momentOf(
  session: Database,
  schema: string,
  table: string,
  column: string,
): Promise<{ value: string; border: string; lateBorder: string } | { unsuitable: string }> {
  const columns = await session.query<{ name: string; type: string }>(
    `select a.attname::text as name, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null) as type
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [schema, table],
  );
  const name = matchColumn(
    column,
    columns.map((each) => each.name),
  );
  if (name === undefined) {
    return {
      unsuitable: `there is no column ${quoted(column)}; the columns are ${list(
        columns.map((each) => plain(each.name, 63)),
        500,
      )}`,
    };
  }
  const reference = `r.${identifier(name)}`;
  const type = columns.find((each) => each.name === name)?.type ?? '';
  switch (type) {
    case 'timestamp with time zone':
      return { value: reference, border: '$1::timestamptz', lateBorder: '$2::timestamptz' };
    case 'timestamp without time zone':
      return {
        value: reference,
        border: `($1::timestamptz at time zone 'UTC')`,
        lateBorder: `($2::timestamptz at time zone 'UTC')`,
      };
    case 'text':
    case 'character varying':
      return { value: `${reference}::timestamptz`, border: '$1::timestamptz', lateBorder: '$2::timestamptz' };
    default:
      return {
        unsuitable: `column ${quoted(name)} is of type ${plain(type, 100)}, which cannot say to the second how fresh a row is; use a column of type timestamptz or timestamp, or Check.query`,
      };
  }
}
