import { capture, conclude, observe } from '../../../lambda/verification/engine';
import { heldServer } from '../../../lambda/verification/postgres/server';
import { ranges, within } from '../../../lambda/verification/postgres/ranges';
import type { RunningDatabase } from '../../../rehearsal/database-engine';
import { MASTER, planOf, quote, TestServer, verify } from './support';

/** Every kind of type that has a hash of its own, or none, or one that is no use. */
const EVERYTHING = `
  create extension citext; create extension hstore;
  create type mood as enum ('sad', 'ok'); create type pair as (a int, b json); create domain positive as int check (value > 0);
  create table everything (id int primary key, t text, j json, jb jsonb, x xml, p point, m money, b bit(3), vb varbit, v tsvector,
    q tsquery, n numeric, f float8, ts timestamptz, d date, iv interval, ip inet, u uuid, by bytea, a int[], aj json[], e mood, c pair,
    dom positive, ci citext, h hstore, r int4range, mr int4multirange, o oid, cir circle, "r.x" text, "row" text, "o'b;""" int);
  insert into everything select i, 'é' || i, '{"a": 1}', '{"b": 2}', '<a/>', '(1,2)', '12.50', B'101', B'1', 'a b', 'a & b', i / 3.0, i / 7.0,
    timestamptz '2026-01-01 00:00Z' + i * interval '1 s', '2026-01-01', '1 day 2 s', '10.0.0.1', md5(i::text)::uuid, '\\x00ff', '{1,2}',
    array['{}'::json], 'ok', row(1, '{}')::pair, 5, 'Case', 'k=>v', '[1,5)', '{[1,2)}', 1, '<(1,2),3>', 'dot', 'row', 7
    from generate_series(1, 2000) i;
  insert into everything (id) values (9999);
  create table no_columns (); insert into no_columns default values; insert into no_columns default values;
  create table "r" (r int, "R" text); insert into r values (1, 'x');
  create unlogged table cache (id int); insert into cache values (1);
  create table dup (a int); insert into dup values (1), (1), (2);
  create table alembic_version (version_num text); insert into alembic_version values ('a1');`;

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
  await server.database('source', EVERYTHING);
});
afterAll(() => server.close());

const tables = async (running?: RunningDatabase) => (await capture(server.server(running))).tables;
const inRestored = async (restored: RunningDatabase, sql: string) => {
  const client = await restored.superuser('source');
  await client.query(sql);
  await client.end();
};

test('a source and its restored copy are equal, and every kind of change is seen by name', async () => {
  const at = new Date().toISOString();
  const baseline = await capture(server.server(), { at });
  expect(baseline.tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['alembic_version', 1],
    ['dup', 3],
    ['everything', 2001],
    ['no_columns', 2],
    ['r', 1],
  ]);
  const restored = await server.engine.restore(await server.running.backup());
  const plan = planOf([], { content: true, restorePoint: at });
  const look = () => verify(server.server(restored), plan, { baseline });

  const equal = await look();
  expect(equal.profile.tables).toEqual(baseline.tables);
  expect(equal.check('baseline')).toMatchObject({
    kind: 'baseline',
    status: 'pass',
    observed: expect.stringContaining('5 tables equal in rows and content'),
  });
  expect(equal.check('table-set').observed).toContain('unlogged, hence empty after any restore: public.cache');

  // One statement each, alone enough to be seen, none of which changes a count.
  for (const [sql, name] of [
    [`update everything set j = '{"a": 2}' where id = 7`, 'public.everything'],
    [`update everything set p = '(1,3)' where id = 7`, 'public.everything'],
    ['update dup set a = 2 where ctid = (select min(ctid) from dup)', 'public.dup'],
    ['delete from r; insert into r values (1, null)', 'public.r'],
  ]) {
    await inRestored(restored, sql);
    const { status, observed } = (await look()).check('baseline');
    expect([sql, status, observed]).toEqual([sql, 'fail', expect.stringContaining(`${name} (`)]);
  }
  await inRestored(
    restored,
    'delete from everything where id = 9999; drop table no_columns; create table extra (id int); alter default privileges grant select on tables to master; grant select on extra to master',
  );
  expect((await look()).check('baseline').observed).toBe(
    '5 tables differ: public.dup (3 rows of other content), public.everything (2,000 rows, 2,001 in the source), public.no_columns (missing), public.r (1 rows of other content), public.extra (not in the source)',
  );
});

