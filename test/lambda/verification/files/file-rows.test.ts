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
     create table none (s3_key text);
     create table hashes (s3_key text, sha256 text);
     insert into hashes values ('x', 'abc');
     revoke select on none from public`,
  );
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
