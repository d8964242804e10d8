import type { DatabaseEngine, RunningDatabase } from '../../rehearsal/database-engine';
import { MINUTE } from './timeline';

/** How long before its end a backup of RDS is consistent. */
const CONSISTENT = 6 * MINUTE;

/** Databases without a server: of them only times are asked, and these pass as the simulation says. */
export function simulatedEngine(clock: () => Date): DatabaseEngine & { create(): Promise<RunningDatabase> } {
  const before = (milliseconds: number) => new Date(clock().getTime() - milliseconds);
  const database: RunningDatabase = {
    address: '127.0.0.1',
    port: 5432,
    masterUsername: 'shop',
    superuser: () => Promise.reject(new Error('there is no server')),
    setMasterPassword: async () => undefined,
    backup: async () => ({
      startedAt: before(CONSISTENT),
      finishedAt: before(CONSISTENT),
      sizeBytes: 1,
      masterUsername: 'shop',
    }),
    archive: async () => clock(),
    stop: async () => undefined,
    destroy: async () => undefined,
  };
  return {
    name: 'postgres',
    version: '18.4',
    certificateAuthority: '',
    create: async () => database,
    restore: async () => database,
    close: async () => undefined,
  };
}
