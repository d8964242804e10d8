import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openPostgresEngine, sweepStaleDirectories } from '../../../rehearsal/postgres';
import { ask, MASTER } from './helpers';

const run = promisify(execFile);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'rcv-'));
  await chmod(directory, 0o755);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** A process that has a server running and waits; `data` is the server's directory. */
async function startDoomed() {
  const script = path.join(__dirname, 'fixtures', 'doomed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { data } = JSON.parse(line.toString()) as { data: string };
  const [pid] = (await readFile(path.join(data, 'postmaster.pid'), 'utf8')).split('\n').map(Number);
  return { child, data, pid };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilDead(pid: number): Promise<void> {
  for (const end = Date.now() + 5_000; isAlive(pid); await sleep(20)) {
    if (Date.now() > end) throw new Error(`process ${pid} is still there after 5 s`);
  }
}

test('close stops every server, removes the directory and ends what is under way', async () => {
  const engine = await openPostgresEngine({ temporary: directory });
  const database = await engine.create(MASTER);
  const backup = await database.backup();
  const underWay = Promise.allSettled([engine.restore(backup), engine.create(MASTER)]);
  await sleep(150);
  expect(await readdir(directory)).toHaveLength(1);
  await Promise.all([engine.close(), engine.close()]);
  await underWay;
  expect(await readdir(directory)).toEqual([]);
  await expect(ask(engine, database, 'SELECT 1')).rejects.toThrow();
  await expect(engine.create(MASTER)).rejects.toMatchObject({ name: 'PostgresClosed' });
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('a parent ended by %s leaves no server', async (signal) => {
  const { child, data, pid } = await startDoomed();
  expect(isAlive(pid)).toBe(true);
  child.kill(signal);
  await untilDead(pid);
  expect(existsSync(data)).toBe(true);
  const removed = await sweepStaleDirectories(directory);
  expect(removed).toEqual([path.resolve(data, '..', '..')]);
  expect(await readdir(directory)).toEqual([]);
});

test('the sweep stops a server that lost its watcher, too', async () => {
  const { child, pid } = await startDoomed();
  // The watcher is the postmaster's parent; killed, nobody tells the server that its time is over.
  const { stdout } = await run('ps', ['-o', 'ppid=', '-p', String(pid)]);
  process.kill(Number(stdout), 'SIGKILL');
  child.kill('SIGKILL');
  await sleep(100);
  await sweepStaleDirectories(directory);
  await untilDead(pid);
  expect(await readdir(directory)).toEqual([]);
});

test('the next engine sweeps; living runs and what is not ours stay', async () => {
  const engine = await openPostgresEngine({ temporary: directory });
  const [living] = await readdir(directory);
  const dead = path.join(directory, 'recoverable-dead');
  const reused = path.join(directory, 'recoverable-reused');
  const elsewhere = path.join(directory, 'recoverable-elsewhere');
  const others = path.join(directory, 'recoverable-evidence');
  const owner = JSON.parse(await readFile(path.join(directory, living, 'owner.json'), 'utf8')) as object;
  for (const [where, text] of [
    [dead, { ...owner, pid: 2 ** 22 + 1 }],
    [reused, { ...owner, started: 'another boot 1' }],
    [elsewhere, { ...owner, pid: 2 ** 22 + 1, host: 'another-container' }],
  ] as const) {
    await mkdir(where);
    await writeFile(path.join(where, 'owner.json'), JSON.stringify(text));
  }
  await mkdir(others);
  await writeFile(path.join(others, 'evidence.json'), '{}');
  await writeFile(path.join(directory, 'recoverable-file'), 'a file');

  const second = await openPostgresEngine({ temporary: directory });
  const left = await readdir(directory);
  expect(left).toEqual(
    expect.arrayContaining([living, 'recoverable-elsewhere', 'recoverable-evidence', 'recoverable-file']),
  );
  expect(left).not.toContain('recoverable-dead');
  expect(left).not.toContain('recoverable-reused');
  await Promise.all([engine.close(), second.close()]);
});

test('works when the server’s user cannot enter the temp directory', async () => {
  await chmod(directory, 0o700);
  const engine = await openPostgresEngine({ temporary: directory });
  const database = await engine.create(MASTER);
  await ask(engine, database, 'SELECT 1');
  await engine.close();
});

test('works in a temp directory with a hostile and a very long name', async () => {
  for (const name of [`a b'c%f"d$(x);e`, 'x'.repeat(120)]) {
    const temporary = path.join(directory, name);
    await mkdir(temporary);
    const engine = await openPostgresEngine({ temporary });
    const database = await engine.create(MASTER);
    const backup = await database.backup();
    await ask(engine, database, 'CREATE TABLE after_backup ()');
    const copy = await engine.restore(backup, await database.archive());
    await ask(engine, copy, 'SELECT FROM after_backup');
    await engine.close();
  }
});