test('what cannot be compared is never equal', async () => {
  const baseline = await capture(server.server());
  const { observations } = await observe(planOf([], { content: true }), server.server(), null, Date.now() + 60_000);
  const against = (other: object, seen = observations) =>
    conclude(planOf(), seen, { baseline: { ...baseline, ...other } }).checks.find(({ id }) => id === 'baseline');
  expect(against({})?.status).toBe('pass');
  expect(against({ engineVersion: '9.6.24' })).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringContaining('does not compare'),
  });
  expect(against({ tables: [] })?.status).toBe('fail'); // what is restored is not in the source
  expect(against({ tables: [] }, [])?.status).toBe('inconclusive');
  const bare = baseline.tables.map(({ content: _, ...table }) => table);
  expect(against({ tables: bare })).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringContaining('was not hashed'),
  });
});

test('does not depend on who looks or from where', async () => {
  const before = await tables();
  await server.sql(
    `alter role ${MASTER} set timezone = 'Europe/Berlin'; alter role ${MASTER} set datestyle = 'SQL, DMY'; alter role ${MASTER} set bytea_output = 'escape'; alter role ${MASTER} set search_path = ''`,
  );
  const after = await tables();
  await server.sql(`alter role ${MASTER} reset all`);
  expect(after).toEqual(before);
});

test('a held snapshot is captured as it was, whatever is committed meanwhile', async () => {
  const before = await tables();
  const client = await server.running.superuser('source');
  await client.query(`set session authorization ${quote(MASTER)}`);
  await client.query('begin isolation level repeatable read read only; select 1');
  await server.sql(`delete from dup; insert into r values (2, 'late')`, 'source');
  const held = await capture(heldServer(client, 'source', server.server()), {
    checks: [{ kind: 'freshness', id: 'f', table: 'everything', column: 'ts' }],
  });
  await client.query('commit');
  await client.end();
  expect(held.tables).toEqual(before);
  expect(held.newest).toEqual({ f: '2026-01-01T00:33:20.000Z' });
  expect(await tables()).not.toEqual(before);
});

test('half a baseline is none', async () => {
  await server.sql(`revoke select on dup from ${MASTER}`, 'source');
  await expect(capture(server.server())).rejects.toMatchObject({
    name: 'CaptureFailed',
    message: expect.stringMatching(/^the source could not be captured: a right is missing .*: public\.dup$/),
  });
  await server.sql(`grant select on dup to ${MASTER}`, 'source');
});

test('ranges of a large table together are the table', async () => {
  const [{ bytes, whole }] = await server.sql<{ bytes: string; whole: string }>(
    `select pg_relation_size('everything')::text as bytes, (select sum(hash_record_extended(row(id, t), 0))::text from everything) as whole`,
    'source',
  );
  const size = Number(bytes);
  const cuts = ranges({ heapBytes: size, bytes: size * 3 }, 0, size / 2);
  expect(cuts.length).toBeGreaterThan(5);
  expect(ranges({ heapBytes: size, bytes: size * 3 }, cuts[1]?.to ?? 0, size / 2)).toEqual(cuts.slice(2));
  expect(ranges({ heapBytes: size, bytes: size }, 0, size)).toEqual([undefined]);
  let sum = 0n;
  for (const cut of cuts) {
    const [part] = await server.sql<{ part: string }>(
      `select coalesce(sum(hash_record_extended(row(id, t), 0)), 0)::text as part from everything r where ${within('r', cut)}`,
      'source',
    );
    sum += BigInt(part.part);
  }
  expect(String(sum)).toBe(whole);
});

test('text that a collation calls equal is other content all the same', async () => {
  await server.database(
    'nd',
    `create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false); create domain said as text collate ci;
     create table t (a text collate ci, b said, c xml); insert into t values ('abc', 'abc', '<a/>')`,
  );
  const content = async () => (await verify(server.server(), planOf([], { content: true }))).profile.tables[0].content;
  const before = await content();
  await server.sql(`update t set a = 'ABC'`, 'nd');
  const changed = await content();
  await server.sql(`update t set a = 'abc', b = 'ABC'`, 'nd');
  const domain = await content();
  await server.sql(`update t set b = 'abc'`, 'nd');
  expect(await content()).toBe(before);
  await server.drop('nd');
  expect(new Set([before, changed, domain]).size).toBe(3);
});
