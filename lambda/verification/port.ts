/**
 * The port between checks and a database server. The engine knows nothing else of drivers, networks or clouds.
 * A later engine (MySQL, MariaDB) implements the same port and brings its own catalog and probes.
 */
export interface Server {
  /**
   * Opens a read-only session.
   * @throws LoginRefused, CannotConnect or DatabaseError (this one database may not be entered, or is not there)
   */
  connect(database: string): Promise<Database>;
}

/** One session in one database. Nothing is written through it. */
export interface Database {
  readonly name: string;
  /**
   * Bounds every statement that follows, on the server itself; a client that only stops waiting leaves the query running.
   * @param reading `heap`: the rows themselves must be read, since a count from an index reports rows that are gone
   */
  bound(timeoutMs: number, reading: 'heap' | 'freely'): Promise<void>;
  /** Runs one statement of our own. @throws DatabaseError */
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs one statement that a user wrote and takes at most `rows` rows of it, as text. @throws DatabaseError */
  sample(sql: string, rows: number): Promise<Sample>;
  /** Never throws; a session that is already lost is simply forgotten. */
  close(): Promise<void>;
}

export interface Sample {
  readonly columns: number;
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * Why a statement failed, as far as a verdict cares:
 * `privilege` a right is missing; `timeout` the bound was reached; `lost` the connection broke; `missing` a name is not
 * there; `damaged` the server says that stored data is broken or unreadable; `data` a value did not fit the question;
 * `other` everything else.
 */
export type Reason = 'privilege' | 'timeout' | 'lost' | 'missing' | 'damaged' | 'data' | 'other';

/** A statement, or entering one database, failed. `message` is the server's own. */
export class DatabaseError extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    /** SQLSTATE, where the server gave one. */
    readonly code = '',
  ) {
    super(message);
    this.name = 'DatabaseError';
  }
}

/** The server answers and refuses the login: wait for the new password to apply. */
export class LoginRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LoginRefused';
  }
}

/** The server does not answer, does not speak the expected TLS, or takes no sessions now. */
export class CannotConnect extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotConnect';
  }
}
