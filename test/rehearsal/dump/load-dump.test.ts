import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DumpError, loadDump, type LoadedDump } from '../../../rehearsal/dump';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';

const CHINOOK = path.resolve(__dirname, '../../../../shared/data/chinook/Chinook_PostgreSql.sql');
const ODD = `it's "odd" = Db`;

let engine: DatabaseEngine;
let server: RunningDatabase;
let directory: string;
let count = 0;

beforeAll(async () => {
  engine = await openPostgresEngine();
  server = await engine.create({ masterUsername: 'master', masterPassword: 'long-enough' });
  directory = await mkdtemp(path.join(os.tmpdir(), 'rcv-'));
});

afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

const fixture = (name: string): string => path.join(__dirname, 'fixtures', name);
const load = (file: string): Promise<LoadedDump> => loadDump(file, (database) => server.superuser(database));

async function written(content: string | Buffer): Promise<string> {
  count += 1;
  const file = path.join(directory, `dump-${count}.sql`);
  await writeFile(file, content);
  return file;
}

const loadText = async (content: string | Buffer): Promise<LoadedDump> => load(await written(content));

/** A database of its own for one test; the dump's statements follow. */
function fresh(name: string, sql: string): string {
  return `DROP DATABASE IF EXISTS ${name};\nCREATE DATABASE ${name};\n\\c ${name}\n${sql}`;
}

async function ask(database: string, sql: string): Promise<unknown[]> {
  const client = await server.superuser(database);
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.map((row) => (row as unknown[])[0]);
  } finally {
    await client.end();
  }
}

/** Asks with the rights of the master. */
async function askMaster(database: string, sql: string): Promise<unknown[]> {
  const client = await server.superuser(database);
  try {
    await client.query('SET SESSION AUTHORIZATION master');
    return (await client.query({ text: sql, rowMode: 'array' })).rows.map((row) => (row as unknown[])[0]);
  } finally {
    await client.end();
  }
}

const chinook = existsSync(CHINOOK) || process.env.CI ? test : test.skip;
if (!existsSync(CHINOOK)) process.stdout.write(`skipped: no ${CHINOOK}\n`);

chinook("Chinook: 11 tables, 3,503 tracks, all the master's", async () => {
  const seen: number[] = [];
  const loaded = await loadDump(
    CHINOOK,
    (database) => server.superuser(database),
    (bytes, total) => seen.push(bytes / total),
  );
  expect(loaded).toMatchObject({ databases: ['chinook'], rows: 15_607, notes: [] });
  expect(await askMaster('chinook', 'SELECT count(*)::int FROM track')).toEqual([3503]);
  const owners = `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`;
  expect(await ask('chinook', owners)).toEqual(['master']);
  expect(await ask('chinook', `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`)).toEqual([11]);
  expect(seen.at(-1)).toBe(1);
});

describe('hard cases', () => {
  const words = `SELECT id || '=' || word FROM words ORDER BY id`;
  const expected = [
    '1=semi;colon',
    `2=it's; fine`,
    String.raw`3=it's; escaped ` + '\\',
    String.raw`4=back\slash;` + '\\',
    `5=one' goes'; on`,
    `6=low'er; e`,
    `7=dollar; 'quoted'`,
    '8= $$ ; $other$ ; $ta$ ',
    '9=dat;a',
    '10=national;',
    '11=straße; 日本; 😀',
    '13=a\nb;\n\\.\n\\connect nowhere\nc',
    '14=no semicolon at the end',
  ];

  test.each([
    ['as it is', (text: string) => text],
    ['with a byte order mark', (text: string) => `\uFEFF${text}`],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with CRLF and a byte order mark', (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ])('the hard script %s', async (_, change) => {
    const script = await readFile(fixture('hard.sql'), 'utf8');
    const loaded = await loadText(change(fresh('hard', script)));
    expect(loaded.databases).toEqual(['hard']);
    const rows = (await ask('hard', words)) as string[];
    expect(rows.map((row) => row.replaceAll('\r\n', '\n'))).toEqual(expected);
    expect(await ask('hard', 'SELECT id FROM logged ORDER BY id')).toEqual([-12, 12]);
    expect(await ask('hard', 'SELECT atomic_body(7)')).toEqual([7]);
  });

  test('nothing at all, or nothing but comments, is no error', async () => {
    for (const text of ['', ';', '\n\n', '-- only\n/* comments */', '\uFEFF']) {
      expect(await loadText(text)).toEqual({ databases: [], statements: 0, rows: 0, notes: [] });
    }
  });
});

