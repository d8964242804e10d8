import type { DatabaseEngine, PhysicalBackup, RunningDatabase } from '../../../rehearsal/database-engine';

export interface FakeDatabase extends RunningDatabase {
  readonly passwords: string[];
  destroyed: boolean;
  readonly from?: PhysicalBackup;
  readonly until?: Date;
}

/** Databases without a server, for what RDS does around them: statuses, names, refusals. */
export class FakeEngine implements DatabaseEngine {
  readonly name = 'postgres';
  readonly version = '18.4';
  readonly certificateAuthority = '';
  readonly restored: FakeDatabase[] = [];
  restoreMilliseconds = 0;
  breaks?: Error;
  private port = 50_000;

  create(): Promise<FakeDatabase> {
    return Promise.resolve(this.database());
  }

  async restore(backup: PhysicalBackup, until?: Date): Promise<FakeDatabase> {
    await new Promise((resolve) => setTimeout(resolve, this.restoreMilliseconds));
    if (this.breaks) throw this.breaks;
    const made = this.database(backup, until);
    this.restored.push(made);
    return made;
  }

  private database(from?: PhysicalBackup, until?: Date): FakeDatabase {
    const passwords: string[] = [];
    const made: FakeDatabase = {
      address: '127.0.0.1',
      port: this.port++,
      masterUsername: 'shop',
      passwords,
      destroyed: false,
      from,
      until,
      superuser: () => Promise.reject(new Error('there is no server')),
      setMasterPassword: async (password) => void passwords.push(password),
      backup: async () => ({ startedAt: new Date(), finishedAt: new Date(), sizeBytes: 1, masterUsername: 'shop' }),
      archive: async () => new Date(),
      stop: async () => undefined,
      destroy: async () => void (made.destroyed = true),
    };
    return made;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
