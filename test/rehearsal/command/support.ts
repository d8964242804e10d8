import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const COMMAND = path.resolve(__dirname, '../../../assets/command/recoverable.js');

/** A terminal to try it on. */
export const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for what a command leaves: in the current directory and in the temporary one. */
export class Playground {
  // Short, and not below a long TMPDIR: a server's socket must fit.
  readonly folder = mkdtempSync(path.join(tmpdir().length < 24 ? tmpdir() : '/tmp', 'rcv-'));

  constructor() {
    // A server run by root runs as nobody, who must get there.
    chmodSync(this.folder, 0o755);
  }

  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [COMMAND, ...args], {
      cwd: this.folder,
      env: { ...process.env, TMPDIR: this.folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** On a terminal of its own; what it shows is on stdout, what is typed goes to stdin. */
  terminal(args: readonly string[]): ChildProcess {
    const line = [process.execPath, COMMAND, ...args].map((word) => `'${word}'`).join(' ');
    return spawn('script', ['-qefc', `stty cols 100 rows 40; exec ${line}`, '/dev/null'], {
      cwd: this.folder,
      env: { ...process.env, TMPDIR: this.folder, SHELL: '/bin/sh', TERM: 'xterm', CI: undefined },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> {
    return ended(this.start(args, environment));
  }

  /** What a run leaves in the temporary directory. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => /^recoverable-(?!evidence$)/.test(name));
  }

  /** Waits until a run has made a file or folder whose path matches. */
  async until(made: RegExp): Promise<void> {
    for (const end = Date.now() + 90_000; !paths(this.folder).some((one) => made.test(one)); await sleep(10)) {
      if (Date.now() > end) throw new Error(`nothing matched ${made} within 90 s`);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** Ids of every process below another one: servers, their watchers, functions. */
export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.filter(([, one]) => one === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Those that still run, after a while in which they may end. */
export async function survivors(pids: readonly number[], patienceMs = 5000): Promise<number[]> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const left = pids.filter(isAlive);
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Top levels suffice, and a server's data directory is large and changes while it is read. */
function paths(folder: string): string[] {
  return list(folder).flatMap((run) =>
    list(path.join(folder, run)).flatMap((part) => [
      `${run}/${part}`,
      ...(part === 'logs' ? list(path.join(folder, run, part)).map((log) => `${run}/${part}/${log}`) : []),
    ]),
  );
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