describe('COPY', () => {
  const table = 'CREATE TABLE t (a text, b int);\n';
  const rows = `SELECT coalesce(a, 'NULL') FROM t ORDER BY b`;

  test.each([
    ['ends with its line', "one\t1\n\\N\t2\n\\.\nINSERT INTO t VALUES ('after', 9);\n", ['one', 'NULL', 'after']],
    ['ends with the file', 'one\t1\ntwo\t2', ['one', 'two']],
    ['ends with the file after its line, without a line break', 'one\t1\n\\.', ['one']],
    ['is empty', "\\.\nINSERT INTO t VALUES ('after', 9);\n", ['after']],
    ['has CRLF', "one\t1\r\ntwo\t2\r\n\\.\r\nINSERT INTO t VALUES ('after', 9);\r\n", ['one', 'two', 'after']],
    ['looks like other things', `;'"$$--/*\t1\n\\\\.\t2\n\\\\connect x\t3\n\\.\n`, [`;'"$$--/*`, '\\.', '\\connect x']],
    ['has no characters but unusual ones', '日本\t1\n😀\t2\n\\.\n', ['日本', '😀']],
  ])('data that %s', async (_, data, expected) => {
    const loaded = await loadText(fresh('copied', `${table}COPY t (a, b) FROM stdin;\n${data}`));
    expect(await ask('copied', rows)).toEqual(expected);
    expect(loaded.rows).toBe(expected.length);
  });

  test('other ways to write it', async () => {
    const csv = `${table}/* a */ copy "t" -- b\n from STDIN with (format csv, header);\na,b\n"x;\ny",1\n\\.\n`;
    await loadText(fresh('copied', csv));
    expect(await ask('copied', rows)).toEqual(['x;\ny']);
  });

  test('lines longer than any chunk, and markers at every place of a chunk', async () => {
    const long = 'x'.repeat(700_001);
    const lines = Array.from({ length: 9 }, (_, i) => `${long.slice(i)}\t${i}`).join('\n');
    const loaded = await loadText(fresh('copied', `${table}COPY t FROM stdin;\n${lines}\n\\.\nSELECT 1;`));
    expect(loaded.rows).toBe(9);
    expect(await ask('copied', 'SELECT sum(length(a))::int FROM t')).toEqual([9 * 700_001 - 36]);
    const head = fresh('copied', `${table}COPY t FROM stdin;\n`);
    for (let shift = -4; shift <= 1; shift += 1) {
      const filler = 'y'.repeat(262_144 - Buffer.byteLength(head) - 3 + shift);
      const loadedAt = await loadText(`${head}${filler}\t1\n\\.\nINSERT INTO t VALUES ('z', 2);`);
      expect(loadedAt.rows).toBe(2);
    }
  });

  test('bad data is refused with the line of its statement and the place in its data', async () => {
    const text = fresh('copied', `${table}COPY t FROM stdin;\none\t1\ntwo\tnot a number\n\\.\n`);
    await expect(loadText(text)).rejects.toMatchObject({
      name: 'DumpError',
      line: 5,
      message: expect.stringMatching(/dump-\d+\.sql:5: invalid input syntax .*COPY t, line 2.*: COPY t FROM stdin;$/),
    });
  });

  test('a COPY that fails at once, with more data than fits anywhere, is told too', async () => {
    const text = fresh('copied', `COPY nowhere FROM stdin;\n${'one\t1\n'.repeat(500_000)}\\.\n`);
    await expect(loadText(text)).rejects.toThrow(/:4: relation "nowhere" does not exist: COPY nowhere/);
  });

  test.each([
    [`COPY t FROM '/etc/passwd';`, 'only COPY ... FROM stdin'],
    [`COPY t FROM PROGRAM 'id';`, 'only COPY ... FROM stdin'],
    ['COPY t TO stdout;', 'only COPY ... FROM stdin'],
    ['COPY t FROM stdin; SELECT 1;\n\\.\n', 'must begin on the next line'],
  ])('%s is refused', async (statement, reason) => {
    await expect(loadText(fresh('copied', `${table}${statement}`))).rejects.toThrow(reason);
  });
});

