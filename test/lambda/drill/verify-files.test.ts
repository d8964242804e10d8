import type { FilesAnswer, FilesRequest } from '../../../lambda/drill/files/contract';
import type { QueryAnswer } from '../../../lambda/drill/query/contract';
import { NOTHING } from '../../../lambda/verification/files/tally';
import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { DrillState, VerificationFacts } from '../../../lib/private/contract/drill';
import type { VerificationResults } from '../../../lib/private/contract/verification';
import { RehearsedLambda, type Invoked } from '../../../rehearsal/aws';
import { account, place, region, rejection } from '../../rehearsal/aws/support';
import { definition, drillOf, openSite, PATIENCE, type Site } from '../account';
import { STATE } from '../evidence/samples';

/* Verify beside its two functions, which answer here what a test says: of files in rounds, after the database or alone. */

const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}:1`;
const BUCKET = {
  name: 'Gold/Uploads',
  bucket: 'uploads',
  region: 'eu-west-1',
  replica: { bucket: 'uploads-dr', region, lagSeconds: 1800, deleteMarkers: false },
};
const SAMPLE = { fraction: 0.01, confidence: 0.99 };
const REPLICA: CheckDefinition = { kind: 'replica', id: 'replica', bucket: BUCKET, sample: SAMPLE };
const ROWS: CheckDefinition = { kind: 'files-exist', id: 'rows', sql: 'select k', bucket: BUCKET, sample: SAMPLE };
const AT = '2026-11-20T12:00:00.000Z';

let site: Site;
let verify: (state: DrillState) => Promise<VerificationFacts>;
let database: QueryAnswer;
let look: (request: FilesRequest) => FilesAnswer | Invoked;
const asked: FilesRequest[] = [];

beforeAll(async () => {
  const lambda = new RehearsedLambda({
    ...place,
    invoke: async (arn, payload) => {
      if (arn === arnOf('query')) return { payload: JSON.stringify(database) };
      const request = JSON.parse(payload) as FilesRequest;
      asked.push(request);
      const answer = look(request);
      return 'payload' in answer ? answer : { payload: JSON.stringify(answer) };
    },
  });
  site = await openSite({ services: [lambda.service()] });
  process.env.QUERY_FUNCTION = arnOf('query');
  process.env.FILES_FUNCTION = arnOf('files');
  ({ handler: verify } = await import('../../../lambda/drill/verify/handler'));
});
afterAll(() => site.close());
beforeEach(() => {
  asked.length = 0;
});

let drills = 0;
async function opened(engine: 'postgres' | 's3', ...checks: CheckDefinition[]): Promise<DrillState> {
  const drill = drillOf(`f${String(++drills).padStart(19, '0')}`);
  const resource = { ...definition.resource, engine };
  await site.state.put(drill.definition, { ...definition, resource, checks });
  await site.secret(drill, undefined, { username: 'master', password: 'x' });
  const instance = engine === 's3' ? undefined : { ...STATE.instance!, address: 'there', port: 5432 };
  return { ...STATE, drill, instance, access: undefined, verification: undefined };
}

/** Rounds as the machine makes them. */
async function run(state: DrillState): Promise<{ results: VerificationResults; waits: number[] }> {
  const waits: number[] = [];
  let verification = state.verification;
  do {
    verification = await verify({ ...state, verification });
    waits.push(verification.waitSeconds);
  } while (!verification.done);
  return { results: (await site.state.get<VerificationResults>(verification.results))!.value, waits };
}

const rowsSeen = (...keys: string[]): QueryAnswer => ({
  cursor: null,
  observations: [
    {
      probe: 'file-rows',
      database: 'shop',
      path: ['rows', 'random', '000'],
      finishedAt: AT,
      found: { rows: keys.length, unnamed: 0, sampled: keys.map((key) => ({ key })), all: true },
    },
  ],
});
const fine = (population: number): FilesAnswer => ({
  cursor: null,
  finding: {
    population,
    counts: { ...NOTHING, strata: { random: population }, chance: { looked: population, bad: 0 } },
    asOf: AT,
    completeUntil: AT,
  },
});
const survey = { phase: 'survey', after: 'k', population: 5, kept: { random: [], newest: [], largest: [] } } as const;

test('a bucket has no database: files are asked alone, in rounds that go on from their cursor', async () => {
  const state = await opened('s3', REPLICA);
  look = ({ cursor }) => (cursor ? fine(7) : { cursor: { ...survey, troubles: 0 } });
  const { results } = await run(state);
  expect(asked).toHaveLength(2);
  expect(asked[1].cursor).toMatchObject({ phase: 'survey', after: 'k' });
  expect(asked[1].question).toEqual(asked[0].question);
  expect(results.checks).toMatchObject([{ id: 'replica', kind: 'replica', status: 'pass' }]);
  expect(results.files).toMatchObject([{ check: 'replica', bucket: 'Gold/Uploads', population: 7 }]);
});

test('after the database, its rows are looked for, a thousand in a question, then the replica', async () => {
  const keys = Array.from({ length: 1500 }, (_, index) => `k${index}`);
  database = rowsSeen(...keys);
  look = ({ question, cursor }) => {
    if (question.kind === 'replica') return fine(3);
    const done = (cursor?.phase === 'rows' ? cursor.done : 0) + question.rows.length;
    const counts = { ...NOTHING, strata: { random: done }, chance: { looked: done, bad: 0 } };
    const rows = { phase: 'rows', done, counts, oldestWithout: null, dated: false, troubles: 0 } as const;
    return done < question.total ? { cursor: rows } : fine(question.total);
  };
  const { results } = await run(await opened('postgres', ROWS, REPLICA));
  expect(asked.map(({ question }) => ('rows' in question ? question.rows.length : question.kind))).toEqual([
    1000,
    500,
    'replica',
  ]);
  expect(results.checks.filter(({ kind }) => kind !== 'standard')).toMatchObject([
    { id: 'rows', status: 'pass' },
    { id: 'replica', status: 'pass' },
  ]);
});

test('rows that the database did not give are not looked for', async () => {
  const problem = { reason: 'timeout', message: 'canceling statement due to statement timeout' } as const;
  database = {
    cursor: null,
    observations: [{ probe: 'file-rows', database: 'shop', path: ['rows', 'random', '000'], finishedAt: AT, problem }],
  };
  look = () => fine(1);
  const { results } = await run(await opened('postgres', ROWS));
  expect(asked).toEqual([]);
  expect(results.checks.find(({ id }) => id === 'rows')).toMatchObject({
    status: 'inconclusive',
    observed: expect.stringMatching(/one round was too short/) as string,
  });
  expect(results.files).toEqual([]);
});

test('a round in trouble is waited after; what stays in trouble is not known', async () => {
  let left = 2;
  look = () =>
    left-- > 0
      ? { cursor: { ...survey, troubles: 1 }, trouble: 'slow' }
      : { cursor: null, finding: { ...fine(5).finding!, trouble: 'slow' } };
  const { results, waits } = await run(await opened('s3', REPLICA));
  expect(waits).toEqual([PATIENCE.poll, PATIENCE.poll, 0]);
  expect(results.checks[0]).toMatchObject({
    status: 'inconclusive',
    observed: 'The replica could not be looked at to the end: slow.',
  });
});

test('where time is up, what was found stays, and the rest is not known', async () => {
  const state = await opened('s3', REPLICA, { ...REPLICA, id: 'another' });
  const withoutStatus = [{ key: '0123456789abcdef', modified: Date.parse(AT) }];
  const counts = { ...NOTHING, problems: { missing: 2 }, withoutStatus };
  const limits = { random: null, newest: null, largest: null, whole: null };
  look = () => ({ cursor: { phase: 'compare', after: 'k', limits, population: 9, counts, troubles: 0 } });
  const first = await verify(state);
  const startedAt = new Date(Date.now() - (PATIENCE.verify + 1) * 1000).toISOString();
  const { results } = await run({ ...state, verification: { ...first, startedAt } });
  expect(results.checks).toMatchObject([
    {
      id: 'replica',
      status: 'fail',
      observed: expect.stringMatching(/no time for more within .* Found until then: 2 missing, 1 older/) as string,
    },
    { id: 'another', status: 'inconclusive' },
  ]);
});

test('what breaks the files function comes back by its name', async () => {
  const state = await opened('s3', REPLICA);
  look = () => ({
    payload: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: 'x' }),
    functionError: 'Unhandled',
  });
  expect((await rejection(verify(state))).name).toBe('Sandbox.Timedout');
  look = () => ({ payload: 'null', functionError: 'Unhandled' });
  expect((await rejection(verify(state))).name).toBe('FilesFailed');
});
