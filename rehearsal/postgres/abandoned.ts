import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Stops servers that outlived both their run and their watcher. A process is stopped only when its own command line
 * names the data directory: the id in a pid file may belong to another process by now.
 */
export async function stopAbandonedServers(root: string): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const data = path.join(root, entry.name, 'data');
    const pid = await postmasterOf(data);
    if (pid && (await commandOf(pid)).includes(data)) await stop(pid);
  }
}

async function postmasterOf(data: string): Promise<number | undefined> {
  try {
    const [first] = (await readFile(path.join(data, 'postmaster.pid'), 'utf8')).split('\n');
    const pid = Number(first);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

async function stop(pid: number): Promise<void> {
  // SIGQUIT: nothing in that directory is worth an orderly end.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      process.kill(pid, attempt === 0 ? 'SIGQUIT' : 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}
