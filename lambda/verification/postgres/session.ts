import type { ClientBase, QueryResult } from 'pg';
import { DatabaseError, type Database, type Sample } from '../port';
import { statementError } from './errors';

/**
 * What every session starts with: nothing is written, rows are never silently filtered, text of a value does not depend
 * on who looks, and an index alone never answers for the rows.
 */
export const SESSION: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'on',
  row_security: 'off',
  enable_indexonlyscan: 'off',
  jit: 'off',
  lock_timeout: '30s',
  // Until a unit brings its own; one that production set for the login would end what we begin with.
  statement_timeout: '30s',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  lc_monetary: 'C',
  // A user's query is read through a cursor but always for its first rows and its end.
  cursor_tuple_fraction: '1',
};

/** How much longer than the server's own bound we wait before we call the connection dead. */
const GRACE_MS = 10_000;
const BOOLEAN = 16;

/** A session over a driver's client. `held`: the client and its transaction belong to somebody else and stay open. */
export class PostgresSession implements Database {
  private timeoutMs = 30_000;

  constructor(
    readonly name: string,
    private readonly client: ClientBase,
    private readonly end: () => Promise<void>,
    private readonly held = false,
  ) {}

  async bound(timeoutMs: number, reading: 'heap' | 'freely'): Promise<void> {
    this.timeoutMs = Math.max(1, Math.ceil(timeoutMs));
    const indexes = reading === 'heap' ? 'off' : 'on';
    await this.query(
      `select set_config('statement_timeout', $1, false),
              set_config('enable_indexscan', $2, false), set_config('enable_bitmapscan', $2, false),
              -- What a table's owner planted in a schema of the path must not answer for the server's own names.
              set_config('search_path', 'pg_catalog', false)`,
      [`${this.timeoutMs}ms`, indexes],
    );
  }

  async query<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.send<R>({ text: sql, values: [...params] })).rows;
  }

  async sample(sql: string, rows: number): Promise<Sample> {
    if (this.held) throw new DatabaseError('other', "a user's query does not run inside somebody else's transaction");
    await this.query('begin');
    try {
      await this.query('reset search_path'); // a user means the names of the login's own path
      // The extended protocol refuses a second statement; the cursor keeps a million rows on the server.
      await this.send({ text: `declare recoverable_check no scroll cursor for ${sql}`, queryMode: 'extended' });
      const taken = await this.send<(string | null)[]>({
        text: `fetch ${Math.floor(rows)} from recoverable_check`,
        rowMode: 'array',
        types: { getTypeParser: (oid: number) => (value: string) => (oid === BOOLEAN ? truth(value) : value) },
      });
      return { columns: taken.fields.length, names: taken.fields.map(({ name }) => name), rows: taken.rows };
    } finally {
      await this.query('rollback').catch(() => undefined); // a lost connection has already been reported
    }
  }

  async close(): Promise<void> {
    await this.end();
  }

  private async send<R>(config: object): Promise<QueryResult<R & object>> {
    try {
      const statement = { ...config, query_timeout: this.timeoutMs + GRACE_MS };
      return await this.client.query<R & object>(statement as never);
    } catch (error) {
      throw statementError(error);
    }
  }
}

function truth(value: string): string {
  return value === 't' ? 'true' : 'false';
}
