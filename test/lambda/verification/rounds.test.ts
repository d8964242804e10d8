import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { conclude, observe, type Cursor, type Observation, type Server } from '../../../lambda/verification/engine';
import { postgresServer } from '../../../lambda/verification/postgres/server';
import { MASTER, PASSWORD, planOf, quote, RESTORE_POINT, TestServer, verify, type Outcome } from './support';

const HOSTILE = [
  `"; drop table keep; --`,
  `o'brien`,
  'Ünï—😀',
  '<script>alert(1)</script>',
  'a.b.c',
  ' ',
  '\u202Egnirts',
  '$1',
  'a\nb',
  '%s',
  'r',
  '\\',
  'x'.repeat(63),
];
/** A database takes a second to make; the others are names of tables, columns and constraints. */
const DATABASES = HOSTILE.slice(0, 5);
const CHECKS: CheckDefinition[] = [
  { kind: 'row-count', id: 'rows', table: 'app.public.orders', atLeast: 10 },
  { kind: 'freshness', id: 'fresh', table: 'app.public.orders', column: 'at' },
  { kind: 'query', id: 'q', database: 'app', sql: 'select count(*) from orders', expect: { equals: '10' } },
  { kind: 'schema-version', id: 'v', tool: 'alembic', database: 'app' },
];

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
  await server.database(
    'app',
    `create table orders (id int primary key, at timestamptz); insert into orders select i, timestamptz '2026-11-20 11:00Z' from generate_series(1, 10) i;
     create table items (id int, "order" int references orders); insert into items select i, i from generate_series(1, 10) i;
     create table alembic_version (version_num text); insert into alembic_version values ('a1')`,
  );
});
afterAll(() => server.close());

const simplified = ({ checks, profile }: Outcome) =>
  JSON.stringify([checks.map(({ finishedAt: _, ...check }) => check), { ...profile, capturedAt: '' }]);

test('hostile names of databases, schemas, tables and columns are names, and many tiny rounds see what one does', async () => {
  for (const name of DATABASES) {
    const other = HOSTILE[(HOSTILE.indexOf(name) + 1) % HOSTILE.length];
    await server.database(
      name,
      `create schema ${quote(name)}; grant usage on schema ${quote(name)} to ${MASTER};
       create table ${quote(name)}.${quote(other)} (${quote(name)} int primary key, ${quote(other)} timestamptz);
       insert into ${quote(name)}.${quote(other)} values (1, '2026-11-20 11:00Z');
       ${HOSTILE.map((each) => `create table ${quote(each)} (${HOSTILE.map((column) => `${quote(column)} json`).join(', ')});`).join('\n')}
       create table ${quote(name)}.child (${quote(other)} int, constraint ${quote(name)} foreign key (${quote(other)}) references ${quote(name)}.${quote(other)})`,
    );
  }
  const own = DATABASES.flatMap((name, index): CheckDefinition[] => {
    const other = HOSTILE[(index + 1) % HOSTILE.length];
    const table = [name, name, other].map(quote).join('.');
    return [
      { kind: 'row-count', id: `rows:${index}`, table, atLeast: 1, atMost: 1 },
      { kind: 'freshness', id: `fresh:${index}`, table, column: other },
      {
        kind: 'query',
        id: `q:${index}`,
        database: name,
        sql: `select count(*) from ${quote(name)}.${quote(other)}`,
        expect: { equals: '1' },
      },
    ];
  });
  const plan = planOf([...CHECKS, ...own], { content: true });
  const once = await verify(server.server(), plan);
  expect(once.rounds).toBe(1);
  expect(once.checks.filter(({ status }) => status !== 'pass')).toEqual([]);
  const tiny = await verify(server.server(), plan, {}, 0);
  expect(tiny.rounds).toBeGreaterThan(100);
  expect(simplified(tiny)).toBe(simplified(once));
  expect(JSON.stringify(once.checks.map(({ observed }) => observed))).not.toMatch(/\\u202e|\\n/i);
  await server.drop(...DATABASES);
});

test('a connection lost once is taken up again, lost by the same unit twice it is that unit alone', async () => {
  let cut = 0;
  const plan = planOf(CHECKS);
  const observations: Observation[] = [];
  const cutting: Server = {
    async connect(name) {
      const database = await server.server().connect(name);
      const query = database.query.bind(database);
      database.query = async (sql, params) => {
        // The session is ended by the server, at whatever statement it is, and once per kind of question.
        if (cut < 3 && sql.includes(['hash_record', 'orphans', '"alembic_version"'][cut])) {
          cut++;
          await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${MASTER}'`);
        }
        return query(sql, params) as never;
      };
      return database;
    },
  };
  const answer = await observe({ ...plan, content: true }, cutting, null, Date.now() + 60_000, (seen) =>
    observations.push(seen),
  );
  expect(cut).toBe(3);
  expect(answer.cursor).toBeNull();
  expect(observations).toEqual(answer.observations);
  expect(conclude(plan, answer.observations, {}).checks.filter(({ status }) => status !== 'pass')).toEqual([]);

  const suicidal: CheckDefinition = {
    kind: 'query',
    id: 'bye',
    database: 'app',
    sql: 'select pg_terminate_backend(pg_backend_pid())',
    expect: { atLeast: 1 },
  };
  const outcome = await verify(server.server(), planOf([suicidal, ...CHECKS]));
  expect(outcome.check('bye')).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringContaining('the connection was lost twice'),
  });
  expect(outcome.checks.filter(({ status }) => status !== 'pass').map(({ id }) => id)).toEqual(['bye']);
});

