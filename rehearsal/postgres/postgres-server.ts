import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { PhysicalBackup, RunningDatabase } from '../database-engine';
import { archiveNow } from './archiving';
import { takeBackup, type StoredBackup } from './backup';
import { serverPaths, SUPERUSER_DATABASE, type ServerPaths } from './configuration';
import type { EngineContext } from './context';
import { giveTo } from './identity';
import { createHeartbeat, createMaster, initialize } from './initialize';
import { launch, type Launched } from './launch';
import { restoreInto } from './restore';
import { asSuperuser, connectSuperuser } from './superuser';

/** One PostgreSQL server on this machine, with the roles of a real RDS instance. */
export class PostgresServer implements RunningDatabase {
  readonly address = '127.0.0.1';

  private constructor(
    private readonly context: EngineContext,
    private readonly paths: ServerPaths,
    private readonly launched: Launched,
    readonly masterUsername: string,
  ) {}

  /** A new, empty server. */
  static async create(context: EngineContext, masterUsername: string, masterPassword: string): Promise<PostgresServer> {
    return inNewHome(context, async (paths) => {
      await initialize(context, paths);
      const server = new PostgresServer(context, paths, await launch(context, paths), masterUsername);
      await server.with(undefined, (client) => createMaster(client, masterUsername, masterPassword));
      await server.with(SUPERUSER_DATABASE, createHeartbeat);
      return server;
    });
  }

  /** A new server from a backup. Its master password is the one of backup time. */
  static async restore(context: EngineContext, backup: StoredBackup, until?: Date): Promise<PostgresServer> {
    return inNewHome(
      context,
      async (paths) =>
        new PostgresServer(context, paths, await restoreInto(context, paths, backup, until), backup.masterUsername),
    );
  }

  get port(): number {
    return this.launched.port;
  }

  async superuser(database?: string): Promise<Client> {
    return connectSuperuser(this.paths.home, this.port, this.context.superuserPassword, database);
  }

  async setMasterPassword(password: string): Promise<void> {
    const statement = `ALTER ROLE ${escapeIdentifier(this.masterUsername)} PASSWORD ${escapeLiteral(password)}`;
    await this.with(undefined, (client) => client.query(statement));
  }

  async backup(): Promise<PhysicalBackup> {
    return this.with(SUPERUSER_DATABASE, (client) => takeBackup(this.context, this.paths, this.masterUsername, client));
  }

  async archive(): Promise<Date> {
    return this.with(SUPERUSER_DATABASE, (client) => archiveNow(client, this.paths.archive));
  }

  async stop(): Promise<void> {
    await this.launched.process.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.paths.home, { recursive: true, force: true, maxRetries: 5 });
  }

  private with<T>(database: string | undefined, work: (client: Client) => Promise<T>): Promise<T> {
    return asSuperuser(() => this.superuser(database), work);
  }
}

/** Makes a server's directory and removes it again when there will be no server. */
async function inNewHome<T>(context: EngineContext, work: (paths: ServerPaths) => Promise<T>): Promise<T> {
  const paths = serverPaths(path.join(context.root, context.nextName('server')));
  await mkdir(paths.home, { mode: 0o700 });
  await mkdir(paths.archive, { mode: 0o700 });
  await giveTo(context.user, paths.home, paths.archive);
  try {
    return await work(paths);
  } catch (error) {
    await rm(paths.home, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}