describe('encodings', () => {
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

  test('LATIN1 and standard_conforming_strings = off are followed', async () => {
    const sql = `SET client_encoding = 'LATIN1';\nSET standard_conforming_strings = off;
CREATE TABLE t (a text);\nINSERT INTO t VALUES ('gr\xfc\xdfe; \\'quoted\\'');\nCOPY t FROM stdin;\n\xe9t\xe9\x80\n\\.\n`;
    await loadText(latin1(fresh('encoded', sql)));
    expect(await ask('encoded', 'SELECT a FROM t ORDER BY a')).toEqual([`grüße; 'quoted'`, 'été\x80']);
  });

  test('windows-1251, cyrillic', async () => {
    const bytes = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
    const [before, after] = [`SET NAMES 'WIN1251';\nCREATE TABLE t (a text);\nINSERT INTO t VALUES ('`, `');\n`];
    await loadText(Buffer.concat([Buffer.from(fresh('encoded', before)), bytes, Buffer.from(after)]));
    expect(await ask('encoded', 'SELECT a FROM t')).toEqual(['Привет']);
  });

  test.each([
    [latin1(`SELECT '\xfc';`), /:1: bytes that are not UTF8/],
    [latin1(`SET client_encoding = 'SJIS';`), /:1: the encoding SJIS is not read here: dump with --encoding=UTF8/],
    [Buffer.from('\uFEFFSELECT 1;', 'utf16le'), /:1: is in UTF-16/],
    [Buffer.from('PGDMP\x01\x0e'), /:1: is in the custom format of pg_dump: make it plain with `pg_restore/],
    [Buffer.from([0x1f, 0x8b, 8, 0]), /:1: is compressed: unpack it with `gunzip`/],
    [Buffer.from('SELECT \0;'), /:1: is no text/],
  ])('%p is refused', async (content, message) => {
    await expect(loadText(content)).rejects.toThrow(message);
  });
});

describe('what pg_dump writes', () => {
  const documents = `SELECT count(*)::int FROM (
      (SELECT id, body, raw, at, tags, j::text FROM app.doc EXCEPT SELECT * FROM wanted)
      UNION ALL (SELECT * FROM wanted EXCEPT SELECT id, body, raw, at, tags, j::text FROM app.doc)) AS difference`;
  const wanted = `CREATE TEMPORARY TABLE wanted AS SELECT i AS id,
      CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN E'tab\\there' WHEN 2 THEN E'new\\nline \\\\. ' WHEN 3 THEN E'\\\\.'
        ELSE 'straße 日本 😀 <b>' END AS body,
      decode(lpad(to_hex(i), 8, '0'), 'hex') AS raw, timestamptz '2026-01-01Z' + i * interval '1 hour' AS at,
      ARRAY['a,b', '"q"', NULL] AS tags, '{"k": "v;"}' AS j FROM generate_series(1, 40) AS i`;

  async function differences(database: string): Promise<unknown> {
    const client = await server.superuser(database);
    try {
      await client.query(wanted);
      return (await client.query<{ count: number }>(documents)).rows[0].count;
    } finally {
      await client.end();
    }
  }

  test.each([
    ['as it is', (text: string) => text],
    ['with CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('COPY blocks, a database with an odd name, owners that do not exist: %s', async (_, change) => {
    await ask('postgres', `DROP DATABASE IF EXISTS "it's ""odd"" = Db"`);
    const loaded = await loadText(change(await readFile(fixture('pg_dump-create.sql'), 'utf8')));
    expect(loaded.databases).toEqual([ODD]);
    expect(loaded.rows).toBe(40 + 20 + 10 + 2);
    expect(await differences(ODD)).toBe(0);
    expect(await ask(ODD, `SELECT relowner::regrole::text FROM pg_class WHERE relname = 'doc'`)).toEqual([
      'shop_owner',
    ]);
    expect(await askMaster(ODD, 'SELECT count(*)::int FROM app.doc')).toEqual([40]);
    expect(await askMaster(ODD, 'SELECT n::int FROM app.mv')).toEqual([40]);
    expect(
      await askMaster(ODD, `SELECT coalesce("col""umn", 'NULL') FROM app."weird; -- \\connect x" ORDER BY 1`),
    ).toEqual(['', '\\.']);
  });

  test('--clean and --inserts into an empty database', async () => {
    const text = await readFile(fixture('pg_dump-clean-inserts.sql'), 'utf8');
    const loaded = await loadText(`CREATE DATABASE cleaned;\n\\c cleaned\n${text}`);
    expect(loaded.rows).toBe(40 + 20 + 10 + 2);
    expect(await differences('cleaned')).toBe(0);
    expect(loaded.notes).toEqual(expect.arrayContaining([expect.stringContaining('nothing to drop')]));
  });

  test('roles, tablespaces, locales, extensions and settings of another server', async () => {
    const loaded = await load(fixture('roles.sql'));
    expect(loaded.databases).toEqual(['app']);
    expect(await askMaster('app', 'SELECT name FROM thing ORDER BY id')).toEqual(['one', 'two']);
    expect(await askMaster('app', 'SELECT count(*)::int FROM other')).toEqual([0]);
    expect(
      await ask('app', `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`),
    ).toEqual(['App-Owner', 'master', 'nobody_knows']);
    const dangerous = `SELECT rolname FROM pg_roles WHERE (rolsuper OR rolreplication OR rolbypassrls) ORDER BY 1`;
    expect(await ask('app', dangerous)).toEqual(['rdsadmin']);
    expect(await ask('app', `SELECT extname FROM pg_extension ORDER BY 1`)).toEqual(['pg_stat_statements', 'plpgsql']);
    expect(loaded.notes).toEqual(
      expect.arrayContaining([
        'left tablespaces out',
        'left rights of superusers out of roles',
        'made the role nobody_knows',
        'made the collation de_DE.utf8 from ICU',
        expect.stringContaining('a_setting_nobody_knows'),
      ]),
    );
    // The master's databases stay the master's: its name cannot be taken over, nor can the superuser's database.
    const other = await engine.create({ masterUsername: 'postgres', masterPassword: 'long-enough' });
    await loadDump(fixture('roles.sql'), (database) => other.superuser(database));
    const client = await other.superuser();
    const { rows } = await client.query(`SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres'`);
    expect(rows).toEqual([{ rolsuper: false }]);
    await client.end();
    await other.destroy();
  });
});

describe('errors', () => {
  test('say file, line, reason and how the statement begins', async () => {
    const file = await written(`-- one\n\nSELECT 1;\n\n  CREATE TABLE\n   broken (${'x'.repeat(200)} int,);\n`);
    const error = await load(file).then(
      () => undefined,
      (caught: unknown) => caught as DumpError,
    );
    expect(error).toBeInstanceOf(DumpError);
    expect(error?.message).toBe(
      `${file}:5: syntax error at or near ")": ${`CREATE TABLE broken (${'x'.repeat(200)} int,);`.slice(0, 80)}`,
    );
  });

  test.each([
    ['SELECT 1;\n\\i other.sql\nSELECT 2;', /:2: no other meta-command .*: \\i other\.sql$/],
    ['SELECT 1\n\\g\n', /:2: \\g is within a statement that has not ended: SELECT 1$/],
    ['SELECT 1;\n\\connect nowhere\n', /:2: database "nowhere" does not exist: \\connect nowhere$/],
    ['\\connect rdsadmin\nCREATE TABLE mine ();', /:1: permission denied for database "rdsadmin"/],
    [`SELECT 1;\n/* c */ SELECT 'open;\n\n`, /:2: the quote that begins here has no end/],
    ['CREATE EXTENSION postgis;', /:1: .*"postgis".*RECOVERABLE_POSTGRES/],
    ['BEGIN;\nCREATE TABLE never ();\n', /:2: a transaction that was begun before is never committed$/],
    ['BEGIN;\nCREATE TABLE never ();\n\\c postgres\n', /:3: a transaction that was begun/],
    [`SELECT '<script>\u202e\u0007', 1/0;`, /:1: division by zero/],
  ])('%p', async (text, message) => {
    await expect(loadText(text)).rejects.toThrow(message);
  });

  test('the one bad INSERT among many is the one that is named', async () => {
    const inserts = Array.from({ length: 500 }, (_, i) => `INSERT INTO t VALUES (${i === 321 ? `'x'` : i});`);
    const text = fresh('many', `CREATE TABLE t (a int);\n${inserts.join('\n')}\n`);
    await expect(loadText(text)).rejects.toMatchObject({
      line: 5 + 321,
      reason: expect.stringContaining('invalid input'),
    });
  });

  test('a file that is not there, or is a directory', async () => {
    await expect(load(path.join(directory, 'nowhere.sql'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(load(directory)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

test('memory does not grow with the file', async () => {
  const file = path.join(directory, 'large.sql');
  const handle = await open(file, 'w');
  await handle.write(fresh('large', 'CREATE UNLOGGED TABLE t (a text, b int);\nCOPY t FROM stdin;\n'));
  const block = `${'x'.repeat(990)}\t1\n`.repeat(10_000);
  for (let i = 0; i < 15; i += 1) await handle.write(block);
  await handle.write('\\.\n');
  await handle.close();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 10);
  const loaded = await load(file);
  clearInterval(watch);
  expect(loaded.rows).toBe(150_000);
  // The file is 150 MB.
  expect(highest - before).toBeLessThan(100_000_000);
});
