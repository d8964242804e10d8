import type { AccessFacts, DrillState, InstanceFacts, RestoreFacts } from '../../../lib/private/contract/drill';
import { DeleteDBInstanceCommand } from '@aws-sdk/client-rds';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { rejection, until } from '../../rehearsal/aws/support';
import { drillOf, openSite, type Site } from '../account';
import { STATE } from '../evidence/samples';

let site: Site;
let restore: (state: DrillState) => Promise<RestoreFacts>;
let ready: (state: DrillState) => Promise<InstanceFacts>;
let access: (state: DrillState) => Promise<AccessFacts>;
beforeAll(async () => {
  site = await openSite();
  ({ handler: restore } = await import('../../../lambda/drill/restore/handler'));
  ({ handler: ready } = await import('../../../lambda/drill/ready/handler'));
  ({ handler: access } = await import('../../../lambda/drill/access/handler'));
});
afterAll(() => site.close());

const source = async () => ({
  ...STATE.source!,
  kind: 'snapshot' as const,
  identifier: await site.snapshot(),
  engineVersion: '18.4',
});

/** A drill whose copy is available. */
async function restored(id: string, more: object = {}) {
  const drill = drillOf(id, more);
  const state: DrillState = { drill, restore: await restore({ drill, source: await source() }) };
  const instance = await until(
    () => ready(state),
    (facts) => facts.ready,
  );
  return { ...state, instance };
}

describe('Restore', () => {
  test('repeated after its answer was lost adopts the copy, and never makes recovery look faster', async () => {
    const drill = drillOf('1'.repeat(20), { startedAt: '2026-11-20T13:00:00.000Z' });
    const first = await restore({ drill, source: await source() });
    expect(first.startedAt > drill.startedAt).toBe(true);
    expect(await restore({ drill, source: await source() })).toEqual({
      startedAt: drill.startedAt,
      instance: drill.names.instance,
    });
  });

  test('adopts nothing that another drill made', async () => {
    const drill = drillOf('2'.repeat(20));
    await restore({ drill, source: await source() });
    const error = await rejection(restore({ drill: { ...drill, id: 'another' }, source: await source() }));
    expect(error.name).toBe('NameTaken');
  });
});

describe('Is it ready?', () => {
  const seconds = (ago: number) => new Date(Date.now() - ago * 1000).toISOString();
  const absent = (ago: number, more: object = {}, state: Partial<DrillState> = {}) => {
    const drill = drillOf('3'.repeat(20), more);
    return ready({ drill, restore: { startedAt: seconds(ago), instance: drill.names.instance }, ...state });
  };

  test('sleeps through most of what the last restore took, then asks at every poll, never past the limit', async () => {
    expect((await absent(0, { lastRestoreSeconds: 50 })).waitSeconds).toBe(40);
    expect((await absent(35, { lastRestoreSeconds: 50 })).waitSeconds).toBe(5);
    expect((await absent(45, { lastRestoreSeconds: 50 })).waitSeconds).toBe(1);
    expect((await absent(0)).waitSeconds).toBe(1);
    expect((await absent(50, { lastRestoreSeconds: 9_999 })).waitSeconds).toBeLessThanOrEqual(11);
    expect((await absent(0, { lastRestoreSeconds: null })).waitSeconds).toBeGreaterThan(0);
  });

  test.each([
    ['the RTO objective', { rtoSeconds: 20 }, 21],
    ['the patience for a restore', {}, 61],
  ])('is not available in time past %s', async (which, more, ago) => {
    expect(await rejection(absent(ago, more))).toMatchObject({
      name: 'NotAvailableInTime',
      message: expect.stringContaining(which),
    });
  });

  test('a copy that was seen and is gone was removed by somebody: that says nothing of the backup', async () => {
    const before = await absent(0);
    expect((await absent(1, {}, { instance: before })).ready).toBe(false);
    const seen = { ...before, status: 'creating' };
    expect((await rejection(absent(1, {}, { instance: seen }))).name).toBe('RestoreInterrupted');
  });

  test('so does one that is being deleted', async () => {
    const state = await restored('4'.repeat(20));
    await site.rds.send(
      new DeleteDBInstanceCommand({ DBInstanceIdentifier: state.drill.names.instance, SkipFinalSnapshot: true }),
    );
    expect((await rejection(ready(state))).name).toBe('RestoreInterrupted');
  });
});

describe('Open access', () => {
  const stored = async (name: string) =>
    JSON.parse((await site.secrets.send(new GetSecretValueCommand({ SecretId: name }))).SecretString ?? '{}');

  test('killed after any of its calls and repeated, it sets one password and never another', async () => {
    const state = await restored('5'.repeat(20));
    const first = await access(state);
    expect(first).toMatchObject({ open: false, requested: true });
    const { password } = await stored(state.drill.names.secret);
    // RDS takes no second change at once: the answer says so, and the next round asks again.
    await until(
      () => access(state),
      ({ requested }) => requested,
    );
    expect(await stored(state.drill.names.secret)).toEqual({ username: state.instance.masterUsername, password });
    const opened = await until(
      () => access({ ...state, access: first }),
      ({ open }) => open,
    );
    expect(opened.openedAt).toBeDefined();
    const { passwords } = site.engine.restored.at(-1)!;
    expect(new Set(passwords)).toEqual(new Set([password]));
    expect(JSON.stringify([first, opened])).not.toContain(password);
  });

  test('gives up after its patience', async () => {
    const state = await restored('6'.repeat(20));
    const startedAt = new Date(Date.now() - 6000).toISOString();
    const facts = { open: false, requested: true, waitSeconds: 1, startedAt };
    expect((await rejection(access({ ...state, access: facts }))).name).toBe('AccessNotOpened');
  });
});
