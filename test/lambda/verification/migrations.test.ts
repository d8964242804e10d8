import type { CheckDefinition, MigrationTool } from '../../../lib/private/contract/checks';
import { passedWith, planOf, TestServer, verify } from './support';

/** The tables as each tool creates them, written down from its own DDL. */
const FLYWAY = (name = 'flyway_schema_history') => `
  create table ${name} (installed_rank int not null primary key, version varchar(50), description varchar(200) not null,
    type varchar(20) not null, script varchar(1000) not null, checksum int, installed_by varchar(100) not null,
    installed_on timestamp not null default now(), execution_time int not null, success boolean not null);`;
const flyway = (rank: number, version: string | null, success = true, type = 'SQL', name = 'flyway_schema_history') =>
  `insert into ${name} values (${rank}, ${version === null ? 'null' : `'${version}'`}, 'd', '${type}', 'V${version ?? 'R'}__${rank > 90 ? 'x' : 'd'}.sql', 1, 'app', now(), 5, ${success});`;
const PRISMA = `
  create table _prisma_migrations (id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0);`;
const prisma = (name: string, finished = true, rolledBack = false) =>
  `insert into _prisma_migrations values (gen_random_uuid(), 'c', ${finished ? 'now()' : 'null'}, '${name}', null, ${rolledBack ? 'now()' : 'null'}, now(), 1);`;
const ALEMBIC = (...heads: string[]) =>
  `create table alembic_version (version_num varchar(32) not null primary key);` +
  heads.map((head) => `insert into alembic_version values ('${head}');`).join('');
const RAILS = (...versions: string[]) =>
  `create table schema_migrations (version varchar not null primary key);
   create table ar_internal_metadata (key varchar not null primary key, value varchar, created_at timestamp(6) not null, updated_at timestamp(6) not null);` +
  versions.map((version) => `insert into schema_migrations values ('${version}');`).join('');

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
});
afterAll(() => server.close());
afterEach(() => server.drop('m', 'm2'));

const look = (checks: CheckDefinition[] = [], knowledge = {}) => verify(server.server(), planOf(checks), knowledge);
const atLeast = (tool: MigrationTool, version?: string, database?: string): CheckDefinition => ({
  kind: 'schema-version',
  id: 'v',
  tool,
  ...(version === undefined ? {} : { atLeast: version }),
  ...(database === undefined ? {} : { database }),
});

describe('flyway', () => {
  test('in any schema and under any name, ordered as versions are', async () => {
    await server.database(
      'm',
      `create schema hist; grant usage on schema hist to master; set search_path = hist; ${FLYWAY('schema_version')}
      ${flyway(1, '1.9', true, 'SQL', 'schema_version')}${flyway(2, '1.10', true, 'SQL', 'schema_version')}${flyway(3, null, true, 'SQL', 'schema_version')}`,
    );
    const outcome = await look([atLeast('flyway', '1.9.5')]);
    expect(outcome.profile.migrations).toEqual([
      {
        database: 'm',
        schema: 'hist',
        table: 'schema_version',
        tool: 'flyway',
        version: '1.10',
        applied: 3,
        failed: [],
      },
    ]);
    expect(outcome.check('migrations')).toMatchObject({
      status: 'pass',
      observed: expect.stringContaining('flyway (hist.schema_version) at version 1.10 (3 entries)'),
    });
    expect(outcome.check('v').status).toBe('pass');
    expect((await look([atLeast('flyway', '1.11')])).check('v')).toMatchObject({
      status: 'fail',
      expected: 'flyway at version "1.11" or newer',
    });
  });

  test('a failed migration fails; a repaired, undone or deleted one does not count as failed', async () => {
    await server.database('m', `${FLYWAY()}${flyway(1, '1')}${flyway(2, '2', false)}`);
    const failed = await look([atLeast('flyway')]);
    expect(failed.check('migrations')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('failed or unfinished: V2__d.sql'),
    });
    expect(failed.check('v').status).toBe('fail');
    await server.sql(
      `${flyway(3, '2')}${flyway(4, '3')}${flyway(5, '3', true, 'UNDO_SQL')}${flyway(6, '4')}${flyway(7, '4', true, 'DELETE')}`,
      'm',
    );
    const mended = await look([atLeast('flyway', '2')]);
    expect(mended.profile.migrations[0]).toMatchObject({ version: '2', applied: 2, failed: [] });
    expect(mended.check('v').status).toBe('pass');
  });

  test('older than in the last passed drill, entries lost, or gone: fails', async () => {
    await server.database('m', `${FLYWAY()}${[1, 2, 3].map((n) => flyway(n, String(n))).join('')}`);
    const knowledge = passedWith((await look()).profile);
    await server.sql(`delete from flyway_schema_history where version = '2'`, 'm');
    expect((await look([], knowledge)).check('migrations')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('has lost entries'),
    });
    await server.sql(`delete from flyway_schema_history where version = '3'`, 'm');
    expect((await look([], knowledge)).check('migrations').observed).toContain(
      'is at version 1 (1 entry), was at version 3 (3 entries)',
    );
    await server.sql('drop table flyway_schema_history; create table t (id int)', 'm');
    expect((await look([], knowledge)).check('migrations')).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining('is gone; it was at version 3'),
    });
    expect((await look([atLeast('flyway')])).check('v')).toMatchObject({
      status: 'fail',
      observed: 'no table of flyway was found',
    });
  });

  test('the V of its files does not count', async () => {
    await server.database('m', `${FLYWAY()}${flyway(1, '7')}`);
    expect((await look([atLeast('flyway', 'V7')])).check('v').status).toBe('pass');
    expect((await look([atLeast('flyway', 'V8')])).check('v').status).toBe('fail');
  });

  test('newer and squashed is not older', async () => {
    await server.database('m', `${FLYWAY()}${[1, 2, 3].map((n) => flyway(n, String(n))).join('')}`);
    const knowledge = passedWith((await look()).profile);
    await server.sql(`delete from flyway_schema_history; ${flyway(1, '4', true, 'BASELINE')}`, 'm');
    expect((await look([], knowledge)).check('migrations').status).toBe('pass');
  });
});

