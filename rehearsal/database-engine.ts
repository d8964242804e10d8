import type { Client } from 'pg';

/**
 * The port between the rehearsed RDS (which knows the API) and a real database server (which knows no AWS).
 * One implementation so far: PostgreSQL.
 */
export interface DatabaseEngine {
  /** As RDS spells it: `postgres`. */
  readonly name: 'postgres';
  /** For example `18.4`. */
  readonly version: string;
  /** PEM of the authority that signs every server's certificate; clients trust this alone. */
  readonly certificateAuthority: string;
  /** Makes an empty server with its master login, archiving its log, and starts it. */
  create(options: { readonly masterUsername: string; readonly masterPassword: string }): Promise<RunningDatabase>;
  /**
   * Restores a physical backup into a new server and replays its archived log.
   * @param until replay to this moment, inclusive, exactly; absent: only to the backup's own consistent end.
   * Resolves when the server is out of recovery. Rejects when the log does not reach the moment.
   */
  restore(backup: PhysicalBackup, until?: Date): Promise<RunningDatabase>;
  /** Stops every server and removes every directory this engine made. */
  close(): Promise<void>;
}

export interface RunningDatabase {
  /** Always `127.0.0.1`. */
  readonly address: string;
  readonly port: number;
  readonly masterUsername: string;
  /** A connected client of the server's own superuser (which no API user gets), over the local socket. The caller ends it. */
  superuser(database?: string): Promise<Client>;
  setMasterPassword(password: string): Promise<void>;
  /** Makes a physical copy while the server runs. */
  backup(): Promise<PhysicalBackup>;
  /**
   * Makes everything committed so far restorable. Resolves with a moment (whole milliseconds) to which a restore
   * certainly succeeds: it lies before a commit that is already archived.
   */
  archive(): Promise<Date>;
  /** Stops the server; its directory stays. */
  stop(): Promise<void>;
  /** Stops the server and removes its directory. */
  destroy(): Promise<void>;
}

export interface PhysicalBackup {
  readonly startedAt: Date;
  /** The consistent end: nothing before it can be restored to from this backup. */
  readonly finishedAt: Date;
  readonly sizeBytes: number;
  readonly masterUsername: string;
}
