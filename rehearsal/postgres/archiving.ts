import { access } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { PostgresError } from './errors';

const QUESTION_INTERVAL_MS = 4;
/** Without any progress; a long queue of segments may take longer. */
const PATIENCE_MS = 30_000;

/**
 * Commits something after the moment it resolves with, and waits until the log up to that commit is archived. Only
 * then is the moment restorable: a replay ends at the first commit after its target, and dies when there is none.
 * @param client connected to the superuser's own database
 */
export async function archiveNow(client: Client, archive: string): Promise<Date> {
  // Rounded up to the next whole millisecond, so that nothing committed before is left out.
  const { rows } = await client.query<{ moment: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' AS moment`,
  );
  await client.query(`SELECT pg_sleep(0.002)`);
  await client.query('UPDATE heartbeat SET beat = clock_timestamp()');
  const switched = await client.query<{ segment: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS segment');
  await untilArchived(client, archive, switched.rows[0].segment);
  return rows[0].moment;
}

/** Lets the server's archiver fail from now on, as it does when its storage is gone: the log grows, and none of it is kept. */
export async function stopArchiving(client: Client): Promise<void> {
  await client.query(`ALTER SYSTEM SET archive_command = 'false'`);
  await client.query('SELECT pg_reload_conf()');
}

/** The archiver tries what failed again, as soon as it hears of its new settings. */
export async function resumeArchiving(client: Client): Promise<void> {
  await client.query('ALTER SYSTEM RESET archive_command');
  await client.query('SELECT pg_reload_conf()');
}

/** Waits until a segment of the log is in the archive, whole. */
export async function untilArchived(client: Client, archive: string, segment: string): Promise<void> {
  let last = '';
  let deadline = Date.now() + PATIENCE_MS;
  for (let round = 1; !(await exists(path.join(archive, segment))); round += 1) {
    await sleep(QUESTION_INTERVAL_MS);
    if (round % 100 !== 0) continue;
    const { rows } = await client.query<{ last: string | null; failed: string | null }>(
      'SELECT last_archived_wal AS last, last_failed_wal AS failed FROM pg_stat_archiver',
    );
    if (rows[0].last !== last) deadline = Date.now() + PATIENCE_MS;
    last = rows[0].last ?? '';
    if (Date.now() < deadline) continue;
    const failure = rows[0].failed ? `; ${rows[0].failed} could not be copied` : '';
    throw new PostgresError(
      'ArchiveFailed',
      `segment ${segment} was not archived to ${archive} within ${PATIENCE_MS / 1000} s${failure}: is the disk full?`,
    );
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
