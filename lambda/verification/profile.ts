import type { MigrationProfile, Profile, TableProfile } from '../../lib/private/contract/verification';
import { compareText } from './tasks';
import type { TableView, View } from './view';

/** What the observed databases look like. Tables whose rows could not be read are left out: a guess compares with nothing. */
export function profileOf(view: View): Profile {
  return {
    capturedAt: view.finishedAt([]),
    restorePoint: view.plan.restorePoint,
    engineVersion: view.server?.engineVersion ?? 'unknown',
    settings: settingsOf(view),
    tables: countedTables(view),
    migrations: migrationsOf(view),
    newest: Object.fromEntries(newestOf(view)),
  };
}

/** Tables whose number of rows is known. A partitioned table is one: its partitions come and go as time passes. */
export function countedTables(view: View): TableProfile[] {
  return view.tables
    .filter((table) => !table.partitionOf && (table.holds === 'rows' || table.holds === 'partitions'))
    .flatMap((table) => tableProfile(view, table) ?? []);
}

export function migrationsOf(view: View): MigrationProfile[] {
  return view
    .of('migration')
    .flatMap(({ database, path, found }) => (found ? [{ database, schema: path[0], table: path[1], ...found }] : []));
}

/** Facts that a restore must not change, keyed by what they are and, behind a colon, by database. */
export function settingsOf(view: View): Record<string, string> {
  const settings: Record<string, string> = {};
  if (view.server) settings['data_checksums'] = view.server.dataChecksums;
  for (const [name, database] of [...view.databases].sort(([a], [b]) => compareText(a, b))) {
    settings[`encoding:${name}`] = database.encoding;
    settings[`collation:${name}`] = database.collation;
    settings[`ctype:${name}`] = database.ctype;
    if (database.collationVersion) settings[`collation_version:${name}`] = database.collationVersion;
  }
  return settings;
}

/** Null when not every row could be read. The content of parts adds up, as that of ranges does. */
function tableProfile(view: View, table: TableView): TableProfile | null {
  const parts = view.partsOf(table);
  if (!parts || parts.some((part) => part.rows === null)) return null;
  const logged = parts.filter((part) => part.holds === 'rows');
  const hashed = logged.length > 0 ? logged.every((part) => part.content !== undefined) : view.plan.content;
  return {
    database: table.database,
    schema: table.schema,
    name: table.name,
    rows: parts.reduce((sum, part) => sum + (part.rows ?? 0), 0),
    ...(hashed ? { content: String(logged.reduce((sum, part) => sum + BigInt(part.content ?? 0), 0n)) } : {}),
  };
}

function newestOf(view: View): [string, string][] {
  return view.of('freshness').flatMap(({ path, found }) => (found?.newest ? [[path[0], found.newest]] : []));
}
