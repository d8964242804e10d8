import type { RunningDatabase } from '../../database-engine';

/** Tables of a database that hold rows and outlive a crash (a restore empties unlogged ones), largest first, quoted with their schema. */
export async function tablesBySize(database: RunningDatabase, name: string): Promise<string[]> {
  const client = await database.superuser(name);
  try {
    const { rows } = await client.query<{ name: string; filled: boolean }>(
      `select format('%I.%I', n.nspname, c.relname) as name, pg_relation_size(c.oid) > 0 as filled
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
        order by pg_total_relation_size(c.oid) desc, 1`,
    );
    return rows.filter((row) => row.filled).map((row) => row.name);
  } finally {
    await client.end();
  }
}
