import type { BlockRange, TableFinding, Unit } from '../observations';
import type { Task, TaskContext } from '../tasks';
import type { CatalogTable } from './catalog';
import { identifier, qualified } from './identifiers';
import { lacksOnTable } from './privileges';
import { ranges, within } from './ranges';

/** Types of PostgreSQL with an extended hash of their own. Every other is hashed as text, which never fails. */
const HASHED = new Set(
  `bool char name int2 int4 int8 float4 float8 numeric oid text varchar bpchar bytea uuid date time timetz timestamp
   timestamptz interval inet cidr macaddr macaddr8 jsonb pg_lsn enum`.split(/\s+/),
);
/** Under a collation that calls different texts equal their hashes are equal too, so bytes are asked for. */
const TEXTS = new Set(['text', 'varchar', 'bpchar', 'name']);
/** hash_record_extended came with it. */
const FIRST_WITH_RECORD_HASH = 14;

/** One task per table, or per range of a large one: its exact number of rows, and what they hold when asked for. */
export function tableTasks(
  database: string,
  tables: readonly CatalogTable[],
  columns: ReadonlyMap<string, [string, string][]> | null,
  context: TaskContext,
): Task<'table'>[] {
  const hashing = columns !== null && context.server.major >= FIRST_WITH_RECORD_HASH;
  return tables.flatMap((table) => {
    const unit = { probe: 'table', database, path: [table.schema, table.name] } as const;
    const partitionOf = table.root ? { partitionOf: table.root } : {};
    if (table.kind === 'p') {
      const partitions = tables.filter((each) => each.root?.[0] === table.schema && each.root[1] === table.name).length;
      return [known(unit, { holds: 'partitions', rows: 0, partitions })];
    }
    if (table.unlogged) return [known(unit, { holds: 'unlogged', rows: 0, ...partitionOf })];
    return ranges(table, context.done(unit)).map((range): Task<'table'> => {
      const sql = countSql(table, hashing ? (columns.get(table.oid) ?? []) : null, range);
      return {
        unit: { ...unit, ...(range ? { range } : {}) },
        reading: 'heap',
        async run(session) {
          const [row] = await session.query<{ rows: string; content: string | null }>(sql);
          const content = hashing ? { content: row.content ?? '0' } : {};
          return { holds: 'rows', rows: Number(row.rows), ...content, ...partitionOf };
        },
        lacks: (session) => lacksOnTable(session, table.schema, table.name),
      };
    });
  });
}

/** What the catalog alone tells. */
function known(unit: Unit<'table'>, found: TableFinding): Task<'table'> {
  return { unit, reading: 'freely', run: async () => found };
}

/**
 * A sum does not depend on the order of rows and, unlike an exclusive or, sees a duplicated pair. Columns are named one by
 * one: a whole-row reference would be taken for a column of the same name.
 */
function countSql(
  table: CatalogTable,
  columns: readonly [string, string][] | null,
  range: BlockRange | undefined,
): string {
  const values = columns?.map(([name, type]) => `r.${identifier(name)}${asHashed(type)}`).join(', ');
  const content = columns ? `sum(hash_record_extended(row(${values}), 0))::text` : 'null';
  return `select count(*)::text as rows, ${content} as content
          from only ${qualified(table.schema, table.name)} as r where ${within('r', range)}`;
}

function asHashed(type: string): string {
  const cast = HASHED.has(type) ? '' : '::text';
  return cast !== '' || TEXTS.has(type) ? `${cast} collate pg_catalog."C"` : cast;
}
