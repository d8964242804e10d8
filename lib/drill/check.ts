import type { CheckDefinition } from '../private/contract/checks';
import type { ProtectedBucket } from '../plan/protected-bucket';
import { fileCheckId, renderSample } from '../private/sample';
import { requireFinite, requireName, requireText, ValidationError } from '../private/validation';
import type { Expect } from './expect';
import type { FilesExistOptions, ReplicaCheckOptions } from './file-checks';
import type { MigrationTool } from './migration-tool';

/** Bounds of a row count; give at least one. */
export interface RowCountOptions {
  /**
   * Fewest rows.
   * @default - no lower bound
   */
  readonly atLeast?: number;
  /**
   * Most rows.
   * @default - no upper bound
   */
  readonly atMost?: number;
}

/** What a schema version must be. */
export interface SchemaVersionOptions {
  /**
   * Oldest version that is acceptable, as the tool writes it. Not for Alembic, whose revisions have no order.
   * @default - any version, as long as one is recorded and none failed
   */
  readonly atLeast?: string;
  /**
   * The database that the tool migrates.
   * @default - the only database that holds tables; with several, name one
   */
  readonly database?: string;
}

/** Where a query runs. */
export interface QueryOptions {
  /**
   * The database that is asked.
   * @default - the only database that holds tables; with several, name one
   */
  readonly database?: string;
}

const LONGEST_SQL = 10_000;
const LONGEST_TABLE = 200;
/** PostgreSQL's own limit, bytes. */
const LONGEST_DATABASE = 63;

