import { acquireLock, releaseLock, type Lock } from '../../../lambda/shared/lock';
import { keys } from '../../../lambda/shared/keys';
import { openSite, type Site } from '../account';

const NOW = '2026-11-20T13:00:00.000Z';
const LATER = '2026-11-21T13:00:00.000Z';
const EARLIER = '2026-11-20T12:59:59.999Z';

let site: Site;
beforeAll(async () => void (site = await openSite()));
afterAll(() => site.close());

const lock = (drillId: string, expiresAt = LATER): Lock => ({
  drillId,
  execution: `execution of ${drillId}`,
  expiresAt,
});
const take = (resource: string, drillId: string) => acquireLock(site.state, resource, lock(drillId), NOW);
const holder = async (resource: string) => (await site.state.get<Lock>(keys.lock(resource)))?.value.drillId;

test('one drill holds a resource, and may ask again', async () => {
  expect(await take('Gold/A', 'one')).toBeNull();
  expect(await take('Gold/A', 'one')).toBeNull();
  expect(await take('Gold/A', 'two')).toEqual(lock('one'));
  expect(await take('Gold/B', 'two')).toBeNull();
});

test('of many at once exactly one gets it', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `drill-${index}`);
  const answers = await Promise.all(names.map((name) => take('Gold/Race', name)));
  expect(answers.filter((answer) => answer === null)).toHaveLength(1);
  expect(await holder('Gold/Race')).toBe(names[answers.indexOf(null)]);
});

test('an expired lock is taken over by exactly one', async () => {
  await site.state.put(keys.lock('Gold/Old'), lock('dead', EARLIER));
  const names = Array.from({ length: 12 }, (_, index) => `heir-${index}`);
  const answers = await Promise.all(names.map((name) => take('Gold/Old', name)));
  expect(answers.filter((answer) => answer === null)).toHaveLength(1);
  expect(await holder('Gold/Old')).toBe(names[answers.indexOf(null)]);
});

test('only its holder releases it', async () => {
  await take('Gold/C', 'one');
  await releaseLock(site.state, 'Gold/C', 'two');
  expect(await holder('Gold/C')).toBe('one');
  await releaseLock(site.state, 'Gold/C', 'one');
  await releaseLock(site.state, 'Gold/C', 'one');
  expect(await holder('Gold/C')).toBeUndefined();
  expect(await take('Gold/C', 'two')).toBeNull();
});
