import type { ServerFinding } from '../observations';
import type { Database } from '../port';
import { compareText } from '../tasks';

/** The server's own templates, and Amazon's own database, which nobody else may enter. A template of a user's holds data. */
const NOT_OURS = ['template0', 'template1', 'rdsadmin'];
/** Schemas of the server itself; names that begin with pg_ are reserved. */
const USER_SCHEMA = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const FROM_EXTENSION = `exists (select 1 from pg_depend d
  where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

export interface CatalogTable {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** `r` a table or partition, `p` the topmost parent of partitions. */
  readonly kind: 'r' | 'p';
  readonly unlogged: boolean;
  readonly heapBytes: number;
  /** With TOAST. */
  readonly bytes: number;
  readonly root: readonly [string, string] | null;
  readonly rowSecurity: boolean;
  readonly forcedRowSecurity: boolean;
}

export async function readServer(database: Database): Promise<ServerFinding> {
  const [server] = await database.query<{ version: string; number: number; checksums: string; login: string }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
            current_setting('data_checksums') as checksums, current_user::text as login`,
  );
  const all = await database.query<{ name: string; open: boolean; allowed: boolean }>(
    `select datname::text as name, datallowconn as open, has_database_privilege(oid, 'CONNECT') as allowed
     from pg_database where datname <> all ($1::text[])`,
    [NOT_OURS],
  );
  const names = (wanted: typeof all) => wanted.map((each) => each.name).sort(compareText);
  return {
    engineVersion: server.version.split(' ')[0],
    major: Math.floor(server.number / 10_000),
    dataChecksums: server.checksums,
    login: server.login,
    databases: names(all.filter((each) => each.open && each.allowed)),
    refused: names(all.filter((each) => each.open && !each.allowed)),
    closed: names(all.filter((each) => !each.open)),
  };
}

/** Ordinary tables, partitions and the topmost parents of partitions; not what belongs to an extension. */
export async function readTables(database: Database): Promise<CatalogTable[]> {
  const rows = await database.query<Record<keyof Omit<CatalogTable, 'root'>, unknown> & { root: string | null }>(
    `select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
            pg_get_userbyid(c.relowner)::text as owner, c.relpersistence = 'u' as unlogged,
            case when c.relkind = 'r' then pg_relation_size(c.oid) else 0 end::text as "heapBytes",
            case when c.relkind = 'r' then pg_table_size(c.oid) else 0 end::text as bytes,
            c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forcedRowSecurity",
            (select json_build_array(rn.nspname, r.relname)::text
             from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
             where c.relispartition and r.oid = pg_partition_root(c.oid)) as root
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not (c.relkind = 'p' and c.relispartition)
       and c.relpersistence <> 't' and ${USER_SCHEMA} and not ${FROM_EXTENSION}`,
  );
  return rows.map((row) => ({
    ...(row as unknown as CatalogTable),
    // A relation dropped meanwhile has no size.
    heapBytes: Number(row.heapBytes ?? 0),
    bytes: Number(row.bytes ?? 0),
    root: row.root ? (JSON.parse(row.root) as [string, string]) : null,
  }));
}

/** What is there and not looked at. */
export async function readAside(database: Database): Promise<{ extensionTables: number; foreignTables: number }> {
  const [row] = await database.query<{ extension: number; foreign: number }>(
    `select count(*) filter (where ${FROM_EXTENSION})::int as extension,
            count(*) filter (where c.relkind = 'f')::int as foreign
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'f') and ${USER_SCHEMA}`,
  );
  return { extensionTables: row.extension, foreignTables: row.foreign };
}

/** Columns by table oid, in order: `[name, type]`, the type only where PostgreSQL itself defines it (or `enum`). */
export async function readColumns(database: Database): Promise<Map<string, [string, string][]>> {
  const rows = await database.query<{ oid: string; columns: [string, string][] }>(
    `select a.attrelid::text as oid,
            json_agg(json_build_array(a.attname, case
              when t.typtype = 'e' then 'enum'
              when t.typnamespace = 'pg_catalog'::regnamespace then t.typname else '' end) order by a.attnum) as columns
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and ${USER_SCHEMA}
     group by a.attrelid`,
  );
  return new Map(rows.map((row) => [row.oid, row.columns]));
}
