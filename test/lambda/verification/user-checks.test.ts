import type { CheckDefinition, Expectation } from '../../../lib/private/contract/checks';
import { passedWith, planOf, TestServer, verify } from './support';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
  await server.database(
    'app',
    `create table orders (id int, created_at timestamptz, "placedAt" timestamp, on_day date, said text, n int);
     insert into orders values
       (1, '2026-11-20 11:58:00Z', '2026-11-20 11:57:00', '2026-11-20', '2026-11-20T12:56:00+01:00', 1),
       (2, '2026-11-20 11:59:30.1239Z', null, '2026-11-20', '2026-11-20 11:55:00Z', 2),
       (3, '-infinity', 'infinity', null, null, 3);
     create table "Order" (id int, created_at timestamptz);
     create table nothing (created_at timestamptz);
     create table future (created_at timestamptz); insert into future values ('2026-11-20 12:00:00.9Z'), ('2026-11-20 12:01:02Z');
     create table ahead (created_at timestamptz); insert into ahead values ('2026-11-20 11:59:00Z'), ('2026-11-20 12:00:02Z'), ('2026-11-20 12:00:59Z');
     create table nulls (created_at timestamptz); insert into nulls values (null);
     create table junk (at text); insert into junk values ('yesterday-ish');
     create schema other; create table other.twice (id int); create table twice (id int);
     create domain moment as timestamptz; create table d (at moment); insert into d values ('2026-11-20 11:00:00Z');
     create view shown as table orders;`,
  );
});
afterAll(() => server.close());

async function one(check: CheckDefinition, knowledge = {}) {
  return (await verify(server.server(), planOf([check]), knowledge)).check(check.id);
}
const freshness = (table: string, column: string, knowledge = {}) =>
  one({ kind: 'freshness', id: `freshness:${table}.${column}`, table, column }, knowledge);
const rowCount = (table: string, limits: { atLeast?: number; atMost?: number } = { atLeast: 1 }) =>
  one({ kind: 'row-count', id: 'rows', table, ...limits });
const query = (sql: string, expect: Expectation = { atLeast: 1 }, database?: string) =>
  one({ kind: 'query', id: 'q', sql, expect, ...(database === undefined ? {} : { database }) });

