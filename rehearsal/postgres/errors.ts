/** An error of the rehearsal's PostgreSQL, known by its name. Messages say what happened and the next step. */
export class PostgresError extends Error {
  constructor(name: PostgresErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

export type PostgresErrorName =
  /** No PostgreSQL was found on this machine, or one that is too old. */
  | 'PostgresNotFound'
  /** A program of PostgreSQL (initdb, postgres) ended with an error. */
  | 'PostgresFailed'
  /** The archived log does not reach the asked moment, or the backup begins after it. */
  | 'RestoreFailed'
  /** The log was not archived in time. */
  | 'ArchiveFailed'
  /** The engine or server was closed while something was going on. */
  | 'PostgresClosed'
  /** A name that a real server reserves. */
  | 'ReservedName';
