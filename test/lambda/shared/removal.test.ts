import { removeInstance, removeSecret } from '../../../lambda/shared/removal';
import { rejection, until } from '../../rehearsal/aws/support';
import { drillOf, openSite, type Site } from '../account';

let site: Site;
beforeAll(async () => void (site = await openSite()));
afterAll(() => site.close());

test('what is not there is gone', async () => {
  expect(await removeInstance(site.rds, 'rcv-nothing', 'x')).toBe(false);
  expect(await removeSecret(site.secrets, 'rcv-nothing', 'x')).toBe(false);
});

test('what a drill made goes, however often it is asked for', async () => {
  const drill = drillOf('a'.repeat(20));
  await site.restored(drill);
  await site.secret(drill);
  expect(await removeSecret(site.secrets, drill.names.secret, drill.id)).toBe(true);
  expect(await removeSecret(site.secrets, drill.names.secret, drill.id)).toBe(false);
  expect(await removeInstance(site.rds, drill.names.instance, drill.id)).toBe(true);
  await until(
    () => removeInstance(site.rds, drill.names.instance, drill.id),
    (there) => !there,
  );
  expect([site.instances(), site.secretNames()]).toEqual([[], []]);
});

test.each([
  ['without tags', []],
  ['of another drill', [{ Key: 'cdk-recoverable:drill', Value: 'another' }]],
])('what is %s stays, though it has the name', async (what, tags) => {
  const drill = drillOf(what.length.toString().repeat(20).slice(0, 20));
  // Tags of nobody, since none at all would make the copy inherit its source's.
  await site.restored(drill, [...tags, { Key: 'Team', Value: 'payments' }]);
  await site.secret(drill, tags);
  expect(await rejection(removeInstance(site.rds, drill.names.instance, drill.id))).toMatchObject({
    name: 'NotOurs',
    message: expect.stringContaining(`instance ${drill.names.instance} carries the drill tag`),
  });
  expect((await rejection(removeSecret(site.secrets, drill.names.secret, drill.id))).name).toBe('NotOurs');
  expect(site.instances()).toContain(drill.names.instance);
  expect(site.secretNames()).toContain(drill.names.secret);
});

test('production is never removed, whatever name it is asked under', async () => {
  for (const name of ['orders', 'ORDERS']) {
    expect((await rejection(removeInstance(site.rds, name, drillOf('b'.repeat(20)).id))).name).toBe('NotOurs');
  }
});
