import type { BlockRange } from '../observations';
import type { Database } from '../port';
import type { Task, TaskContext } from '../tasks';
import { plain } from '../text';
import type { CatalogTable } from './catalog';
import { identifier, qualified } from './identifiers';
import { lacksOnTable } from './privileges';
import { ranges, within, type Sized } from './ranges';

interface ForeignKey {
  readonly name: string;
  readonly childOid: string;
  readonly childSchema: string;
  readonly child: string;
  readonly childKind: string;
  readonly parentSchema: string;
  readonly parent: string;
  readonly parentKind: string;
  readonly promised: boolean;
  readonly full: boolean;
  /** PostgreSQL 18: the last pair is a range that must lie within the parent's ranges taken together. */
  readonly period: boolean;
  readonly pairs: readonly Pair[];
}

interface Pair {
  readonly child: string;
  readonly parent: string;
  readonly operator: readonly [string, string];
  readonly collation: readonly [string, string] | null;
}

interface Child extends Sized {
  readonly schema: string;
  readonly name: string;
  /** Read with everything below it. */
  readonly whole: boolean;
}

/** Constraints as written; those that partitions inherit from one are looked at through it. */
export async function readForeignKeys(database: Database): Promise<ForeignKey[]> {
  return database.query<ForeignKey>(
    `select con.conname::text as name, c.oid::text as "childOid", cn.nspname::text as "childSchema",
            c.relname::text as child, c.relkind::text as "childKind",
            pn.nspname::text as "parentSchema", p.relname::text as parent, p.relkind::text as "parentKind",
            con.convalidated and coalesce((to_jsonb(con)->>'conenforced')::bool, true) as promised,
            con.confmatchtype = 'f' as "full", coalesce((to_jsonb(con)->>'conperiod')::bool, false) as period,
            (select json_agg(json_build_object('child', ca.attname, 'parent', pa.attname,
                      'operator', json_build_array(opn.nspname, op.oprname),
                      'collation', case when col.oid is not null then json_build_array(coln.nspname, col.collname) end)
                      order by k.position)
             from unnest(con.conkey, con.confkey, con.conpfeqop) with ordinality as k(child, parent, operator, position)
             join pg_attribute ca on ca.attrelid = con.conrelid and ca.attnum = k.child
             join pg_attribute pa on pa.attrelid = con.confrelid and pa.attnum = k.parent
             join pg_operator op on op.oid = k.operator join pg_namespace opn on opn.oid = op.oprnamespace
             left join pg_collation col on col.oid = pa.attcollation
             left join pg_namespace coln on coln.oid = col.collnamespace) as pairs
     from pg_constraint con
     join pg_class c on c.oid = con.conrelid join pg_namespace cn on cn.oid = c.relnamespace
     join pg_class p on p.oid = con.confrelid join pg_namespace pn on pn.oid = p.relnamespace
     where con.contype = 'f' and con.conparentid = 0`,
  );
}

/** One task per constraint and referring table or range of one: rows whose parent is not there. */
export function foreignKeyTasks(
  database: string,
  keys: readonly ForeignKey[],
  tables: readonly CatalogTable[],
  context: TaskContext,
): Task<'foreign-key'>[] {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  return keys.flatMap((key) => {
    return childrenOf(key, byOid.get(key.childOid), tables).flatMap((child) =>
      childTasks(database, key, child, context),
    );
  });
}

/** A partitioned table refers through its partitions, read one by one; a parent in the middle of a tree as a whole. */
function childrenOf(key: ForeignKey, declared: CatalogTable | undefined, tables: readonly CatalogTable[]): Child[] {
  if (!declared) {
    return key.childKind === 'p'
      ? [{ schema: key.childSchema, name: key.child, whole: true, heapBytes: 0, bytes: 0 }]
      : [];
  }
  const children = declared.kind === 'p' ? tables.filter((table) => isPartitionOf(table, declared)) : [declared];
  return children.filter((child) => !child.unlogged).map((child) => ({ ...child, whole: false }));
}

function childTasks(database: string, key: ForeignKey, child: Child, context: TaskContext): Task<'foreign-key'>[] {
  const unit = { probe: 'foreign-key', database, path: [child.schema, child.name, key.name] } as const;
  return ranges(child, context.done(unit)).map((range): Task<'foreign-key'> => {
    const sql = orphanSql(key, child, range);
    return {
      unit: { ...unit, ...(range ? { range } : {}) },
      reading: 'freely',
      async run(session) {
        const [row] = await session.query<{ orphans: string }>(sql);
        const refersTo = plain(`${key.parentSchema}.${key.parent}`, 150);
        return { orphans: Number(row.orphans), refersTo, promised: key.promised };
      },
      async lacks(session) {
        const onChild = await lacksOnTable(session, child.schema, child.name);
        return [...onChild, ...(await lacksOnTable(session, key.parentSchema, key.parent))];
      },
    };
  });
}

function orphanSql(key: ForeignKey, child: Child, range: BlockRange | undefined): string {
  const parent = `${key.parentKind === 'p' ? '' : 'only '}${qualified(key.parentSchema, key.parent)} as p`;
  const columns = key.pairs.map((pair) => `c.${identifier(pair.child)}`).join(', ');
  // MATCH SIMPLE lets a row off when any column is null, MATCH FULL only when all are.
  const refers = key.full ? `num_nonnulls(${columns}) > 0` : `num_nulls(${columns}) = 0`;
  const equal = (pairs: readonly Pair[]) => pairs.map(equality).join(' and ') || 'true';
  const last = key.pairs[key.pairs.length - 1];
  const found = key.period
    ? `coalesce((select range_agg(p.${identifier(last.parent)}) from ${parent}
         where ${equal(key.pairs.slice(0, -1))}) @> c.${identifier(last.child)}, false)`
    : `exists (select 1 from ${parent} where ${equal(key.pairs)})`;
  return `select count(*)::text as orphans from ${child.whole ? '' : 'only '}${qualified(child.schema, child.name)} as c
          where ${within('c', range)} and ${refers} and not ${found}`;
}

/** The constraint's own operator and collation: a plain `=` may mean another one, or none, under this search path. */
function equality(pair: Pair): string {
  const [schema, operator] = pair.operator;
  const collation = pair.collation ? ` collate ${qualified(...pair.collation)}` : '';
  return `p.${identifier(pair.parent)} operator(${identifier(schema)}.${operator}) (c.${identifier(pair.child)}${collation})`;
}

function isPartitionOf(table: CatalogTable, parent: CatalogTable): boolean {
  return table.root?.[0] === parent.schema && table.root[1] === parent.name;
}
