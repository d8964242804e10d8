import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { giveTo, serverUser, type ServerUser } from './identity';
import { stopAbandonedServers } from './abandoned';

const run = promisify(execFile);
const PREFIX = 'recoverable-';
const OWNER_FILE = 'owner.json';
/** A unix socket's path may have 103 bytes on macOS and 107 on Linux; what we add below the root stays under 40. */
const LONGEST_ROOT = 60;
/** A root without owner file is one that is just being made, or whose maker died in between. */
const UNOWNED_PATIENCE_MS = 600_000;

interface Owner {
  readonly pid: number;
  /** What the system says of the process's start: the same pid may be another process by now. */
  readonly started: string;
  /** Another container may share the temp directory but not the process ids. */
  readonly host: string;
}

/** Makes the root of one run, readable by its server's user alone. */
export async function makeRunDirectory(user: ServerUser | undefined, temporary: string): Promise<string> {
  const root = await mkdtemp(path.join(await parent(temporary, user), PREFIX));
  const owner: Owner = { pid: process.pid, started: (await startOf(process.pid)) ?? '', host: os.hostname() };
  await writeFile(path.join(root, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
  await giveTo(user, root);
  return root;
}

/** initdb calls the server through a shell, between double quotes: these it would take for its own. */
const SHELL_WOULD_READ = /["$`\\]/;

/** The temp directory, or the system's when that is too deep, badly named, or closed to the server's user. */
async function parent(temporary: string, user: ServerUser | undefined): Promise<string> {
  const wanted = await realpath(temporary);
  const fits = Buffer.byteLength(wanted) + PREFIX.length + 7 <= LONGEST_ROOT;
  const usable = fits && !SHELL_WOULD_READ.test(wanted);
  return usable && (await canEnter(wanted, user)) ? wanted : realpath('/tmp');
}

/** Root's own temp directory, as some systems give it, is closed to everybody else. */
async function canEnter(directory: string, user: ServerUser | undefined): Promise<boolean> {
  if (!user) return true;
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/**
 * Removes what runs that ended without cleaning up (kill -9, power loss) left in the temp directory, servers included.
 * Returns the directories removed. Runs that are still alive, and directories of other users, are left alone.
 */
export async function sweepStaleDirectories(temporary = os.tmpdir()): Promise<string[]> {
  const user = await serverUser();
  const removed: string[] = [];
  for (const where of new Set([await realpath(temporary), await parent(temporary, user)])) {
    for (const name of await readdir(where)) {
      const root = path.join(where, name);
      if (!name.startsWith(PREFIX) || !(await isStale(root, user))) continue;
      await stopAbandonedServers(root);
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
      removed.push(root);
    }
  }
  return removed;
}

async function isStale(root: string, user: ServerUser | undefined): Promise<boolean> {
  try {
    const facts = await lstat(root);
    const ours = facts.uid === process.getuid?.() || facts.uid === user?.uid;
    if (!facts.isDirectory() || !ours) return false;
    const owner = await ownerOf(root);
    if (!owner) return Date.now() - facts.ctimeMs > UNOWNED_PATIENCE_MS && (await isEmpty(root));
    return owner.host === os.hostname() && (await startOf(owner.pid)) !== owner.started;
  } catch {
    // Gone or unreadable in between: another sweep is at it, or it is none of ours.
    return false;
  }
}

async function isEmpty(directory: string): Promise<boolean> {
  return (await readdir(directory)).length === 0;
}

async function ownerOf(root: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path.join(root, OWNER_FILE), 'utf8')) as Partial<Owner>;
    return typeof owner.pid === 'number' && typeof owner.started === 'string' && typeof owner.host === 'string'
      ? (owner as Owner)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the system says of a process's start; undefined when there is no such process. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform !== 'linux') return (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim();
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // Field 22, counted behind the command's name, which may hold spaces and parentheses. Field 3 is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
