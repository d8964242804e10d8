import type { Client } from 'pg';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import type { DatabaseEngine, PhysicalBackup, RunningDatabase } from '../../../rehearsal/database-engine';
import { ask, connectMaster, MASTER, query } from './helpers';

describe('point in time and backups', () => {
  let engine: DatabaseEngine;
  let source: RunningDatabase;
  let backup: PhysicalBackup;
  let master: Client;

  beforeAll(async () => {
    engine = await openPostgresEngine();
    source = await engine.create(MASTER);
    master = await connectMaster(engine, source);
    await master.query('CREATE TABLE note (word text PRIMARY KEY)');
    await master.query(`INSERT INTO note VALUES ('backed up')`);
    backup = await source.backup();
    await master.query(`INSERT INTO note VALUES ('after the backup')`);
  });

  afterAll(async () => {
    await master?.end();
    await engine?.close();
  });

  const words = async (database: RunningDatabase): Promise<string[]> =>
    (await ask<{ word: string }>(engine, database, 'SELECT word FROM note ORDER BY word')).map((row) => row.word);

  test('a moment between two commits holds the first and not the second', async () => {
    await master.query(`INSERT INTO note VALUES ('first')`);
    const between = await source.archive();
    await master.query(`INSERT INTO note VALUES ('second')`);
    const after = await source.archive();

    const [early, late] = await Promise.all([engine.restore(backup, between), engine.restore(backup, after)]);
    expect(await words(early)).toEqual(['after the backup', 'backed up', 'first']);
    expect(await words(late)).toEqual(['after the backup', 'backed up', 'first', 'second']);
    // And the copy is a database of its own, open for writing.
    await ask(engine, early, `INSERT INTO note VALUES ('in the copy')`);
    expect(await words(source)).not.toContain('in the copy');
    await Promise.all([early.destroy(), late.destroy()]);
  });

  test('a moment chosen by the clock, not by us, cuts between commits too', async () => {
    const pause = (): Promise<unknown> => master.query('SELECT pg_sleep(0.02)');
    await pause();
    const [{ moment }] = await query<{ moment: Date }>(master, `SELECT clock_timestamp() AS moment`);
    await pause();
    await master.query(`DELETE FROM note WHERE word = 'backed up'`);
    await source.archive();
    const copy = await engine.restore(backup, moment);
    expect(await words(copy)).toContain('backed up');
    expect(await words(source)).not.toContain('backed up');
    await copy.destroy();
  });

  test('without a moment only the backup itself comes back, whatever was archived since', async () => {
    const copy = await engine.restore(backup);
    expect(await words(copy)).toEqual(['backed up']);
    await copy.destroy();
  });

  test('a moment past the end of the log rejects with what the server said, and leaves nothing', async () => {
    await expect(engine.restore(backup, new Date(Date.now() + 60_000))).rejects.toMatchObject({
      name: 'RestoreFailed',
      message: expect.stringContaining('recovery ended before configured recovery target was reached'),
    });
  });

  test('a moment before the backup rejects and says since when', async () => {
    await expect(engine.restore(backup, new Date(backup.finishedAt.getTime() - 1))).rejects.toMatchObject({
      name: 'RestoreFailed',
      message: expect.stringContaining(backup.finishedAt.toISOString()),
    });
    await expect(engine.restore(backup, new Date(Number.NaN))).rejects.toMatchObject({ name: 'RestoreFailed' });
  });

  test('four restores at once', async () => {
    const moment = await source.archive();
    const copies = await Promise.all([1, 2, 3, 4].map(() => engine.restore(backup, moment)));
    expect(new Set(copies.map((copy) => copy.port)).size).toBe(4);
    for (const copy of copies) expect(await words(copy)).toEqual(await words(source));
    await Promise.all(copies.map((copy) => copy.destroy()));
  });

  test('a copy keeps the password of backup time until it gets a new one', async () => {
    const copy = await engine.restore(backup);
    await (await connectMaster(engine, copy)).end();
    const hostile = `n'ew"; DROP ROLE master; -- \\ ü`;
    await copy.setMasterPassword(hostile);
    await expect(connectMaster(engine, copy)).rejects.toThrow('password authentication failed');
    await (await connectMaster(engine, copy, { password: hostile })).end();
    await (await connectMaster(engine, source)).end();
    await copy.destroy();
  });

  test('a copy can be backed up and restored to a moment of its own', async () => {
    const copy = await engine.restore(backup, await source.archive());
    const second = await copy.backup();
    await ask(engine, copy, `INSERT INTO note VALUES ('second life')`);
    const moment = await copy.archive();
    await ask(engine, copy, `INSERT INTO note VALUES ('too late')`);
    await copy.archive();
    const grandchild = await engine.restore(second, moment);
    expect(await words(grandchild)).toContain('second life');
    expect(await words(grandchild)).not.toContain('too late');
    await Promise.all([copy.destroy(), grandchild.destroy()]);
  });

  test('a backup made while rows are written is whole, and outlives its server', async () => {
    const busy = await engine.create(MASTER);
    await ask(engine, busy, 'CREATE TABLE pair (a int, b int)');
    const writer = await connectMaster(engine, busy);
    let writing = true;
    const written = (async () => {
      for (let i = 0; writing; i += 1) {
        await writer.query(`INSERT INTO pair SELECT ${i}, g FROM generate_series(1, 50) g`);
      }
    })();
    const taken = await busy.backup();
    writing = false;
    await written;
    await writer.end();
    await busy.destroy();

    const copy = await engine.restore(taken);
    const [{ whole, broken }] = await ask<{ whole: string; broken: string }>(
      engine,
      copy,
      `SELECT count(*) FILTER (WHERE n = 50) AS whole, count(*) FILTER (WHERE n <> 50) AS broken
         FROM (SELECT count(*) AS n FROM pair GROUP BY a) AS transaction`,
    );
    expect(Number(whole)).toBeGreaterThan(0);
    expect(Number(broken)).toBe(0);
    expect(taken.sizeBytes).toBeGreaterThan(1_000_000);
    await copy.destroy();
    // Its log after the backup went with the server: a later moment cannot be reached, and that is said.
    await expect(engine.restore(taken, new Date())).rejects.toMatchObject({ name: 'RestoreFailed' });
  });
});
