import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { Profile } from '../../../lib/private/contract/verification';
import { MASTER, planOf, quote, TestServer, verify } from './support';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
});
afterAll(() => server.close());
afterEach(() => server.drop('p', 'q', 'a "b"; --'));

const CHECKS: CheckDefinition[] = [
  { kind: 'row-count', id: 'rows', table: 't', atLeast: 1 },
  { kind: 'freshness', id: 'fresh', table: 't', column: 'at' },
  { kind: 'query', id: 'q', database: 'p', sql: 'select count(*) from x.t', expect: { atLeast: 1 } },
];
const look = (checks = CHECKS) => verify(server.server(), planOf(checks));
const TABLE = `create table t (id int primary key, at timestamptz); insert into t values (1, '2026-11-20 11:00Z');`;

/** Whatever is printed is run as printed, and then nothing may be left that is not known. */
async function mended(grant: string | undefined, database: string, checks = CHECKS) {
  await server.sql(grant ?? 'select no_grant()', database);
  const after = await look(checks);
  expect(after.checks.filter(({ status }) => status !== 'pass')).toEqual([]);
  return after;
}

test('no right on schema and table: inconclusive everywhere, and the printed GRANT mends it', async () => {
  await server.sql('create database p');
  await server.sql(`create schema x; set search_path = x; ${TABLE}`, 'p');
  const before = await look();
  const grant = `GRANT USAGE ON SCHEMA "x" TO "master";\nGRANT SELECT ON TABLE "x"."t" TO "master";`;
  for (const id of ['no-table-emptied', 'rows', 'fresh']) {
    expect(before.check(id)).toMatchObject({
      status: 'inconclusive',
      grant,
      observed: expect.stringContaining('a right is missing'),
    });
  }
  // The server names one obstacle at a time to a query of the user's.
  expect(before.check('q')).toMatchObject({ status: 'inconclusive', grant: 'GRANT USAGE ON SCHEMA "x" TO "master";' });
  expect(before.check('table-set').status).toBe('pass');
  expect(before.profile.tables).toEqual([]);
  await mended(before.check('rows').grant, 'p');
});

test('hostile names in a GRANT stay names', async () => {
  const [schema, table] = [`s"; drop schema x; --`, `t'"\u00e9<b>\u202e;`];
  await server.sql('create database p');
  await server.sql(`create schema ${quote(schema)}; create table ${quote(schema)}.${quote(table)} (id int)`, 'p');
  const before = await look([]);
  expect(before.check('no-table-emptied').status).toBe('inconclusive');
  await mended(before.check('no-table-emptied').grant, 'p', []);
});

test('row security would hide rows: inconclusive with membership in the owner', async () => {
  await server.sql('create database p; ');
  await server.sql(`create role ${quote('Own "er"')}`);
  await server.sql(
    `create schema x authorization ${quote('Own "er"')}; grant usage on schema x to ${MASTER}; set search_path = x; ${TABLE}
     alter table t owner to ${quote('Own "er"')}; alter table t enable row level security; grant select on t to ${MASTER}`,
    'p',
  );
  const before = await look();
  const grant = `GRANT "Own ""er""" TO "master";`;
  for (const id of ['no-table-emptied', 'rows', 'fresh', 'q'])
    expect(before.check(id)).toMatchObject({ status: 'inconclusive', grant });
  await mended(grant, 'p');

  await server.sql('alter table x.t force row level security', 'p');
  const forced = await look();
  expect(forced.check('rows')).toMatchObject({ status: 'inconclusive', grant: 'ALTER ROLE "master" BYPASSRLS;' });
  await mended(forced.check('rows').grant, 'p');
  await server.sql('alter role master nobypassrls');
});

test('foreign keys and migrations that may not be read', async () => {
  await server.database(
    'p',
    `create schema x; create table x.parent (id int primary key); grant usage on schema x to ${MASTER}; revoke all on x.parent from ${MASTER};
     create table child (parent int references x.parent); create table alembic_version (version_num text); revoke all on alembic_version from ${MASTER}`,
  );
  const before = await look([]);
  expect(before.check('foreign-keys')).toMatchObject({
    status: 'inconclusive',
    grant: 'GRANT SELECT ON TABLE "x"."parent" TO "master";',
  });
  expect(before.check('migrations')).toMatchObject({
    status: 'inconclusive',
    grant: 'GRANT SELECT ON TABLE "public"."alembic_version" TO "master";',
  });
  await server.sql(before.check('foreign-keys').grant ?? '', 'p');
  await mended(before.check('migrations').grant, 'p', []);
});

test('many tables of one schema are said as one statement', async () => {
  await server.sql('create database p');
  await server.sql(
    `create schema x; do $$ begin for i in 1..40 loop execute format('create table x.t%s (id int)', i); end loop; end $$`,
    'p',
  );
  const before = await look([]);
  expect(before.check('no-table-emptied').grant).toBe(
    'GRANT USAGE ON SCHEMA "x" TO "master";\nGRANT SELECT ON ALL TABLES IN SCHEMA "x" TO "master";',
  );
  await mended(before.check('no-table-emptied').grant, 'p', []);
});

test('a partition that may not be read leaves its parent uncounted', async () => {
  await server.database(
    'p',
    `create table t (id int, at timestamptz) partition by list (id); create table t_1 partition of t for values in (1);
     create table t_2 partition of t for values in (2); insert into t values (1, '2026-11-20 11:00Z'), (2, '2026-11-20 11:00Z'); revoke all on t_2 from ${MASTER}`,
  );
  const before = await look([{ kind: 'row-count', id: 'rows', table: 't', atLeast: 1 }]);
  expect(before.check('rows')).toMatchObject({
    status: 'inconclusive',
    grant: 'GRANT SELECT ON TABLE "public"."t_2" TO "master";',
  });
  const after = await mended(before.check('rows').grant, 'p', [
    { kind: 'row-count', id: 'rows', table: 't', atLeast: 2 },
  ]);
  expect(after.check('rows').observed).toBe('2 rows in public.t');
});

test('a database that may not be entered is not silently left out; where each statement runs is said', async () => {
  const hostile = 'a "b"; --';
  await server.sql('create database p');
  await server.sql('create table t (id int)', 'p');
  await server.sql('create database q');
  await server.sql('create table t (id int)', 'q');
  await server.sql(`create database ${quote(hostile)}`);
  await server.sql(`revoke connect on database ${quote(hostile)} from public`);
  const before = await look([]);
  expect(before.check('connect')).toMatchObject({
    status: 'inconclusive',
    grant: `GRANT CONNECT ON DATABASE "a ""b""; --" TO "master";`,
  });
  expect(before.check('no-table-emptied').grant).toBe(
    `/* in database "p" */\nGRANT SELECT ON TABLE "public"."t" TO "master";\n/* in database "q" */\nGRANT SELECT ON TABLE "public"."t" TO "master";`,
  );
  await server.sql(before.check('connect').grant ?? '');
  await server.sql('grant select on t to master', 'p');
  await mended('grant select on t to master', 'q', []);
});

test("the platform's own database is nobody's business", async () => {
  await server.database('p', 'create table t (id int)');
  const outcome = await look([]);
  expect(outcome.check('connect').observed).toBe('entered 2 databases as master: p, postgres');
  const baseline: Profile = outcome.profile;
  expect(baseline.tables.map(({ database }) => database)).toEqual(['p']);
});
