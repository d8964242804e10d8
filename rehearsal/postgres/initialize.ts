import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { SUPERUSER, SUPERUSER_DATABASE, type ServerPaths } from './configuration';
import type { EngineContext } from './context';
import { PostgresError } from './errors';
import { giveTo } from './identity';
import { serverEnvironment } from './server-process';

const run = promisify(execFile);
/** The builtin provider came with 17 and sorts alike on every machine; before it, only C does. */
const BUILTIN_LOCALE_SINCE = 17;
const RESERVED = [SUPERUSER, 'rds_superuser'];

/** Makes an empty cluster of databases in UTF-8 with the superuser as its only role. */
export async function initialize(context: EngineContext, paths: ServerPaths): Promise<void> {
  const { bin, major } = context.binaries;
  const passwordFile = path.join(paths.home, 'password');
  await writeFile(passwordFile, `${context.superuserPassword}\n`, { mode: 0o600 });
  await giveTo(context.user, passwordFile);
  const locale =
    major >= BUILTIN_LOCALE_SINCE ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : ['--locale=C'];
  const args = ['-D', paths.data, '-U', SUPERUSER, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  // Small segments: each archived moment copies a whole one.
  args.push('--encoding=UTF8', ...locale, '--no-sync', '--no-instructions', '--data-checksums', '--wal-segsize=1');
  try {
    await run(path.join(bin, 'initdb'), args, { ...context.user, cwd: paths.home, env: serverEnvironment() });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new PostgresError('PostgresFailed', `initdb failed: ${stderr?.trim() || String(error)}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A login name that a real server would refuse, too. */
export function refuseReserved(masterUsername: string): void {
  const reserved = RESERVED.includes(masterUsername) || masterUsername.startsWith('pg_') || masterUsername === '';
  if (!reserved) return;
  throw new PostgresError(
    'ReservedName',
    `master username is '${masterUsername}': it must not be empty, ${RESERVED.join(', ')} or begin with pg_`,
  );
}

/**
 * Gives a new server the roles and databases of a real RDS instance, as far as a client can tell: a master that is no
 * superuser but may create databases and roles, that is a member of rds_superuser and owns `postgres` and `template1`;
 * a database of the superuser's own that nobody else may connect to.
 */
export async function createMaster(client: Client, username: string, password: string): Promise<void> {
  const master = escapeIdentifier(username);
  await client.query(`
    CREATE ROLE rds_superuser NOLOGIN;
    GRANT pg_monitor, pg_signal_backend TO rds_superuser;
    CREATE ROLE ${master} LOGIN NOSUPERUSER CREATEDB CREATEROLE PASSWORD ${escapeLiteral(password)};
    GRANT rds_superuser TO ${master};
    ALTER DATABASE postgres OWNER TO ${master};
    ALTER DATABASE template1 OWNER TO ${master};
  `);
  await client.query(`CREATE DATABASE ${SUPERUSER_DATABASE}`);
  await client.query(`REVOKE ALL ON DATABASE ${SUPERUSER_DATABASE} FROM PUBLIC`);
}

/** One row in the superuser's database, whose update is a commit that touches nobody's data. */
export async function createHeartbeat(client: Client): Promise<void> {
  await client.query(`
    CREATE TABLE heartbeat (beat timestamptz NOT NULL);
    INSERT INTO heartbeat VALUES (clock_timestamp());
  `);
}