describe('freshness', () => {
  test('is the newest row not after the restore point, to the millisecond', async () => {
    expect(await freshness('orders', 'created_at')).toMatchObject({
      status: 'pass',
      newestRow: '2026-11-20T11:59:30.123Z',
    });
    expect(await freshness('app.public.orders', 'created_at')).toMatchObject({ newestRow: '2026-11-20T11:59:30.123Z' });
  });

  test('takes timestamps without zone as UTC, parses text, looks through domains', async () => {
    expect(await freshness('orders', 'placedAt')).toMatchObject({
      status: 'pass',
      newestRow: '2026-11-20T11:57:00.000Z',
    });
    expect(await freshness('orders', '"placedAt"')).toMatchObject({ status: 'pass' });
    expect(await freshness('orders', 'said')).toMatchObject({ status: 'pass', newestRow: '2026-11-20T11:56:00.000Z' });
    expect(await freshness('d', 'at')).toMatchObject({ status: 'pass', newestRow: '2026-11-20T11:00:00.000Z' });
  });

  test.each([
    ['nothing', 'created_at', 'public.nothing holds no rows'],
    ['nulls', 'created_at', 'created_at of public.nulls holds no moment up to the restore point'],
    ['orders', 'on_day', 'public.orders: column "on_day" is of type date, which cannot say to the second'],
    ['orders', 'n', 'is of type integer'],
    ['orders', 'createdAt', 'there is no column "createdAt"; the columns are id, created_at, placedAt'],
    ['junk', 'at', 'invalid input syntax for type timestamp with time zone: "yesterday-ish"'],
    ['order_items', 'at', 'there is no table "order_items"; there is '],
    ['twice', 'at', '"twice" means more than one table: app.other.twice, app.public.twice'],
    ['a.b.c.d', 'at', '"a.b.c.d" is not a table: write table, schema.table or database.schema.table'],
  ])('of %s.%s fails with a sentence', async (table, column, sentence) => {
    expect(await freshness(table, column)).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining(sentence),
    });
  });

  test('rows after the restore point are contamination; within its second they are not', async () => {
    const contaminated = await freshness('future', 'created_at');
    expect(contaminated).toMatchObject({ status: 'fail', newestRow: '2026-11-20T12:00:00.900Z' });
    expect(contaminated.observed).toMatch(/^contaminated: public\.future holds a row of 2026-11-20 12:01:02\+00/);
  });

  test('an application whose clock runs ahead by seconds neither fails nor flatters', async () => {
    expect(await freshness('ahead', 'created_at')).toMatchObject({
      status: 'pass',
      newestRow: '2026-11-20T11:59:00.000Z',
    });
  });

  test('fails behind the last passed drill, unless this copy is of an earlier moment', async () => {
    const id = 'freshness:orders.created_at';
    const { profile } = await verify(
      server.server(),
      planOf([{ kind: 'freshness', id, table: 'orders', column: 'created_at' }]),
    );
    expect(profile.newest).toEqual({ [id]: '2026-11-20T11:59:30.123Z' });
    const newer = (at: string) => passedWith({ ...profile, newest: { [id]: at } });
    expect(await freshness('orders', 'created_at', newer('2026-11-20T11:59:30.124Z'))).toMatchObject({
      status: 'fail',
    });
    expect(await freshness('orders', 'created_at', newer('2026-11-20T11:59:30.123Z'))).toMatchObject({
      status: 'pass',
    });
    expect(await freshness('orders', 'created_at', newer('2026-11-20T12:30:00.000Z'))).toMatchObject({
      status: 'pass',
    });
  });
});

describe('row count', () => {
  test('within, below and above', async () => {
    expect(await rowCount('orders', { atLeast: 3, atMost: 3 })).toMatchObject({
      status: 'pass',
      observed: '3 rows in public.orders',
    });
    expect(await rowCount('orders', { atLeast: 4 })).toMatchObject({
      status: 'fail',
      expected: 'at least 4 rows in orders',
    });
    expect(await rowCount('orders', { atMost: 2 })).toMatchObject({ status: 'fail' });
    expect(await rowCount('nothing')).toMatchObject({ status: 'fail', observed: '0 rows in public.nothing' });
  });

  test('names fold as in SQL, quoted ones do not', async () => {
    expect((await rowCount('ORDERS')).status).toBe('pass');
    expect(await rowCount('"Order"', { atMost: 0 })).toMatchObject({
      status: 'pass',
      observed: '0 rows in public.Order',
    });
    expect((await rowCount('Order', { atMost: 0 })).observed).toBe('0 rows in public.Order');
    expect(await rowCount('"ORDERS"')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('there is no table'),
    });
  });

  test('a view, a missing and an ambiguous table fail with candidates', async () => {
    expect(await rowCount('shown')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('a view is checked with Check.query'),
    });
    expect((await rowCount('order')).observed).toContain('there is public.Order, public.orders');
    expect(await rowCount('twice')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('more than one table'),
    });
    expect(await rowCount('')).toMatchObject({ status: 'fail' });
  });
});

