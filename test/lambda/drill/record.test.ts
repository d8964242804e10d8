import { createHash } from 'node:crypto';
import type { StatusChange } from '../../../lambda/drill/recorder/handler';
import { keys } from '../../../lambda/shared/keys';
import { acquireLock, type Lock } from '../../../lambda/shared/lock';
import type { DrillFacts, DrillState, EvidenceFacts } from '../../../lib/private/contract/drill';
import type { Evidence } from '../../../lib/private/contract/evidence';
import { rejection } from '../../rehearsal/aws/support';
import { definition, drillOf, openSite, type Site } from '../account';
import { at, RESULTS, STATE } from '../evidence/samples';
import { published } from '../published';

let site: Site;
let record: (state: DrillState) => Promise<EvidenceFacts>;
let recorder: (event: StatusChange) => Promise<EvidenceFacts | null>;
beforeAll(async () => {
  site = await openSite();
  const { handler } = await import('../../../lambda/drill/record/handler');
  const heard = await import('../../../lambda/drill/recorder/handler');
  record = async (state) => (await published(() => handler(state))).answer;
  recorder = async (event) => (await published(() => heard.handler(event))).answer;
});
afterAll(() => site.close());

let drills = 0;
/** A drill as the machine leaves it for Record evidence, passed unless changed. */
async function ran(resource: string, change: Partial<DrillState> = {}, more: Partial<DrillFacts> = {}) {
  const drill = drillOf(String(++drills).padStart(20, '0'), { resource, name: `${resource}/Weekly`, ...more });
  const state: DrillState = { ...STATE, drill: { ...drill, disasterAt: STATE.drill.disasterAt }, ...change };
  await site.state.put(drill.definition, { ...definition, drill: drill.name });
  await site.state.put(keys.execution(drill.execution), state.drill);
  if (state.verification?.done) await site.state.put(keys.results(drill.id), RESULTS);
  await acquireLock(
    site.state,
    resource,
    { drillId: drill.id, execution: drill.execution, expiresAt: drill.expiresAt },
    at(0),
  );
  return state;
}
const failed = { failure: { Error: 'NoRecoverySource', Cause: '{}' }, source: undefined, verification: undefined };
const blocked = { failure: { Error: 'ResourceLocked', Cause: '{}' }, source: undefined, verification: undefined };
const ended = (state: DrillState, status = 'FAILED') =>
  recorder({ detail: { executionArn: state.drill.execution, status } });

async function chain(resource: string): Promise<Evidence[]> {
  const places: Evidence[] = [];
  for (let sequence = 1; ; sequence++) {
    const stored = await site.evidence.get<Evidence>(keys.evidence(resource, sequence));
    if (!stored) return places;
    places.push(stored.value);
  }
}
const rotation = async (resource: string) =>
  (await site.state.get<{ drills: number }>(keys.rotation(`${resource}/Weekly`)))?.value.drills ?? 0;
const holder = async (resource: string) => (await site.state.get<Lock>(keys.lock(resource)))?.value.drillId;

test('a passed drill is recorded once, remembered, counted and released, however often it is asked for', async () => {
  const state = await ran('Gold/A');
  const first = await record(state);
  expect(first).toMatchObject({ verdict: 'PASSED', key: 'chain/Gold/A/00000001.json' });
  expect(await record(state)).toEqual(first);
  expect(await chain('Gold/A')).toHaveLength(1);
  expect(await rotation('Gold/A')).toBe(1);
  expect(await holder('Gold/A')).toBeUndefined();
  expect((await site.state.get(keys.lastPassed('Gold/A')))?.value).toMatchObject({
    drillId: state.drill.id,
    restoreSeconds: 600,
  });
});

test('each names the one before by its hash', async () => {
  for (let drill = 0; drill < 3; drill++) await record(await ran('Gold/Chain'));
  const [first, second, third] = await chain('Gold/Chain');
  expect(first.previous).toBeNull();
  for (const [before, after] of [
    [first, second],
    [second, third],
  ]) {
    const key = keys.evidence('Gold/Chain', before.sequence);
    const { body } = (await site.evidence.get(key))!;
    expect(after.previous).toEqual({ key, sha256: createHash('sha256').update(body).digest('hex') });
  }
});

test('several at once each get a place of their own, and a repeated one none', async () => {
  const states = [await ran('Gold/Race'), await ran('Gold/Race', blocked), await ran('Gold/Race', blocked)];
  await Promise.all([...states, ...states].map(record));
  const recorded = (await chain('Gold/Race')).map(({ drillId }) => drillId);
  expect(recorded.sort()).toEqual(states.map(({ drill }) => drill.id).sort());
});

describe('the recorder', () => {
  test('adds nothing to what the machine recorded, also behind a drill that was blocked meanwhile', async () => {
    const first = await ran('Gold/B', failed);
    const second = await ran('Gold/B', blocked, { blockedBy: 'drill x holds it' });
    await record(first);
    await record(second);
    expect(await ended(first)).toMatchObject({ verdict: 'FAILED', key: 'chain/Gold/B/00000001.json' });
    expect(await ended(second)).toMatchObject({ verdict: 'INCONCLUSIVE', key: 'chain/Gold/B/00000002.json' });
    expect((await chain('Gold/B')).map(({ verdict }) => verdict)).toEqual(['FAILED', 'INCONCLUSIVE']);
  });

  test('records a drill that was stopped, names what it may have left, and releases the resource', async () => {
    const state = await ran('Gold/C', { verification: undefined });
    expect(await holder('Gold/C')).toBe(state.drill.id);
    expect(await ended(state, 'ABORTED')).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(await ended(state, 'ABORTED')).toMatchObject({ key: 'chain/Gold/C/00000001.json' });
    const [evidence] = await chain('Gold/C');
    expect(evidence.reasons[0]).toContain('ended ABORTED');
    expect(evidence.leftBehind.map(({ kind }) => kind)).toEqual(['db-instance', 'secret']);
    expect(await holder('Gold/C')).toBeUndefined();
  });

  test('has nothing to say of an execution that declared no drill', async () => {
    expect(await recorder({ detail: { executionArn: 'arn:x:nobody', status: 'FAILED' } })).toBeNull();
  });
});

test('a blocked drill had no turn and releases nobody else’s lock', async () => {
  const running = await ran('Gold/D');
  await record(await ran('Gold/D', blocked, { blockedBy: 'drill x holds it' }));
  expect(await rotation('Gold/D')).toBe(0);
  expect(await holder('Gold/D')).toBe(running.drill.id);
  await record(running);
  expect(await rotation('Gold/D')).toBe(1);
});

test('resources whose names begin alike have chains of their own', async () => {
  await record(await ran('Gold/Orders2'));
  expect((await record(await ran('Gold/Orders'))).key).toBe('chain/Gold/Orders/00000001.json');
});

test('evidence is not made up without a definition', async () => {
  const error = await rejection(record({ drill: drillOf('f'.repeat(20)) }));
  expect(error.name).toBe('InvalidDefinition');
});
