import { escapeIdentifier, type Client } from 'pg';

/**
 * Makes the owner a member of every role the dump made, so that it may give things to them and read theirs. Roles of
 * the system, superusers, and roles that are members of the owner themselves are left out. To be run as superuser.
 */
export async function joinRoles(client: Client, owner: string): Promise<void> {
  const { rows } = await client.query<{ name: string; version: number }>(
    `SELECT rolname AS name, current_setting('server_version_num')::int AS version FROM pg_catalog.pg_roles
      WHERE NOT rolsuper AND rolname !~ '^(pg_|rds)' AND rolname <> $1
        AND NOT pg_catalog.pg_has_role(oid, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1), 'MEMBER')
        AND NOT pg_catalog.pg_has_role($1, oid, 'USAGE')`,
    [owner],
  );
  for (const { name, version } of rows) {
    const options = version >= 160_000 ? ' WITH INHERIT TRUE, SET TRUE' : '';
    await client.query(`GRANT ${escapeIdentifier(name)} TO ${escapeIdentifier(owner)}${options}`);
  }
}

/** Gives the owner the relations that were made as superuser and belong to no extension. To be run as superuser. */
export async function handOver(client: Client, owner: string): Promise<void> {
  const { rows } = await client.query<{ relation: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relowner = current_user::regrole
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                           AND d.objid = c.oid AND d.deptype IN ('e', 'a', 'i'))`,
  );
  for (const { relation } of rows) await client.query(`ALTER TABLE ${relation} OWNER TO ${escapeIdentifier(owner)}`);
}
