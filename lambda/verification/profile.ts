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
    tables: countedTables(view).map(tableProfile),
    migrations: migrationsOf(view),
    newest: Object.fromEntries(newestOf(view)),
  };
}

/** Tables that hold rows, of which the number is known. */
export function countedTables(view: View): (TableView & { rows: number })[] {
  return view.tables.filter(
    (table): table is TableView & { rows: number } => table.holds === 'rows' && table.rows !== null,
  );
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

function tableProfile({ database, schema, name, rows, content }: TableView & { rows: number }): TableProfile {
  return { database, schema, name, rows, ...(content === undefined ? {} : { content }) };
}

function newestOf(view: View): [string, string][] {
  return view.of('freshness').flatMap(({ path, found }) => (found?.newest ? [[path[0], found.newest]] : []));
}