test('a question longer than a round is inconclusive after a round of its own, and holds up nobody', async () => {
  const slow: CheckDefinition = {
    kind: 'query',
    id: 'slow',
    database: 'app',
    sql: 'select 1 from pg_sleep(20)',
    expect: { atLeast: 1 },
  };
  const later: CheckDefinition = {
    kind: 'query',
    id: 'tail',
    database: 'app',
    sql: 'select 1',
    expect: { atLeast: 1 },
  };
  const started = Date.now();
  const outcome = await verify(server.server(), planOf([slow, later]), {}, 1_500);
  expect(outcome.check('slow')).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringContaining('one round was too short'),
  });
  expect(outcome.check('tail').status).toBe('pass');
  expect(outcome.rounds).toBe(3);
  expect(Date.now() - started).toBeLessThan(20_000);
  const [left] = await server.sql<{ count: string }>(
    `select count(*) from pg_stat_activity where usename = '${MASTER}'`,
  );
  expect(left.count).toBe('0');
});

test('not getting in is thrown by name', async () => {
  const plan = planOf();
  const { address, port } = server.running;
  const access = {
    address,
    port,
    username: MASTER,
    password: PASSWORD,
    certificateAuthority: server.engine.certificateAuthority,
  };
  const attempt = (change: object) => observe(plan, postgresServer({ ...access, ...change }), null, Date.now() + 5_000);
  const refused = await attempt({ password: 'wrong-secret' }).catch((error: Error) => error);
  expect(refused).toMatchObject({ name: 'LoginRefused' });
  expect(String(refused)).not.toContain('wrong-secret');
  await expect(attempt({ username: 'nobody' })).rejects.toMatchObject({ name: 'LoginRefused' });
  await expect(attempt({ port: 1 })).rejects.toMatchObject({
    name: 'CannotConnect',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  // A certificate of an authority that is not trusted is no server of ours.
  await expect(attempt({ certificateAuthority: undefined })).rejects.toMatchObject({ name: 'CannotConnect' });
  await expect(attempt({ address: 'localhost' })).resolves.toMatchObject({ cursor: null });
  await expect(observe({ ...plan, engine: 'oracle' as never }, server.server(), null, 0)).rejects.toThrow(
    'there are no checks for engine oracle; allowed: postgres',
  );
});

test('a server that goes away in the middle ends the round, and the next one continues or says so', async () => {
  const second = await server.engine.create({ masterUsername: MASTER, masterPassword: PASSWORD });
  const plan = planOf([], { restorePoint: RESTORE_POINT });
  const target = server.server(second);
  let stopped = false;
  const stopping: Server = {
    async connect(name) {
      if (name === 'template1' || stopped) return target.connect(name);
      const database = await target.connect(name);
      const query = database.query.bind(database);
      database.query = async (sql, params) => {
        if (!stopped && sql.includes('pg_database d where')) {
          stopped = true;
          await second.destroy();
        }
        return query(sql, params) as never;
      };
      return database;
    },
  };
  const answer: { observations: Observation[]; cursor: Cursor | null } = await observe(
    plan,
    stopping,
    null,
    Date.now() + 3_000,
  );
  expect(answer.observations.length).toBeGreaterThan(0);
  const { checks } = conclude(plan, answer.observations, {});
  expect(checks.filter(({ status }) => status === 'pass')).toEqual([]);
  await expect(observe(plan, target, answer.cursor, Date.now() + 3_000)).rejects.toMatchObject({
    name: 'CannotConnect',
  });
});

test('3,000 tables: under a megabyte an answer, nothing forgotten', async () => {
  await server.database(
    'wide',
    `do $$ begin for i in 1..3000 loop execute format('create table a_rather_long_table_name_%s (id int primary key, at timestamptz)', i); execute format('insert into a_rather_long_table_name_%s values (1, now())', i); end loop; end $$`,
  );
  const started = Date.now();
  const outcome = await verify(server.server(), planOf([], { content: true }));
  const seconds = (Date.now() - started) / 1000;
  process.stdout.write(`3,000 tables in ${seconds} s, ${outcome.rounds} rounds\n`);
  expect(outcome.profile.tables.filter(({ database }) => database === 'wide')).toHaveLength(3000);
  expect(outcome.check('no-table-emptied').status).toBe('pass');
  const compared = conclude(planOf(), outcome.observations, {
    lastPassed: { drillId: 'x', at: RESTORE_POINT, profile: outcome.profile, restoreSeconds: 1 },
    baseline: { ...outcome.profile, tables: outcome.profile.tables.map((table) => ({ ...table, rows: 2 })) },
  });
  expect(compared.checks.find(({ id }) => id === 'baseline')?.observed).toMatch(
    /^3,003 tables differ: .* and [\d,]+ more$/,
  );
  await server.drop('wide');
});
