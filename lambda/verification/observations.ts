import type { MigrationTool } from '../../lib/private/contract/checks';
import type { FileRow, FilesFinding } from './files/question';
import type { Reason } from './port';

/**
 * What was seen in the network, as small JSON. Nothing is judged here: conclusions are drawn outside, from these alone,
 * and may be drawn again.
 */
export interface Findings {
  /** The server as a whole. `path` is empty. */
  server: ServerFinding;
  /** One database entered. `path` is empty. */
  database: DatabaseFinding;
  /** `path` is schema and name; a large table comes in ranges of blocks. */
  table: TableFinding;
  /** `path` is schema and name of the referring table, and the constraint; a large table comes in ranges. */
  'foreign-key': ForeignKeyFinding;
  /** `path` is schema and name of the tool's table. */
  migration: MigrationFinding;
  /** `path` is the check's id, schema and name of the table that its reference meets. */
  freshness: FreshnessFinding;
  /** `path` is the check's id. */
  query: QueryFinding;
  /** Rows that name files; `path` is the check's id, `newest`, `random` or `largest`, and which part of a long answer. */
  'file-rows': FileRowsFinding;
  /** What was found of files, outside the network; `path` is the check's id. */
  files: FilesFinding;
}

export type ProbeName = keyof Findings;

/** What one question is about. */
export interface Unit<P extends ProbeName = ProbeName> {
  readonly probe: P;
  /** Empty for the server. */
  readonly database: string;
  readonly path: readonly string[];
  /** Blocks from (inclusive) to (exclusive; null: the end). */
  readonly range?: BlockRange;
}

export interface BlockRange {
  readonly from: number;
  readonly to: number | null;
}

/** The answer to one unit: what was found, or why it could not be. */
export type Observation = { [P in ProbeName]: ObservationOf<P> }[ProbeName];

export interface ObservationOf<P extends ProbeName> extends Unit<P> {
  readonly finishedAt: string;
  readonly found?: Findings[P];
  readonly problem?: Problem;
}

export interface Problem {
  readonly reason: Reason;
  /** The server's words, cut and without control characters. */
  readonly message: string;
  /** What the login would need; set when a privilege is missing and the catalog could tell. */
  readonly lacks?: readonly Lack[];
}

/** One missing right, as data, so that many can be said as one statement. */
export type Lack =
  | { readonly right: 'connect'; readonly database: string }
  | { readonly right: 'usage'; readonly schema: string }
  | { readonly right: 'select'; readonly schema: string; readonly name: string }
  | { readonly right: 'member'; readonly role: string }
  | { readonly right: 'bypass-row-security' };

export interface ServerFinding {
  readonly engineVersion: string;
  readonly major: number;
  readonly dataChecksums: string;
  readonly login: string;
  /** Those that are looked at, in order. */
  readonly databases: readonly string[];
  /** Those that the login may not enter although somebody may; never the platform's own. */
  readonly refused: readonly string[];
  /** Those that nobody may enter. */
  readonly closed: readonly string[];
}

export interface DatabaseFinding {
  readonly encoding: string;
  readonly collation: string;
  readonly ctype: string;
  readonly collationVersion: string;
  /** Collations, the database's own among them, whose library is another version than the one indexes were built with. */
  readonly drifted: readonly string[];
  /** How many units of each probe follow, so that a missing answer is noticed. */
  readonly expects: { readonly table: number; readonly 'foreign-key': number; readonly migration: number };
  readonly extensionTables: number;
  readonly foreignTables: number;
}

export interface TableFinding {
  /** `partitions`: the parent of partitions, which are counted one by one; `unlogged`: empty after a restore by design. */
  readonly holds: 'rows' | 'partitions' | 'unlogged';
  readonly rows: number;
  /** Sum of row hashes as decimal text, beyond what a number holds. */
  readonly content?: string;
  /** Schema and name of the topmost parent. */
  readonly partitionOf?: readonly [string, string];
  /** Of the topmost parent: how many tables hold its rows. */
  readonly partitions?: number;
}

export interface ForeignKeyFinding {
  readonly orphans: number;
  readonly refersTo: string;
  /** Not valid (or not enforced) constraints promise nothing about the rows that were there before. */
  readonly promised: boolean;
}

export interface MigrationFinding {
  readonly tool: MigrationTool;
  readonly version: string;
  readonly applied: number;
  readonly failed: readonly string[];
}

export interface FreshnessFinding {
  /** Set when the column cannot say how fresh a row is: a sentence. */
  readonly unsuitable?: string;
  readonly empty: boolean;
  /** RFC 3339 with milliseconds: the newest row not after the restore point. */
  readonly newest: string | null;
  /** The newest row that is after it by more than clocks differ, as the server writes it. */
  readonly after: string | null;
}

export interface QueryFinding {
  readonly rows: number;
  readonly columns: number;
  /** First column of the first row as it came, cut to what can be compared and shown. */
  readonly value: string | null;
}

export interface FileRowsFinding {
  /** Set when the query cannot be used as it is: a sentence. */
  readonly unsuitable?: string;
  /** All rows of the query, and those of them that name no file. */
  readonly rows: number;
  readonly unnamed: number;
  readonly sampled: readonly Omit<FileRow, 'stratum'>[];
  /** Whether these are all that there are. */
  readonly all: boolean;
}

/** Where the next round goes on: JSON of a few hundred bytes. The catalog is read anew in each round. */
export interface Cursor {
  readonly after: Unit;
  /** Databases met so far that hold tables: where a query without a database belongs. */
  readonly holding: readonly string[];
}