/** One question asked of the restored data, beside the standard checks. */
export class Check {
  /**
   * Counts the rows of a table.
   * @param table `table`, `schema.table` or `database.schema.table`
   * @param options bounds; at least one
   */
  public static rowCount(table: string, options: RowCountOptions): Check {
    requireTable(table);
    const { atLeast, atMost } = options;
    if (atLeast === undefined && atMost === undefined) {
      throw new ValidationError(`Check.rowCount('${table}') needs atLeast or atMost; without a bound it cannot fail`);
    }
    if (atLeast !== undefined) requireRows(atLeast, `atLeast of Check.rowCount('${table}')`);
    if (atMost !== undefined) requireRows(atMost, `atMost of Check.rowCount('${table}')`);
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
      throw new ValidationError(
        `Check.rowCount('${table}') has atLeast ${atLeast} above atMost ${atMost}; nothing can satisfy that`,
      );
    }
    return new Check({ kind: 'row-count', id: `row-count:${table}`, table, ...defined({ atLeast, atMost }) });
  }

  /**
   * Runs a query, read-only, and compares the first column of its first row.
   * @param id names the check in evidence
   * @param sql one statement that answers one value
   * @param expect what the value must satisfy
   * @param options which database, where an instance holds several
   */
  public static query(id: string, sql: string, expect: Expect, options: QueryOptions = {}): Check {
    requireName(id, 'the id of Check.query');
    requireText(sql, `the SQL of Check.query('${id}')`, LONGEST_SQL);
    const { database } = options;
    if (database !== undefined) requireText(database, `the database of Check.query('${id}')`, LONGEST_DATABASE);
    return new Check({ kind: 'query', id, sql, expect: expect._render(), ...defined({ database }) });
  }

  /**
   * Measures how old the newest row is, which is the achieved RPO as the data shows it.
   * @param table `table`, `schema.table` or `database.schema.table`
   * @param column when a row was written: a timestamp, best with time zone
   */
  public static freshness(table: string, column: string): Check {
    requireTable(table);
    requireText(column, `the column of Check.freshness('${table}')`, LONGEST_TABLE);
    return new Check({ kind: 'freshness', id: `freshness:${table}.${column}`, table, column });
  }

  /**
   * Asks the migration tool's own table for the version of the schema.
   * @param tool the tool that wrote the table
   * @param options the oldest acceptable version, and which database where an instance holds several
   */
  public static schemaVersion(tool: MigrationTool, options: SchemaVersionOptions = {}): Check {
    const { atLeast, database } = options;
    if (atLeast !== undefined) requireText(atLeast, `atLeast of Check.schemaVersion('${tool}')`, 100);
    if (database !== undefined)
      requireText(database, `the database of Check.schemaVersion('${tool}')`, LONGEST_DATABASE);
    if (atLeast !== undefined && (tool as string) === 'alembic') {
      throw new ValidationError('Check.schemaVersion of Alembic takes no atLeast: its revisions have no order');
    }
    const id = database === undefined ? `schema-version:${tool}` : `schema-version:${database}.${tool}`;
    return new Check({ kind: 'schema-version', id, tool, ...defined({ atLeast, database }) });
  }

  /**
   * Compares a bucket's replica with the bucket, under the recovery role alone: every object that replication had time for
   * must be listed with its size; a sample, or every object, must be readable under the replica's key and have the
   * original's content. The sample holds the newest objects, the largest, and as many drawn at random as find the asked
   * fraction of bad ones with the asked confidence; evidence says what may be claimed of all.
   * @param bucket a protected bucket that is replicated
   * @param options how much is looked at
   */
  public static replica(bucket: ProtectedBucket, options: ReplicaCheckOptions = {}): Check {
    const definition = bucket._definition();
    const what = `Check.replica of ${definition.name}`;
    if (!definition.replica) {
      throw new ValidationError(
        bucket._isReplicaForeign()
          ? `${what} cannot look at it: the replica is in another account, which lets S3 alone write there; replicate to a site of the same account, or leave the check out`
          : `${what} has nothing to compare: the bucket has no replica; give its plan a copyTo site`,
      );
    }
    const id = fileCheckId(options.id, `replica:${definition.name}`, what);
    if (options.everyObject && (options.fraction !== undefined || options.confidence !== undefined)) {
      throw new ValidationError(`${what} looks at every object: leave fraction and confidence out`);
    }
    const sample = options.everyObject ? ({ every: true } as const) : renderSample(options, what, 'objects');
    return new Check({ kind: 'replica', id, bucket: definition, sample });
  }

  /**
   * Takes keys from the restored database and looks for their files: rows whose file is gone are what users feel. A sample
   * of the keys, drawn at random, of the newest and of the largest, must be in the bucket's replica, in the version that
   * was the newest at the restore point; where nothing there is as old as that, in the newest. Without a replica it looks in
   * the bucket itself.
   *
   * A key is taken character for character, a leading slash and percent signs included; `s3://bucket/key` is understood
   * and names its bucket, other URLs are not: cut them in the query. A key that several rows name is looked for once. Rows
   * whose key is null or empty name no file: evidence counts them, and they are not judged.
   * @param sql one statement; its first column is the key, and columns named `size` (bytes), `sha256` (hexadecimal, base64
   * or bytea) and `modified_at` (timestamp) are compared with the file, where they are there
   * @param bucket the protected bucket that the keys are of
   * @param options how many are looked for, and which database is asked
   */
  public static filesExist(sql: string, bucket: ProtectedBucket, options: FilesExistOptions = {}): Check {
    const definition = bucket._definition();
    const what = `Check.filesExist of ${definition.name}`;
    requireText(sql, `the SQL of ${what}`, LONGEST_SQL);
    const { database } = options;
    if (database !== undefined) requireText(database, `the database of ${what}`, LONGEST_DATABASE);
    const id = fileCheckId(options.id, `files-exist:${definition.name}`, what);
    const sample = renderSample(options, what, 'rows');
    return new Check({ kind: 'files-exist', id, sql, bucket: definition, sample, ...defined({ database }) });
  }

  private constructor(private readonly definition: CheckDefinition) {}

  /** @internal */
  public _render(): CheckDefinition {
    return this.definition;
  }
}

function requireTable(table: string): void {
  requireText(table, 'the table of a check', LONGEST_TABLE);
}

function requireRows(value: number, what: string): void {
  if (requireFinite(value, what) < 0 || !Number.isInteger(value)) {
    throw new ValidationError(`${what} must be a whole number of rows, 0 or more, got: ${value}`);
  }
}

/** Without the undefined members, so that a definition's JSON and its object say the same. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
