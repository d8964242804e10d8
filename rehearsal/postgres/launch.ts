import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { writeConfiguration, type ServerPaths } from './configuration';
import type { EngineContext } from './context';
import { PostgresError } from './errors';
import { ServerProcess } from './server-process';
import { connectSuperuser } from './superuser';

const QUESTION_INTERVAL_MS = 15;
/** A server that replays no log is there at once; one that replays takes as long as its log. */
const START_PATIENCE_MS = 60_000;
const PORT_ATTEMPTS = 5;

export interface Launched {
  readonly process: ServerProcess;
  readonly port: number;
}

/** Starts a server on a free port and waits until it is open for writing, which is when it is out of recovery. */
export async function launch(
  context: EngineContext,
  paths: ServerPaths,
  recovery?: Readonly<Record<string, string>>,
): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const args = await writeConfiguration({ paths, port, tls: context.tls, recovery }, context.user);
    const process = await ServerProcess.start([path.join(context.binaries.bin, 'postgres'), ...args], {
      log: paths.log,
      cwd: paths.home,
      user: context.user,
    });
    context.watch(process);
    try {
      await untilOpen(context, paths, port, process, recovery ? Infinity : START_PATIENCE_MS);
      return { process, port };
    } catch (error) {
      await process.stop();
      // Somebody took the port between our asking and the server's; it had not touched its data yet.
      const taken = /could not create any TCP\/IP sockets/.test(await process.said());
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function untilOpen(
  context: EngineContext,
  paths: ServerPaths,
  port: number,
  process: ServerProcess,
  patienceMs: number,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let client: Client | undefined;
  try {
    while (!process.hasEnded && Date.now() < deadline) {
      try {
        client ??= await connectSuperuser(paths.home, port, context.superuserPassword);
        // Being able to connect is not enough: a server that will fail for want of log lets readers in first.
        const { rows } = await client.query<{ recovering: boolean }>('SELECT pg_is_in_recovery() AS recovering');
        if (!rows[0].recovering) return;
      } catch {
        // Not listening yet, starting up, or just gone: the loop's condition tells which.
        await client?.end().catch(() => {});
        client = undefined;
      }
      await sleep(QUESTION_INTERVAL_MS);
    }
  } finally {
    await client?.end().catch(() => {});
  }
  const words = lastWords(await process.said());
  throw new PostgresError('PostgresFailed', `the server did not open: ${words || 'it said nothing'}`);
}

/** The last complaints of a server, as it put them, without their prefixes of time and process. */
function lastWords(log: string): string {
  const complaints = log.split('\n').filter((line) => /\b(?:FATAL|PANIC|ERROR):/.test(line));
  const relevant = complaints.filter((line) => !/the database system is|terminating connection/.test(line));
  return (relevant.length > 0 ? relevant : log.trim().split('\n'))
    .slice(-2)
    .map((line) => line.replace(/^.*?\b(FATAL|PANIC|ERROR):\s*/, '$1: '))
    .join('; ');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
