import type { MigrationTool } from '../../../lib/private/contract/checks';
import type { MigrationFinding } from '../observations';
import type { Database } from '../port';
import type { Task } from '../tasks';
import { plain } from '../text';
import { newestVersion } from '../versions';
import type { CatalogTable } from './catalog';
import { qualified } from './identifiers';
import { lacksOnTable } from './privileges';

type Columns = ReadonlyMap<string, [string, string][]>;

interface Layout {
  readonly tool: MigrationTool;
  /** The columns that give the tool's table away, whatever it is called. */
  readonly columns: readonly string[];
  /** Whether further columns may stand beside them. */
  readonly open: boolean;
  /** Columns of a table that must stand in the same schema, where the tool's own columns say too little. */
  readonly beside?: readonly string[];
  read(database: Database, table: string): Promise<Omit<MigrationFinding, 'tool'>>;
}

const LAYOUTS: readonly Layout[] = [
  {
    tool: 'flyway',
    columns: ['installed_rank', 'version', 'description', 'type', 'script', 'checksum', 'installed_on', 'success'],
    open: true,
    read: readFlyway,
  },
  {
    tool: 'prisma',
    columns: ['id', 'checksum', 'finished_at', 'migration_name', 'rolled_back_at', 'started_at', 'applied_steps_count'],
    open: true,
    read: readPrisma,
  },
  { tool: 'alembic', columns: ['version_num'], open: false, read: readAlembic },
  {
    tool: 'rails',
    columns: ['version'],
    open: false,
    // Other tools keep a table just like this one; Rails alone puts its metadata beside it.
    beside: ['key', 'value', 'created_at', 'updated_at'],
    read: readRails,
  },
];

/** One task per table that a migration tool keeps, found by its columns in any schema. */
export function migrationTasks(
  database: string,
  tables: readonly CatalogTable[],
  columns: Columns,
): Task<'migration'>[] {
  const named = tables
    .filter((table) => table.kind === 'r')
    .map((table) => ({ table, names: namesOf(columns, table) }));
  return named.flatMap(({ table, names }) => {
    const neighbours = () => named.filter((other) => other.table.schema === table.schema).map((other) => other.names);
    const layout = LAYOUTS.find((each) => isLaidOut(each, names, neighbours));
    if (!layout) return [];
    return [
      {
        unit: { probe: 'migration', database, path: [table.schema, table.name] },
        reading: 'heap',
        run: async (session) => ({
          tool: layout.tool,
          ...(await layout.read(session, qualified(table.schema, table.name))),
        }),
        lacks: (session) => lacksOnTable(session, table.schema, table.name),
      } satisfies Task<'migration'>,
    ];
  });
}

function isLaidOut(
  layout: Layout,
  names: ReadonlySet<string>,
  neighbours: () => readonly ReadonlySet<string>[],
): boolean {
  if (!layout.columns.every((column) => names.has(column))) return false;
  if (!layout.open && names.size !== layout.columns.length) return false;
  return !layout.beside || neighbours().some((other) => layout.beside?.every((column) => other.has(column)));
}

function namesOf(columns: Columns, table: CatalogTable): ReadonlySet<string> {
  return new Set((columns.get(table.oid) ?? []).map(([name]) => name));
}

/** The last word on a version counts: an undone or deleted one is not applied, one that was repaired has not failed. */
async function readFlyway(database: Database, table: string): Promise<Omit<MigrationFinding, 'tool'>> {
  const rows = await database.query<{ version: string | null; script: string; type: string; success: boolean }>(
    `select version::text, script::text, type::text, success from ${table} order by installed_rank`,
  );
  const last = new Map(rows.map((row) => [row.version ?? `\0${row.script}`, row]));
  const standing = [...last.values()].filter(
    (row) => !/^(undo|delete$)/i.test(row.type) && !/^schema$/i.test(row.type),
  );
  const applied = standing.filter((row) => row.success);
  return {
    version: newestVersion(
      'flyway',
      applied.flatMap((row) => (row.version === null ? [] : [row.version])),
    ),
    applied: applied.length,
    failed: standing.filter((row) => !row.success).map((row) => short(row.script)),
  };
}

/** A migration that was rolled back and then applied has a row of each kind; an unfinished one stands in the way. */
async function readPrisma(database: Database, table: string): Promise<Omit<MigrationFinding, 'tool'>> {
  const rows = await database.query<{ name: string; finished: boolean }>(
    `select migration_name::text as name, finished_at is not null as finished from ${table} where rolled_back_at is null`,
  );
  const applied = [...new Set(rows.filter((row) => row.finished).map((row) => row.name))];
  return {
    version: newestVersion('prisma', applied),
    applied: applied.length,
    failed: rows.filter((row) => !row.finished).map((row) => short(row.name)),
  };
}

async function readAlembic(database: Database, table: string): Promise<Omit<MigrationFinding, 'tool'>> {
  const rows = await database.query<{ version: string }>(`select version_num::text as version from ${table}`);
  return {
    version: rows
      .map((row) => row.version)
      .sort()
      .join(','),
    applied: rows.length,
    failed: [],
  };
}

/** Rails records a migration only once it has succeeded, so there are no failed ones to see. */
async function readRails(database: Database, table: string): Promise<Omit<MigrationFinding, 'tool'>> {
  const rows = await database.query<{ version: string }>(`select version::text from ${table}`);
  return {
    version: newestVersion(
      'rails',
      rows.map((row) => row.version),
    ),
    applied: rows.length,
    failed: [],
  };
}

function short(name: string): string {
  return plain(name, 200);
}
