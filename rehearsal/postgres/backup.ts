import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import type { PhysicalBackup } from '../database-engine';
import { untilArchived } from './archiving';
import type { ServerPaths } from './configuration';
import type { EngineContext } from './context';
import { copyTree } from './copy-tree';
import { giveTo } from './identity';

/** A physical copy, and the log that makes it consistent: it needs nothing of its server, which may be gone. */
export interface StoredBackup extends PhysicalBackup {
  readonly data: string;
  readonly wal: string;
  /** The server's archive, for moments after the backup. */
  readonly archive: string;
}

/** What a running server keeps to itself, and what its successor makes anew. */
const LEFT_OUT =
  /^(?:pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.|^postmaster\.|^(?:recovery|standby)\.signal$|pgsql_tmp|pg_internal\.init/;

interface Stopped {
  readonly label: string;
  readonly spaces: string;
  readonly segment: string;
  readonly at: Date;
}

/** Copies the data directory of a running server. */
export async function takeBackup(
  context: EngineContext,
  paths: ServerPaths,
  masterUsername: string,
  client: Client,
): Promise<StoredBackup> {
  const home = path.join(context.root, context.nextName('backup'));
  const wal = path.join(home, 'wal');
  await mkdir(home, { mode: 0o700 });
  await mkdir(wal, { mode: 0o700 });
  await giveTo(context.user, home, wal);

  const data = path.join(home, 'data');
  const { rows } = await client.query<{ at: Date }>(
    `SELECT clock_timestamp() AS at FROM pg_backup_start('recoverable', fast := true)`,
  );
  const copied = await copyTree(paths.data, data, {
    user: context.user,
    skip: (relative) => LEFT_OUT.test(relative.replaceAll(path.sep, '/')),
  });
  const stopped = await stop(client);
  await untilArchived(client, paths.archive, stopped.segment);
  const log = await keepLog(context, paths.archive, wal, stopped);
  await completeData(context, data, stopped);
  return {
    startedAt: rows[0].at,
    finishedAt: stopped.at,
    sizeBytes: copied + log,
    masterUsername,
    data,
    wal,
    archive: paths.archive,
  };
}

async function stop(client: Client): Promise<Stopped> {
  // Waiting for the archive inside costs a whole second; we look ourselves.
  const { rows } = await client.query<{ label: string; spaces: string; segment: string }>(
    `SELECT labelfile AS label, spcmapfile AS spaces, pg_walfile_name(lsn) AS segment
       FROM pg_backup_stop(wait_for_archive := false)`,
  );
  const clock = await client.query<{ at: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' AS at`,
  );
  return { ...rows[0], at: clock.rows[0].at };
}

/** Keeps the segments from the backup's start to its stop, and the histories of timelines. */
async function keepLog(context: EngineContext, archive: string, wal: string, stopped: Stopped): Promise<number> {
  const first = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/m.exec(stopped.label)?.[1] ?? stopped.segment;
  const names = (await readdir(archive)).filter((name) =>
    name.length === first.length ? name >= first && name <= stopped.segment : name.endsWith('.history'),
  );
  for (const name of names) {
    await copyFile(path.join(archive, name), path.join(wal, name));
    await giveTo(context.user, path.join(wal, name));
  }
  return names.filter((name) => name.length === first.length).length * 1_048_576;
}

async function completeData(context: EngineContext, data: string, stopped: Stopped): Promise<void> {
  const directories = [path.join(data, 'pg_wal', 'archive_status'), path.join(data, 'pg_wal', 'summaries')];
  for (const directory of directories) await mkdir(directory, { recursive: true, mode: 0o700 });
  const files: Record<string, string> = { backup_label: stopped.label };
  if (stopped.spaces) files.tablespace_map = stopped.spaces;
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(data, name), text, { mode: 0o600 });
  await giveTo(context.user, ...directories, ...Object.keys(files).map((name) => path.join(data, name)));
}
