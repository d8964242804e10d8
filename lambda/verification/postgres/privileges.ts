import type { Lack } from '../observations';
import type { Database } from '../port';
import { qualified } from './identifiers';

interface Rights {
  readonly usage: boolean;
  readonly select: boolean;
  readonly secured: boolean;
  readonly forced: boolean;
  readonly owner: string;
  readonly owned: boolean;
}

/** Which rights the login lacks to read all rows of a table. Catalogs can be read by everybody. */
export async function lacksOnTable(database: Database, schema: string, name: string): Promise<Lack[]> {
  const [rights] = await database.query<Rights>(
    `select has_schema_privilege(n.oid, 'USAGE') as usage, has_table_privilege(c.oid, 'SELECT') as select,
            c.relrowsecurity as secured, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner)::text as owner,
            pg_has_role(c.relowner, 'USAGE') as owned
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  if (!rights) return [];
  return [
    ...(rights.usage ? [] : [{ right: 'usage', schema } as const]),
    ...(rights.select ? [] : [{ right: 'select', schema, name } as const]),
    ...(await rowSecurityLack(database, schema, name, rights)),
  ];
}

/** What a user's own query lacks, as far as the server's message names it. */
export async function lacksOfMessage(database: Database, message: string): Promise<Lack[]> {
  const [, kind, name] =
    /^permission denied for (schema|table|view|materialized view|foreign table) (.+)$/.exec(message) ??
    /^query would be affected by row-level security policy for (table) "(.+)"$/.exec(message) ??
    [];
  if (!kind) return [];
  if (kind === 'schema') return [{ right: 'usage', schema: name }];
  const places = await database.query<{ schema: string }>(
    `select n.nspname::text as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' order by 1 limit 5`,
    [name],
  );
  const lacks = await Promise.all(places.map((place) => lacksOnTable(database, place.schema, name)));
  return lacks.flat();
}

/** Asks the server itself: whether row security would filter depends on owner, force and the bypass attribute. */
async function rowSecurityLack(database: Database, schema: string, name: string, rights: Rights): Promise<Lack[]> {
  if (!rights.secured) return [];
  const [active] = await database
    .query<{ active: boolean }>('select row_security_active($1::text) as active', [qualified(schema, name)])
    .catch(() => [{ active: true }]); // without USAGE on the schema the server does not say
  if (!active.active) return [];
  // An owner under forced row security is filtered too, so membership alone would not be enough.
  if (rights.forced) return [{ right: 'bypass-row-security' }];
  return rights.owned ? [] : [{ right: 'member', role: rights.owner }];
}
