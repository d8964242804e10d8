import type { DatabaseFinding } from '../observations';
import type { Database } from '../port';
import { plain } from '../text';

/** pg_database keeps its collation's version since 15. */
const FIRST_WITH_DATABASE_VERSION = 15;

type Settings = Pick<DatabaseFinding, 'encoding' | 'collation' | 'ctype' | 'collationVersion' | 'drifted'>;

/** Encoding, collation, and every collation that sorts differently now than when indexes were built with it. */
export async function readDatabase(database: Database, major: number): Promise<Settings> {
  const actual = major >= FIRST_WITH_DATABASE_VERSION ? 'pg_database_collation_actual_version(d.oid)' : 'null';
  const [row] = await database.query<Record<'encoding' | 'collation' | 'ctype' | 'version' | 'actual', string | null>>(
    `select pg_encoding_to_char(d.encoding)::text as encoding, d.datctype::text as ctype,
            coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale', d.datcollate::text) as collation,
            to_jsonb(d)->>'datcollversion' as version, ${actual} as actual
     from pg_database d where d.datname = current_database()`,
  );
  const used = await database.query<{ name: string; version: string; actual: string | null }>(
    `select c.collname::text as name, c.collversion as version, pg_collation_actual_version(c.oid) as actual
     from pg_collation c where c.collversion is not null
       and c.collversion is distinct from pg_collation_actual_version(c.oid)
       and exists (select 1 from pg_index i where c.oid = any (i.indcollation::oid[]))`,
  );
  const own =
    row.version !== null && row.version !== row.actual
      ? [{ name: 'the database default', version: row.version, actual: row.actual }]
      : [];
  return {
    encoding: row.encoding ?? '',
    collation: plain(row.collation ?? '', 100),
    ctype: plain(row.ctype ?? '', 100),
    collationVersion: plain(row.version ?? '', 100),
    drifted: [...own, ...used].map((each) =>
      plain(`${each.name} (${each.version}, now ${each.actual ?? 'absent'})`, 150),
    ),
  };
}
