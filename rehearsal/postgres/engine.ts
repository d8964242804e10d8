import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { DatabaseEngine, PhysicalBackup, RunningDatabase } from '../database-engine';
import type { StoredBackup } from './backup';
import { findBinaries, type Binaries } from './binaries';
import { makeCertificates } from './certificates';
import type { EngineContext } from './context';
import { makeRunDirectory, sweepStaleDirectories } from './directories';
import { PostgresError } from './errors';
import { giveTo, serverUser, type ServerUser } from './identity';
import { refuseReserved } from './initialize';
import { PostgresServer } from './postgres-server';
import type { ServerProcess } from './server-process';

export interface PostgresEngineOptions {
  /** Where the run's directory is made; the system's temp directory by default. */
  readonly temporary?: string;
}

/**
 * Finds PostgreSQL on this machine and makes a directory for this run's servers, after removing those of runs that are
 * dead. Throws PostgresNotFound with what to do about it. Close the engine to stop its servers and remove the
 * directory; when the process dies instead, the servers stop and the next run removes the directory.
 */
export async function openPostgresEngine({
  temporary = os.tmpdir(),
}: PostgresEngineOptions = {}): Promise<DatabaseEngine> {
  if (process.platform === 'win32') {
    throw new PostgresError('PostgresNotFound', 'the rehearsal needs a POSIX shell: run it in WSL');
  }
  await sweepStaleDirectories(temporary);
  const user = await serverUser();
  const root = await makeRunDirectory(user, temporary);
  try {
    const binaries = await findBinaries(user, root);
    const { authority, server, serverKey } = await makeCertificates();
    const tls = { certificate: path.join(root, 'server.crt'), key: path.join(root, 'server.key') };
    await writeFile(tls.certificate, server, { mode: 0o600 });
    await writeFile(tls.key, serverKey, { mode: 0o600 });
    await giveTo(user, tls.certificate, tls.key);
    return new PostgresEngine(binaries, user, root, tls, authority);
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

class PostgresEngine implements DatabaseEngine, EngineContext {
  readonly name = 'postgres';
  readonly superuserPassword = randomBytes(24).toString('base64url');
  private readonly processes = new Set<ServerProcess>();
  private readonly pending = new Set<Promise<unknown>>();
  private count = 0;
  private closing?: Promise<void>;

  constructor(
    readonly binaries: Binaries,
    readonly user: ServerUser | undefined,
    readonly root: string,
    readonly tls: EngineContext['tls'],
    readonly certificateAuthority: string,
  ) {}

  get version(): string {
    return this.binaries.version;
  }

  async create(options: {
    readonly masterUsername: string;
    readonly masterPassword: string;
  }): Promise<RunningDatabase> {
    refuseReserved(options.masterUsername);
    return this.track(() => PostgresServer.create(this, options.masterUsername, options.masterPassword));
  }

  async restore(backup: PhysicalBackup, until?: Date): Promise<RunningDatabase> {
    return this.track(() => PostgresServer.restore(this, backup as StoredBackup, until));
  }

  async close(): Promise<void> {
    this.closing ??= this.stopAndRemove();
    return this.closing;
  }

  nextName(kind: 'server' | 'backup'): string {
    this.count += 1;
    return `${kind[0]}${this.count}`;
  }

  watch(process: ServerProcess): void {
    this.processes.add(process);
    void process.ended.then(() => this.processes.delete(process));
    // Began while we were closing: closing waits for what is pending, and that will see its server end.
    if (this.closing) void process.stop();
  }

  private async track<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing) throw new PostgresError('PostgresClosed', 'the engine is closed: open another one');
    const promise = work();
    this.pending.add(promise);
    try {
      return await promise;
    } finally {
      this.pending.delete(promise);
    }
  }

  private async stopAndRemove(): Promise<void> {
    // Taken off the tick: `closing` must be set before anything that began meanwhile asks for it.
    await Promise.resolve();
    await Promise.all([...this.processes].map((process) => process.stop()));
    await Promise.allSettled([...this.pending]);
    await Promise.all([...this.processes].map((process) => process.stop()));
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
