import type { CheckDefinition } from '../private/contract/checks';
import { requireFinite, requireName, requireText, ValidationError } from '../private/validation';
import type { Expect } from './expect';
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
