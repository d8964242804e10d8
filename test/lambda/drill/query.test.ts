import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { QueryAnswer, QueryRequest } from '../../../lambda/drill/query/contract';
import { handler } from '../../../lambda/drill/query/handler';
import { MASTER, PASSWORD, planOf, TestServer } from '../verification/support';

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await TestServer.open();
  await server.database('app', 'create table orders (id int); insert into orders values (1), (2)');
  process.env.DATABASE_CERTIFICATE_AUTHORITY = server.engine.certificateAuthority;
  directory = await mkdtemp(path.join(os.tmpdir(), 'query-handler-'));
});
afterAll(async () => {
  delete process.env.DATABASE_CERTIFICATE_AUTHORITY;
  await rm(directory, { recursive: true, force: true });
  await server.close();
});

const request = (change: Partial<QueryRequest> = {}): QueryRequest => ({
  address: server.running.address,
  port: server.running.port,
  username: MASTER,
  password: PASSWORD,
  plan: planOf(),
  cursor: null,
  budgetMs: 30_000,
  ...change,
});

test('answers one round, and goes on from its own cursor', async () => {
  const whole = await handler(request());
  expect(whole.cursor).toBeNull();
  const first = await handler(request({ budgetMs: 0 }));
  expect(first.observations).toHaveLength(1);
  const second = await handler(request({ cursor: first.cursor }));
  expect(second.cursor).toBeNull();
  expect(second.observations).toHaveLength(whole.observations.length - 1);
});

test('the bundle as it ships runs alone, logs no secret, and throws errors by name', async () => {
  const outfile = path.join(directory, 'index.mjs');
  await build({
    entryPoints: [path.join(__dirname, '../../../lambda/drill/query/handler.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const caller = path.join(directory, 'call.mjs');
  await writeFile(
    caller,
    `import { handler } from './index.mjs';
     const answer = await handler(JSON.parse(process.argv[2])).catch(({ name, message }) => ({ name, message }));
     process.stdout.write('\\nANSWER ' + JSON.stringify(answer));`,
  );
  const call = async (event: QueryRequest) => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [caller, JSON.stringify(event)], {
      env: process.env,
    });
    const [logged, answer] = stdout.split('\nANSWER ');
    return { logged: logged + stderr, answer: JSON.parse(answer) as QueryAnswer & { name?: string; message?: string } };
  };
  const good = await call(request());
  expect(good.answer.observations.filter(({ probe }) => probe === 'table')).toMatchObject([{ found: { rows: 2 } }]);
  expect(good.logged).toContain('round ended');
  const bad = await call(request({ password: 'not-the-secret' }));
  expect(bad.answer).toMatchObject({ name: 'LoginRefused' });
  for (const text of [good.logged, bad.logged, String(bad.answer.message)]) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('not-the-secret');
  }
});
