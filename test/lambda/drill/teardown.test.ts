import { TAGS } from '../../../lambda/shared/tags';
import type { DrillState, TeardownFacts } from '../../../lib/private/contract/drill';
import { rejection, until } from '../../rehearsal/aws/support';
import { drillOf, openSite, PATIENCE, type Site } from '../account';
import { STATE } from '../evidence/samples';

let site: Site;
let tearDown: (state: DrillState) => Promise<TeardownFacts>;
beforeAll(async () => {
  site = await openSite();
  ({ handler: tearDown } = await import('../../../lambda/drill/teardown/handler'));
});
afterAll(() => site.close());

const source = STATE.source;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

/** Round after round, as the machine does it. */
async function rounds(state: DrillState): Promise<TeardownFacts> {
  let teardown: TeardownFacts | undefined;
  return until(
    async () => (teardown = await tearDown({ ...state, teardown })),
    ({ gone }) => gone,
  );
}

test('removes what the drill made, without any answer of those who made it, and waits until it stays gone', async () => {
  const drill = drillOf('1'.repeat(20));
  await site.restored(drill);
  await site.secret(drill);
  const began = Date.now();
  const facts = await rounds({ drill, source });
  expect(Date.now() - began).toBeGreaterThan(PATIENCE.gone * 1000);
  expect(facts).toMatchObject({
    gone: true,
    leftBehind: [],
    removed: [
      { kind: 'db-instance', identifier: drill.names.instance },
      { kind: 'secret', identifier: drill.names.secret },
    ],
  });
  expect([site.instances(), site.secretNames()]).toEqual([[], []]);
});

test('what appears late begins the waiting anew', async () => {
  const drill = drillOf('2'.repeat(20));
  const first = await tearDown({ drill, source });
  expect(first).toMatchObject({ gone: false, absentSince: expect.any(String), removed: [], leftBehind: [] });
  await site.restored(drill);
  const second = await tearDown({ drill, source, teardown: { ...first, absentSince: ago(60) } });
  expect(second).toMatchObject({ gone: false, leftBehind: [{ kind: 'db-instance' }] });
  expect(second.absentSince).toBeUndefined();
  await rounds({ drill, source });
});

test('nothing is waited for where nothing was attempted', async () => {
  expect(await tearDown({ drill: drillOf('3'.repeat(20)) })).toMatchObject({ gone: true, removed: [] });
});

test('what is not ours stays and is told, and keeps nothing of ours', async () => {
  const drill = drillOf('4'.repeat(20));
  await site.restored(drill, [{ Key: TAGS.drill, Value: 'another' }]);
  await site.secret(drill);
  expect((await rejection(tearDown({ drill, source }))).name).toBe('NotOurs');
  expect(site.instances()).toEqual([drill.names.instance]);
  expect(site.secretNames()).toEqual([]);
});

test('what does not go in time is named as left', async () => {
  const drill = drillOf('5'.repeat(20));
  await site.secret(drill);
  const teardown: TeardownFacts = {
    gone: false,
    waitSeconds: 1,
    startedAt: ago(PATIENCE.teardown + 1),
    removed: [],
    leftBehind: [],
  };
  expect(await rejection(tearDown({ drill, source, teardown }))).toMatchObject({
    name: 'LeftBehind',
    message: expect.stringContaining(`secret ${drill.names.secret}`),
  });
});
