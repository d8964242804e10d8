import { keys } from '../../../lambda/shared/keys';
import type { DrillState, VerificationFacts } from '../../../lib/private/contract/drill';
import { observe } from '../../../lambda/verification/engine';
import { postgresServer } from '../../../lambda/verification/postgres/server';
import type { QueryRequest } from '../../../lambda/drill/query/contract';
import type { VerificationResults } from '../../../lib/private/contract/verification';
import { RehearsedLambda, type Invoked } from '../../../rehearsal/aws';
import { account, place, region, rejection } from '../../rehearsal/aws/support';
import { definition, drillOf, openSite, PATIENCE, type Site } from '../account';
import { STATE } from '../evidence/samples';
import { MASTER, PASSWORD, TestServer } from '../verification/support';

const QUERY = `arn:aws:lambda:${region}:${account}:function:query:1`;

let site: Site;
let server: TestServer;
let verify: (state: DrillState) => Promise<VerificationFacts>;
/** What the query function does; it is a real round unless a test says otherwise. */
let answer: (request: QueryRequest) => Promise<Invoked>;
const asked: QueryRequest[] = [];

const round = async (request: QueryRequest): Promise<Invoked> => {
  const { plan, cursor, ...login } = request;
  const ours = postgresServer({ ...login, certificateAuthority: server.engine.certificateAuthority });
  return { payload: JSON.stringify(await observe(plan, ours, cursor, Date.now() + request.budgetMs)) };
};
const thrown =
  (errorType: string, errorMessage = 'no') =>
  async (): Promise<Invoked> => ({
    payload: JSON.stringify({ errorType, errorMessage }),
    functionError: 'Unhandled',
  });

beforeAll(async () => {
  server = await TestServer.open();
  await server.database('shop', 'create table orders (id int primary key, created_at timestamptz)');
  const lambda = new RehearsedLambda({
    ...place,
    invoke: (arn, payload) => {
      const request = JSON.parse(payload) as QueryRequest;
      asked.push(request);
      return arn === QUERY ? answer(request) : Promise.resolve(undefined);
    },
  });
  site = await openSite({ services: [lambda.service()] });
  process.env.QUERY_FUNCTION = QUERY;
  ({ handler: verify } = await import('../../../lambda/drill/verify/handler'));
});
afterAll(async () => {
  await site.close();
  await server.close();
});
beforeEach(() => {
  answer = round;
  asked.length = 0;
});

let drills = 0;
async function opened(): Promise<DrillState> {
  const drill = drillOf(String(++drills).padStart(20, '0'));
  await site.state.put(drill.definition, { ...definition, checks: [] });
  await site.secret(drill, undefined, { username: MASTER, password: PASSWORD });
  const { address, port } = server.running;
  return { ...STATE, drill, instance: { ...STATE.instance!, address, port }, verification: undefined };
}
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const since = (startedAt: string) => ({ round: 3, done: false, waitSeconds: 1, startedAt, results: 'x' });

test('rounds go on from the cursor until everything is answered; the machine is handed pointers alone', async () => {
  const state = await opened();
  answer = (request) => round({ ...request, budgetMs: 0 });
  let verification: VerificationFacts | undefined;
  do verification = await verify({ ...state, verification });
  while (!verification.done);
  expect(verification.round).toBeGreaterThan(3);
  const results = (await site.state.get<VerificationResults>(verification.results))!.value;
  expect(results).toMatchObject({ rounds: verification.round, profile: { tables: [{ name: 'orders', rows: 0 }] } });
  expect(results.checks.length).toBeGreaterThan(5);
  expect(Buffer.byteLength(JSON.stringify(verification))).toBeLessThan(1000);
});

test('the password is in the payload and nowhere else', async () => {
  const state = await opened();
  const facts = await verify(state);
  expect(asked[0].password).toBe(PASSWORD);
  const kept = await Promise.all(
    [keys.observations, keys.results].map(async (key) => (await site.state.get(key(state.drill.id)))?.body ?? ''),
  );
  expect([JSON.stringify(facts), ...kept].join()).not.toContain(PASSWORD);
});

test('a round whose answer was lost is asked again and forgets nothing', async () => {
  const state = await opened();
  answer = (request) => round({ ...request, budgetMs: 0 });
  const first = await verify(state);
  const again = await verify(state);
  expect(again.round).toBe(first.round);
  answer = round;
  const done = await verify({ ...state, verification: again });
  const checks = (await site.state.get<VerificationResults>(done.results))!.value.checks;
  expect(checks.find(({ id }) => id === 'connect')?.status).toBe('pass');
});

test.each(['LoginRefused', 'CannotConnect'])(
  '%s is waited for as long as access may take, then thrown',
  async (name) => {
    const state = await opened();
    answer = thrown(name);
    expect(await verify(state)).toMatchObject({ done: false, waitSeconds: PATIENCE.poll });
    const late = since(ago(PATIENCE.access + 1));
    expect((await rejection(verify({ ...state, verification: late }))).name).toBe(name);
  },
);

test('what else breaks the query function comes back by its own name', async () => {
  const state = await opened();
  for (const name of ['Sandbox.Timedout', 'Runtime.ExitError', 'DatabaseError']) {
    answer = thrown(name);
    expect((await rejection(verify(state))).name).toBe(name);
  }
});

test('checks that do not end are given up', async () => {
  const verification = since(ago(PATIENCE.verify + 1));
  expect((await rejection(verify({ ...(await opened()), verification }))).name).toBe('VerificationTooLong');
  expect(asked).toEqual([]);
});
