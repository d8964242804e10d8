import type { DBInstance } from '@aws-sdk/client-rds';
import { pointInTime } from '../../../lambda/drill/choose/point-in-time';
import { keys } from '../../../lambda/shared/keys';
import type { DrillDefinition, DrillState, SourceFacts } from '../../../lib/private/contract/drill';
import { rejection, until } from '../../rehearsal/aws/support';
import { definition, drillOf, openSite, type Site } from '../account';

let site: Site;
let choose: (state: DrillState) => Promise<SourceFacts>;
beforeAll(async () => {
  site = await openSite();
  ({ handler: choose } = await import('../../../lambda/drill/choose/handler'));
  // LatestRestorableTime lags: in its first seconds an instance has nothing to restore from.
  await until(
    () => chosen('0'.repeat(20)).catch(() => null),
    (source) => source !== null,
  );
});
afterAll(() => site.close());

async function chosen(id: string, change: Partial<DrillDefinition> = {}, disasterAt = new Date().toISOString()) {
  const drill = drillOf(id, { disasterAt });
  await site.state.put(drill.definition, { ...definition, ...change });
  return choose({ drill });
}
const resource = (change: Partial<DrillDefinition['resource']>) => ({
  resource: { ...definition.resource, ...change },
});

test('sources take turns, as often as drills were recorded', async () => {
  const kinds: string[] = [];
  for (const drills of [0, 1, 2]) {
    await site.state.put(keys.rotation(definition.drill), { drills, last: 'x' });
    kinds.push((await chosen('1'.repeat(20))).kind);
  }
  expect(kinds).toEqual(['point-in-time', 'snapshot', 'point-in-time']);
  await site.state.delete(keys.rotation(definition.drill));
});

test('a source that disappeared, or that has nothing from before the disaster, is a bad backup', async () => {
  const gone = await rejection(chosen('2'.repeat(20), resource({ identifier: 'gone' })));
  expect(gone).toMatchObject({ name: 'NoRecoverySource', message: expect.stringContaining('does not exist') });
  for (const kind of ['point-in-time', 'snapshot'] as const) {
    const early = rejection(chosen('2'.repeat(20), { sources: [{ kind }] }, '2020-01-01T00:00:00.000Z'));
    expect([kind, (await early).name]).toEqual([kind, 'NoRecoverySource']);
  }
});

test('what is not what the plan says is not drilled', async () => {
  const other = { ...resource({ engine: 'mysql' as never }) };
  expect((await rejection(chosen('3'.repeat(20), other))).name).toBe('NotDrillable');
  expect((await rejection(choose({ drill: drillOf('4'.repeat(20), { blockedBy: 'drill x holds it' }) }))).name).toBe(
    'ResourceLocked',
  );
  expect((await rejection(choose({ drill: drillOf('5'.repeat(20)) }))).name).toBe('InvalidDefinition');
});

test('the newest point is one that RDS accepts', async () => {
  const drill = drillOf('6'.repeat(20));
  const { handler: restore } = await import('../../../lambda/drill/restore/handler');
  // In the second of the first backup there is nothing to restore to yet.
  const began = Date.now();
  const source = await until(
    () => chosen('6'.repeat(20)),
    ({ restorePoint }) => Date.parse(restorePoint) > began,
  );
  await restore({ drill, source });
  expect(site.instances()).toContain(drill.names.instance);
});

describe('point in time', () => {
  const DISASTER = '2026-11-20T13:00:00.700Z';
  const source = (latest: string | undefined, created = '2026-01-01T00:00:00.000Z'): DBInstance => ({
    DBInstanceIdentifier: 'orders',
    InstanceCreateTime: new Date(created),
    ...(latest && { LatestRestorableTime: new Date(latest) }),
  });
  const point = (latest: string) => pointInTime(source(latest), DISASTER).restorePoint;

  test('is the whole second before the disaster, else the newest one before LatestRestorableTime', () => {
    expect(point('2026-11-20T13:05:00Z')).toBe('2026-11-20T13:00:00.000Z');
    expect(point('2026-11-20T13:00:01Z')).toBe('2026-11-20T13:00:00.000Z');
    expect(point('2026-11-20T13:00:00Z')).toBe('2026-11-20T12:59:59.000Z');
    expect(point('2026-11-20T12:56:10.900Z')).toBe('2026-11-20T12:56:09.000Z');
  });

  test.each([
    ['has no restorable time', undefined, '2026-01-01T00:00:00.000Z', /automated backups are off \(retention 0 days\)/],
    [
      'was created after the disaster',
      '2026-11-20T13:20:00Z',
      '2026-11-20T13:10:00.000Z',
      /was created at 2026-11-20T13:10/,
    ],
    ['became restorable within its first second', '2026-11-20T12:00:01Z', '2026-11-20T12:00:00.500Z', /was created at/],
  ])('there is none when the instance %s', (_, latest, created, says) => {
    expect(() => pointInTime(source(latest, created), DISASTER)).toThrow(says);
  });
});
