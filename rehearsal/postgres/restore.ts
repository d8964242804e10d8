import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StoredBackup } from './backup';
import { restoreCommand, type ServerPaths } from './configuration';
import type { EngineContext } from './context';
import { copyTree } from './copy-tree';
import { PostgresError } from './errors';
import { giveTo } from './identity';
import { launch, type Launched } from './launch';

/** Copies a backup into a new server's directory, replays the log to the moment, inclusive, and opens the server. */
export async function restoreInto(
  context: EngineContext,
  paths: ServerPaths,
  backup: StoredBackup,
  until: Date | undefined,
): Promise<Launched> {
  if (until) refuseBefore(backup, until);
  await copyTree(backup.data, paths.data, { user: context.user });
  const signal = path.join(paths.data, 'recovery.signal');
  await writeFile(signal, '', { mode: 0o600 });
  await giveTo(context.user, signal);
  try {
    return await launch(context, paths, recoverySettings(backup, until));
  } catch (error) {
    const wanted = until ? `to ${until.toISOString()}` : `of the backup of ${backup.finishedAt.toISOString()}`;
    throw new PostgresError('RestoreFailed', `restore ${wanted} failed: ${(error as Error).message}`);
  }
}

function recoverySettings(backup: StoredBackup, until: Date | undefined): Record<string, string> {
  return {
    restore_command: restoreCommand(until ? [backup.wal, backup.archive] : [backup.wal]),
    recovery_target_action: 'promote',
    ...(until
      ? { recovery_target_time: serverTime(until), recovery_target_inclusive: 'on' }
      : { recovery_target: 'immediate' }),
  };
}

/** As the server writes it: UTC, with microseconds. */
function serverTime(moment: Date): string {
  return moment.toISOString().replace('T', ' ').replace('Z', '000+00');
}

function refuseBefore(backup: StoredBackup, until: Date): void {
  if (Number.isNaN(until.getTime())) throw new PostgresError('RestoreFailed', 'the moment to restore to is no date');
  if (until >= backup.finishedAt) return;
  throw new PostgresError(
    'RestoreFailed',
    `cannot restore to ${until.toISOString()}: the backup became consistent at ${backup.finishedAt.toISOString()}; ` +
      'take an older backup or a later moment',
  );
}