test('prisma: unfinished fails, rolled back and applied again does not', async () => {
  await server.database(
    'm',
    PRISMA + prisma('20240101000000_init') + prisma('20250101000000_more', false, true) + prisma('20250101000000_more'),
  );
  const whole = await look([atLeast('prisma', '20250101')]);
  expect(whole.profile.migrations[0]).toMatchObject({
    tool: 'prisma',
    version: '20250101000000_more',
    applied: 2,
    failed: [],
  });
  expect([whole.check('migrations').status, whole.check('v').status]).toEqual(['pass', 'pass']);
  await server.sql(prisma('20260101000000_stuck', false), 'm');
  const stuck = await look([atLeast('prisma', '20250101')], passedWith(whole.profile));
  expect(stuck.check('migrations')).toMatchObject({
    status: 'fail',
    observed: expect.stringContaining('20260101000000_stuck'),
  });
  await server.sql(`delete from _prisma_migrations where migration_name > '2025'`, 'm');
  expect((await look([], passedWith(whole.profile))).check('migrations').status).toBe('fail');
});

test('alembic: heads have no order, but can be lost', async () => {
  await server.database('m', ALEMBIC('b2', 'a1'));
  const whole = await look([atLeast('alembic', 'a1')]);
  expect(whole.profile.migrations[0]).toMatchObject({ tool: 'alembic', version: 'a1,b2', applied: 2 });
  expect(whole.check('v')).toMatchObject({ status: 'pass', expected: 'alembic has the head "a1"' });
  expect((await look([atLeast('alembic', 'a')])).check('v').status).toBe('fail');
  await server.sql(
    `delete from alembic_version where version_num = 'b2'; update alembic_version set version_num = 'c3'`,
    'm',
  );
  const merged = await look([], passedWith(whole.profile));
  expect(merged.check('migrations')).toMatchObject({
    status: 'pass',
    observed: expect.stringContaining('has other heads than before'),
  });
  await server.sql('delete from alembic_version', 'm');
  expect((await look([], passedWith(whole.profile))).check('migrations').status).toBe('fail');
  expect((await look([atLeast('alembic')])).check('v').status).toBe('fail');
});

test('rails: by the metadata beside it; the same table of another tool is not taken for it', async () => {
  await server.database('m', RAILS('20190101000000', '20250101000000'));
  await server.database(
    'm2',
    'create table schema_migrations (version varchar primary key); insert into schema_migrations values (1)',
  );
  const whole = await look([atLeast('rails', '20250101000000')]);
  expect(whole.profile.migrations).toEqual([
    {
      database: 'm',
      schema: 'public',
      table: 'schema_migrations',
      tool: 'rails',
      version: '20250101000000',
      applied: 2,
      failed: [],
    },
  ]);
  expect(whole.check('v').status).toBe('pass');
  // As schema.rb writes it.
  expect((await look([atLeast('rails', '2025_01_01_000000')])).check('v').status).toBe('pass');
  expect((await look([atLeast('rails', '2025_01_01_000001')])).check('v').status).toBe('fail');
  await server.sql(`delete from schema_migrations where version like '2025%'`, 'm');
  const older = await look([atLeast('rails', '20250101000000')], passedWith(whole.profile));
  expect([older.check('migrations').status, older.check('v').status]).toEqual(['fail', 'fail']);
});

test('a version asked of two databases is ambiguous until one is named', async () => {
  await server.database('m', FLYWAY() + flyway(1, '1'));
  await server.database('m2', FLYWAY() + flyway(1, '2'));
  expect((await look([atLeast('flyway', '1')])).check('v')).toMatchObject({
    status: 'fail',
    observed: expect.stringContaining('name one in the check'),
  });
  expect((await look([atLeast('flyway', '2', 'm2')])).check('v').status).toBe('pass');
  expect((await look([atLeast('flyway', '2', 'm')])).check('v').status).toBe('fail');
});

test('hostile migration names stay names', async () => {
  await server.database(
    'm',
    FLYWAY() +
      `insert into flyway_schema_history values (1, '1', 'd', 'SQL', E'<img src=x onerror=alert(1)>\\u202E\\n', 1, 'a', now(), 1, false);`,
  );
  const { observed } = (await look()).check('migrations');
  expect(observed).toContain('<img src=x onerror=alert(1)>\uFFFD\uFFFD');
});
