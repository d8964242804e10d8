import type { CheckDefinition } from '../../../../lib/private/contract/checks';
import { sampledRows } from '../../../../lambda/verification/files/sampled-rows';
import { planOf, TestServer, verify } from '../support';

type FilesExist = Extract<CheckDefinition, { kind: 'files-exist' }>;

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
  await server.database(
    'shop',
    `create table documents (id int primary key, s3_key text, size bigint, sha256 bytea, modified_at timestamptz);
     insert into documents select i, 'docs/' || i, i * 10, sha256(i::text::bytea), timestamptz '2026-11-20T00:00:00Z' + i * interval '1 s'
       from generate_series(1, 20000) as i;
     insert into documents select 20000 + i, 'shared', 5, null, '2026-11-19T00:00:00Z' from generate_series(1, 30000) as i;
     insert into documents values (60001, null, 1, null, now()), (60002, '', 1, null, now()), (60003, E'odd \\n''key%', 7, null, 'infinity');
     create table few (s3_key text); insert into few values ('a'), ('b'), ('a');
     create table big (k text, size text, sha256 text, modified_at date);
     insert into big select 'b/' || i, i::text, encode(sha256(i::text::bytea), 'base64'), '2026-11-01' from generate_series(1, 3000) as i;
     create table none (s3_key text);
     create table hashes (s3_key text, sha256 text);
     insert into hashes values ('x', 'abc');
     create table secrets (k text); insert into secrets values ('x')`,
  );
  await server.sql('revoke select on secrets from master', 'shop');
});
afterAll(() => server.close());

const check = (sql: string, more: Partial<FilesExist> = {}): FilesExist => ({
  kind: 'files-exist',
  id: 'files',
  sql,
  bucket: { name: 'gold/uploads', bucket: 'uploads', region: 'eu-west-1' },
  sample: { fraction: 0.01, confidence: 0.99 },
  ...more,
});
const ask = async (asked: FilesExist, seed = '5eed') => {
  const { observations, check: result } = await verify(server.server(), planOf([asked], { seed }));
  return { ...sampledRows(observations, 'files'), result: result('files') };
};
const ALL = 'select s3_key, size, sha256, modified_at from documents';

test('takes as many different keys at random as the confidence needs, the newest and the largest, each once', async () => {
  const { rows, population, unnamed, all } = await ask(check(ALL));
  expect({ population, unnamed, all }).toEqual({ population: 50_001, unnamed: 2, all: false });
  const of = (stratum: string) => rows.filter((row) => row.stratum === stratum);
  expect(of('random')).toHaveLength(459);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  expect(of('newest').length).toBeGreaterThan(400);
  expect(rows.map(({ key }) => key)).toContain('docs/20000');
  expect(rows.map(({ key }) => key)).toContain("odd \n'key%");
  const one = rows.find(({ key }) => key === 'docs/20000')!;
  expect(one).toMatchObject({ size: 200_000, modified: Date.parse('2026-11-20T05:33:20Z') });
  expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('the same seed takes the same rows, another one others', async () => {
  const keys = async (seed: string) => (await ask(check(ALL), seed)).rows.map(({ key }) => key);
  const [one, again, other] = [await keys('a1'), await keys('a1'), await keys('b2')];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

test('of a key that most rows name is one, and it does not crowd others out', async () => {
  const { rows } = await ask(check("select s3_key from documents where s3_key = 'shared' or id <= 100"));
  expect(rows).toHaveLength(101);
  expect(rows.filter(({ key }) => key === 'shared')).toHaveLength(1);
});

test('few keys are all taken, which is said, and a comment or semicolon at the end hides nothing', async () => {
  const { rows, population, all } = await ask(check('select s3_key from few -- all of them'));
  expect({ keys: rows.map(({ key }) => key).sort(), population, all }).toEqual({
    keys: ['a', 'b'],
    population: 3,
    all: true,
  });
  expect((await ask(check('select s3_key from few order by 1; '))).rows).toHaveLength(2);
});

test('sizes as text, hashes as base64 and dates are understood; a large sample comes in parts', async () => {
  const { rows, all } = await ask(check('select * from big', { sample: { fraction: 0.002, confidence: 0.99 } }));
  expect(all).toBe(false);
  expect(rows.filter(({ stratum }) => stratum === 'random')).toHaveLength(2_301);
  const row = rows.find(({ key }) => key === 'b/3000')!;
  expect(row).toMatchObject({ size: 3000, modified: Date.parse('2026-11-01T00:00:00Z') });
  expect(row.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('an empty answer shows nothing', async () => {
  const { result, rows } = await ask(check('select s3_key from none'));
  expect(rows).toEqual([]);
  expect(result).toMatchObject({ status: 'inconclusive', observed: 'The query names no file, so nothing was shown.' });
  const nulls = await ask(check('select s3_key from documents where id in (60001, 60002)'));
  expect(nulls.result.observed).toBe('The query names no file, so nothing was shown; 2 rows name no file.');
});

test.each([
  ['a hash that is none', 'select * from hashes', 'fail', /column "sha256" holds "abc", which is no SHA-256/],
  ['a size that is none', "select 'k', 'x' as size", 'fail', /column "size" holds "x", which is no number of bytes/],
  ['a moment that is none', "select 'k', 'x' as modified_at", 'fail', /invalid input syntax/],
  ['a table that is missing', 'select k from nowhere', 'fail', /"nowhere" does not exist/],
  ['no SQL', 'selekt', 'inconclusive', /syntax error/],
  ['two statements', 'select 1; select 2', 'inconclusive', /syntax error/],
  ['a write', "insert into few values ('c') returning s3_key", 'inconclusive', /syntax error/],
  ['a missing right', 'select k from secrets', 'inconclusive', /a right is missing/],
])('%s is said', async (_, sql, status, observed) => {
  const { result } = await ask(check(sql));
  expect(result).toMatchObject({ kind: 'files-exist', status, observed: expect.stringMatching(observed) as string });
});

test('a database that is not there fails; files that were not looked for are not known', async () => {
  expect((await ask(check(ALL, { database: 'billing' }))).result).toMatchObject({ status: 'fail' });
  expect((await ask(check(ALL))).result).toMatchObject({
    status: 'inconclusive',
    observed: 'the files of the rows were not looked for',
  });
});
