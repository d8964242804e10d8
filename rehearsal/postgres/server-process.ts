import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { ServerUser } from './identity';

/**
 * Runs a command until it ends, or until our end of its standard input closes: then it gets a SIGINT. The pipe closes
 * when our process ends, however it ends: after Ctrl-C and even after kill -9 no server stays. The SIGINT is repeated,
 * for a shell's background command ignores it until the server has put its own handler in place.
 */
const WATCHER = `
  exec 3<&0
  "$@" 3<&- &
  server=$!
  ( cat <&3 >/dev/null; while kill -INT $server; do sleep 0.1 || sleep 1; done ) 2>/dev/null &
  reader=$!
  exec 3<&-
  trap 'kill -INT $server' INT TERM HUP
  wait $server
  while kill -0 $server 2>/dev/null; do wait $server; done
  kill $reader 2>/dev/null
`;
/** How long an orderly shutdown may take before it becomes a disorderly one. */
const SHUTDOWN_PATIENCE_MS = 10_000;

/** One running `postgres`, watched. */
export class ServerProcess {
  /** Resolves when the server has ended, whatever ended it. */
  readonly ended: Promise<void>;
  private over = false;

  private constructor(
    private readonly watcher: ChildProcess,
    private readonly log: string,
  ) {
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.over = true;
        watcher.stdin?.destroy();
        resolve();
      };
      watcher.once('exit', end);
      watcher.once('error', end);
    });
    watcher.stdin?.on('error', () => {});
    // A forgotten server must not keep our process alive; when that ends, the pipe closes and so does the server.
    watcher.unref();
    (watcher.stdin as Socket | null)?.unref();
  }

  static async start(
    command: readonly string[],
    options: { readonly log: string; readonly cwd: string; readonly user: ServerUser | undefined },
  ): Promise<ServerProcess> {
    const log = await open(options.log, 'a', 0o600);
    try {
      const watcher = spawn('/bin/sh', ['-c', WATCHER, 'recoverable', ...command], {
        ...options.user,
        cwd: options.cwd,
        // A process group of its own: Ctrl-C in the terminal is for us, who then stop the servers in order.
        detached: true,
        env: serverEnvironment(),
        stdio: ['pipe', log.fd, log.fd],
      });
      return new ServerProcess(watcher, options.log);
    } finally {
      await log.close();
    }
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** A fast shutdown: connections are cut, everything is written. */
  async stop(): Promise<void> {
    if (this.over) return;
    this.watcher.stdin?.end();
    const patience = setTimeout(() => this.quit(), SHUTDOWN_PATIENCE_MS);
    await this.ended;
    clearTimeout(patience);
  }

  /** Everything the server has said. */
  async said(): Promise<string> {
    return readFile(this.log, 'utf8').catch(() => '');
  }

  private quit(): void {
    try {
      process.kill(-(this.watcher.pid ?? Number.NaN), 'SIGQUIT');
    } catch {
      // It ended in between.
    }
  }
}

/** Nothing of the user's own PG* variables or locale reaches a server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
