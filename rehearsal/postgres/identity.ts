import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The user a server runs as when we are root; PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Absent when we are not root: the server then runs as ourselves. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  // The user must have an entry in passwd: initdb looks its name up.
  return { uid: await idOf('-u', 65534), gid: await idOf('-g', 65534) };
}

async function idOf(option: '-u' | '-g', otherwise: number): Promise<number> {
  try {
    const { stdout } = await run('id', [option, 'nobody']);
    const id = Number(stdout.trim());
    // macOS gives nobody the id -2.
    return Number.isInteger(id) ? id >>> 0 : otherwise;
  } catch {
    return otherwise;
  }
}

/** Hands a file or directory that we (root) made to the server's user. */
export async function giveTo(user: ServerUser | undefined, ...paths: string[]): Promise<void> {
  if (!user) return;
  for (const path of paths) await chown(path, user.uid, user.gid);
}