describe('query', () => {
  test.each<[string, Expectation, string]>([
    ['select count(*) from orders', { atLeast: 3 }, 'pass'],
    ['select count(*) from orders', { atLeast: 4 }, 'fail'],
    ['select count(*) from orders', { atMost: 3 }, 'pass'],
    ['select count(*) from orders', { between: [4, 9] }, 'fail'],
    ['select count(*) from orders; -- ends like people write it', { equals: '3' }, 'pass'],
    ['with x as (select 2.50 as a) select a from x', { equals: '2.5' }, 'pass'],
    ["values ('yes')", { equals: 'yes' }, 'pass'],
    ['select true', { equals: 'true' }, 'pass'],
    ['select 9007199254740993', { equals: '9007199254740992' }, 'fail'],
    ["select 'many'", { atLeast: 1 }, 'fail'],
    ["select 'NaN'::float8", { atLeast: 1 }, 'fail'],
    ['select null', { atMost: 1 }, 'fail'],
    ['select id from orders where false', { atMost: 1 }, 'fail'],
    ['select id from orders', { atLeast: 0 }, 'fail'],
    ['select 1, 2', { atLeast: 0 }, 'fail'],
    ['select count(*) from gone', { atLeast: 0 }, 'fail'],
    ['select gone from orders', { atLeast: 0 }, 'fail'],
    ['select 1 / 0', { atLeast: 0 }, 'fail'],
    [`select E'a\\nb'`, { equals: 'a\nb' }, 'pass'],
    [`select E'a\\tb'`, { equals: 'a\uFFFDb' }, 'fail'],
    [`select U&'\\+01F468\\200D\\+01F469'`, { equals: '\u{1F468}\u200D\u{1F469}' }, 'pass'],
    [`select repeat('x', 1500)`, { equals: 'x'.repeat(1500) }, 'pass'],
    [`select repeat('x', 1501)`, { equals: 'x'.repeat(1500) }, 'fail'],
    [`select repeat('x', 1000)`, { equals: `${'x'.repeat(999)}…` }, 'fail'],
    [`select '1e500'`, { equals: '1e400' }, 'fail'],
    [`select '1e-400'`, { equals: '0' }, 'fail'],
    [`select -0.00`, { equals: '0' }, 'pass'],
    [`select 1e400`, { atLeast: 1 }, 'pass'],
    [`select 1e400`, { between: [0, 9] }, 'fail'],
    ['selct 1', { atLeast: 0 }, 'inconclusive'],
    ['', { atLeast: 0 }, 'inconclusive'],
    ['select 1; drop table orders', { atLeast: 0 }, 'inconclusive'],
    ['delete from orders returning 1', { atLeast: 0 }, 'inconclusive'],
    ['with x as (delete from orders returning 1) select 1', { atLeast: 0 }, 'inconclusive'],
    ["select set_config('transaction_read_only', 'off', false)", { equals: 'off' }, 'inconclusive'],
  ])('%s %j: %s', async (sql, expectation, status) => {
    expect(await query(sql, expectation, 'app')).toMatchObject({ status });
  });

  test('of a million rows takes two', async () => {
    const before = process.memoryUsage().heapUsed;
    expect((await query('select repeat(md5(i::text), 30) from generate_series(1, 1000000) i')).observed).toMatch(
      /^more than one row/,
    );
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  test('goes to the only database with tables; names those that could be meant', async () => {
    expect(await query('select count(*) from orders')).toMatchObject({ status: 'pass', observed: '"3"' });
    expect(await query('select 1', { atLeast: 1 }, 'postgres')).toMatchObject({ status: 'pass' });
    expect(await query('select 1', { atLeast: 1 }, 'crm')).toMatchObject({
      status: 'fail',
      observed: 'there is no database "crm"; there is app, postgres',
    });
    await server.database('second', 'create table t (id int)');
    const ambiguous = await query('select 1');
    await server.drop('second');
    expect(ambiguous).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('more than one database could be meant: app, postgres, second'),
    });
  });

  test('values are cut and made harmless for a sentence', async () => {
    const { observed } = await query(`select E'a\\u202Eb\\x07\\n' || repeat('x', 5000)`, { equals: 'a' });
    expect(observed.length).toBeLessThanOrEqual(1_000);
    expect(observed).toMatch(/^"a\uFFFDb\uFFFD\uFFFDxxx/);
  });
});

test('a check of an unknown kind is inconclusive', async () => {
  const check = { kind: 'journey', id: 'buy' } as unknown as CheckDefinition;
  expect(await one(check)).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringContaining('there is no check of kind journey'),
  });
  expect(await one({ ...check, kind: 'constructor' } as never)).toMatchObject({ status: 'inconclusive' });
});
