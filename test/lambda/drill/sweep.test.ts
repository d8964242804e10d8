import type { SweepAnswer } from '../../../lambda/drill/sweep/handler';
import { drillTags, TAGS } from '../../../lambda/shared/tags';
import { until } from '../../rehearsal/aws/support';
import { drillOf, openSite, PREFIX, type Site } from '../account';
import { published } from '../published';

let site: Site;
let sweep: () => Promise<SweepAnswer>;
beforeEach(async () => {
  site = await openSite();
  jest.resetModules();
  ({ handler: sweep } = await import('../../../lambda/drill/sweep/handler'));
});
afterEach(() => site.close());

const PAST = { expiresAt: '2026-01-01T00:00:00.000Z' };

async function swept() {
  const { answer, metrics } = await published(sweep);
  const { expired, ...rest } = answer;
  expect(expired).toEqual([]);
  return { ...rest, counted: metrics.map(({ Leftovers }) => Leftovers) };
}

test('nothing there is counted as nothing, so that silence means that nobody looks', async () => {
  expect(await swept()).toEqual({ removed: [], waiting: [], kept: [], counted: [0] });
});

test('a running drill is left alone, however old', async () => {
  const drill = drillOf('1'.repeat(20), PAST);
  await site.secret(drill);
  site.execution(drill.execution, 'RUNNING');
  expect(await swept()).toEqual({ removed: [], waiting: [], kept: [], counted: [0] });
  expect(site.secretNames()).toEqual([drill.names.secret]);
});

test('what outlived its drill is counted at once, and removed past its time to live', async () => {
  const [early, late] = [drillOf('2'.repeat(20)), drillOf('3'.repeat(20), PAST)];
  await site.restored(late);
  await site.secret(late);
  await site.secret(early);
  site.execution(early.execution, 'ABORTED');
  // Step Functions has forgotten the other execution.
  const removed = [`db-instance ${late.names.instance}`, `secret ${late.names.secret}`];
  expect(await swept()).toEqual({ removed, waiting: [`secret ${early.names.secret}`], kept: [], counted: [3] });
  await until(swept, (answer) => answer.removed.length === 0);
  expect([site.instances(), site.secretNames()]).toEqual([[], [early.names.secret]]);
});

test.each([
  ['no tags', () => []],
  ['another site', () => drillTags(drillOf('4'.repeat(20), { ...PAST, site: 'other' }))],
  ['no end', () => drillTags(drillOf('4'.repeat(20), PAST)).filter(({ Key }) => Key !== TAGS.expires)],
  ['an execution that is none', () => drillTags(drillOf('4'.repeat(20), { ...PAST, execution: 'x' }))],
])('what has the prefix and cannot be told (%s) is kept and counted', async (_, tags) => {
  const drill = drillOf('4'.repeat(20));
  await site.secret(drill, tags());
  expect(await swept()).toEqual({ removed: [], waiting: [], kept: [`secret ${drill.names.secret}`], counted: [1] });
  expect(site.secretNames()).toEqual([drill.names.secret]);
});

test('what has another prefix is nobody’s business, whatever its tags', async () => {
  const names = { instance: `x${PREFIX}1`, secret: PREFIX.replace(/.-$/, 'f-') + '1' };
  const foreign = drillOf('5'.repeat(20), { ...PAST, names });
  await site.restored(foreign);
  await site.secret(foreign);
  expect(await swept()).toEqual({ removed: [], waiting: [], kept: [], counted: [0] });
  expect([site.instances(), site.secretNames()]).toEqual([[names.instance], [names.secret]]);
});
