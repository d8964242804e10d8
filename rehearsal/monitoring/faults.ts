import type { RunningDatabase } from '../database-engine';
import { resumeArchiving, stopArchiving } from '../postgres';
import { UserError } from '../rehearse/faults';

/** One thing that keeps backups from being taken, and how it ends. */
export interface BackupFault {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly what: string;
  readonly begin: (database: RunningDatabase) => Promise<void>;
  readonly end: (database: RunningDatabase) => Promise<void>;
}

export const BACKUP_FAULTS: readonly BackupFault[] = [
  {
    name: 'archiving-stopped',
    what: 'the log of the database is archived no more, so nothing newer becomes restorable',
    begin: (database) => asSuperuser(database, stopArchiving),
    end: (database) => asSuperuser(database, resumeArchiving),
  },
];

type Work = Parameters<typeof resumeArchiving>[0];

async function asSuperuser(database: RunningDatabase, work: (client: Work) => Promise<void>): Promise<void> {
  const client = await database.superuser();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

export function backupFaultNamed(name: string): BackupFault {
  const fault = BACKUP_FAULTS.find((one) => one.name === name);
  if (fault) return fault;
  const known = BACKUP_FAULTS.map((one) => one.name).join(', ');
  throw new UserError(`no fault of backups is named ${JSON.stringify(name)}; known are: ${known}`);
}
