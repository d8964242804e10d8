import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { keys } from '../../../lambda/shared/keys';
import { rdsEvent } from '../../lib/monitoring/events';
import { alarm } from './notify/alarms';
import { published } from '../published';
import {
  ago,
  DAY,
  dbArn,
  definitionOf,
  openAccount,
  pointOf,
  resourceOf,
  SOURCES,
  vaultArn,
  type WatchedAccount,
} from './watched-account';

/** Monitor, alarms and messages together: what people were told stands for as long as something of it does. */

let site: WatchedAccount;
let monitor: (input: MonitorDefinition) => Promise<void>;
let notify: (event: unknown) => Promise<{ told: number }>;
beforeAll(async () => {
  site = await openAccount();
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
  ({ handler: notify } = await import('../../../lambda/monitoring/notify/handler'));
  await site.adopt('orders', { tags: [{ Key: 'tier', Value: 'gold' }] });
  await site.adopt('users', { tags: [{ Key: 'tier', Value: 'gold' }] });
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.forget();
  for (const key of await site.state.list('messages/')) await site.state.delete(key);
  site.backup.forget(() => true);
  site.sns.published.length = 0;
});

const VAULT = `vault ${vaultArn('home')}`;
const database = (name: string) => ({
  ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: name.toLowerCase(), profile: 0 },
});
const both = definitionOf([SOURCES.daily], {
  ...{ resources: ['Orders', 'Users'].map(database), profile: { rpoSeconds: 30 * DAY } },
});
const backedUp = (identifier: string, hours: number) =>
  site.backup.keep(pointOf(dbArn(identifier), 'home', ago(hours * 3600), 35));
/** A run in which everything is asked. */
async function look(definition = both): Promise<void> {
  await site.rewrite((report) => ({ ...report, fullAt: ago(DAY) }), definition.shard).catch(() => undefined);
  await published(() => monitor(definition));
}
let changes = 0;
/** CloudWatch calls for a change, each later than the one before. */
async function turns(state: 'ALARM' | 'OK', name: string, points = state === 'ALARM' ? [2] : [0.1]): Promise<void> {
  const at = new Date(Date.parse('2026-11-20T12:00:00Z') + ++changes * 60_000).toISOString();
  await notify(alarm({ resource: `Gold/${name}`, state, points, at }));
}
const told = () => site.sns.published.map(({ subject }) => subject);

test('of two that are late in a vault the last one’s end is the end', async () => {
  for (const one of ['orders', 'users']) backedUp(one, 27);
  await look();
  await turns('ALARM', 'Orders');
  await turns('ALARM', 'Users');
  backedUp('users', 1);
  await look();
  expect(resourceOf(await site.report()).restorable?.cause).toBe(VAULT);
  await turns('OK', 'Users');
  expect(told()).toEqual([expect.stringMatching(/^\[page\] Gold.* and 1 more: daily recovery points 27 hours old/)]);
  backedUp('orders', 1);
  await look();
  await turns('OK', 'Orders');
  expect(told().slice(1)).toEqual([expect.stringMatching(/^\[over\] Gold.* and 1 more: daily recovery points/)]);
});

test('what is late for another cause than people were told is told anew, and the old cause ends', async () => {
  backedUp('orders', 27);
  backedUp('users', 25);
  await look();
  await turns('ALARM', 'Orders');
  site.backup.forget(({ resourceArn }) => resourceArn === dbArn('users'));
  backedUp('users', 28);
  await look();
  await turns('ALARM', 'Users');
  expect(told()).toEqual([
    '[page] Gold/Orders: daily recovery points 27 hours old',
    '[over] Gold/Orders: daily recovery points 27 hours old',
    '[page] Gold/Users and 1 more: daily recovery points 28 hours old',
  ]);
  for (const one of ['orders', 'users']) backedUp(one, 1);
  await look();
  await turns('OK', 'Users');
  await turns('OK', 'Orders');
  expect(told().slice(3)).toEqual(['[over] Gold/Users and 1 more: daily recovery points 28 hours old']);
});

test('a vault that is there again and empty is not over', async () => {
  const one = definitionOf([SOURCES.daily], { profile: { rpoSeconds: 30 * DAY } });
  backedUp('orders', 27);
  await look(one);
  site.backup.removeVault('home');
  site.backup.forget(() => true);
  await site.rewrite((report) => ({ ...report, settingsAt: ago(DAY) }));
  await look(one);
  expect(told()).toEqual([expect.stringMatching(/^\[page\] Gold\/Orders: /)]);
  await turns('ALARM', 'Orders');
  site.backup.makeVaultAgain('home');
  // What never was is as old as the first look for it.
  await site.rewrite((report) => ({
    ...report,
    resources: report.resources.map((each) => ({
      ...each,
      ...{ since: ago(2 * DAY), resourceIdSince: ago(2 * DAY) },
      sources: each.sources.map(({ newest: _, ...source }) => ({ ...source, since: ago(2 * DAY) })),
    })),
  }));
  await look(one);
  const report = await site.report();
  expect(report.findings).toEqual([]);
  expect(resourceOf(report).restorable).toMatchObject({ cause: VAULT, of: 'daily recovery points' });
  await look(one);
  expect(told()).toHaveLength(1);
  backedUp('orders', 1);
  await look(one);
  await turns('OK', 'Orders');
  expect(told().slice(1)).toEqual([expect.stringMatching(/^\[over\] Gold\/Orders: /)]);
  expect((await site.report()).unsaid).toBeUndefined();
});

test('backups that are on again are not over before one of them is there', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  await look(definition);
  site.rds.change('orders', { backupRetentionPeriod: 0, latestRestorableTime: undefined });
  await look(definition);
  expect(told()).toEqual(['[page] Gold/Orders: automated backups are off']);
  site.rds.change('orders', { backupRetentionPeriod: 7, latestRestorableTime: new Date(ago(2 * 3600)) });
  await look(definition);
  const { findings, restorable } = resourceOf(await site.report());
  expect(findings).toEqual([]);
  expect(restorable!.ratio).toBeGreaterThan(1);
  expect(told()).toHaveLength(1);
  // No alarm was raised meanwhile that could end it.
  await site.rds.archiveNow('orders');
  await look(definition);
  expect(told().slice(1)).toEqual(['[over] Gold/Orders: automated backups are off']);
  expect((await site.report()).unsaid).toBeUndefined();
});

test('automated backups that were off between two runs hide no breach that comes later', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  site.rds.change('orders', { latestRestorableTime: new Date() });
  await look(definition);
  await notify(rdsEvent('RDS-EVENT-0028', 'orders'));
  expect(told()).toEqual(['[page] Gold/Orders: automated backups are off']);
  // They are on again before anybody looks.
  await look(definition);
  expect(told()).toHaveLength(1);
  site.rds.change('orders', { latestRestorableTime: new Date(ago(3600)) });
  await look(definition);
  await turns('ALARM', 'Orders');
  expect(told().slice(1)).toEqual(['[page] Gold/Orders: point in time 60 minutes old']);
  site.rds.change('orders', { latestRestorableTime: new Date() });
  await look(definition);
  await turns('OK', 'Orders');
  expect(told().slice(2)).toEqual(['[over] Gold/Orders: point in time 60 minutes old']);
});

test('an alarm that is over ends nothing that is found under its cause', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.daily], { profile: { rpoSeconds: 30 * DAY } });
  backedUp('orders', 27);
  await look(definition);
  await turns('ALARM', 'Orders');
  backedUp('orders', 1);
  site.rds.change('orders', { backupRetentionPeriod: 0 });
  await look(definition);
  expect(resourceOf(await site.report())).toMatchObject({ findings: [{ id: 'automated-backups-off' }] });
  await turns('OK', 'Orders');
  expect(told()).toHaveLength(1);
  site.rds.change('orders', { backupRetentionPeriod: 7 });
  await site.rds.archiveNow('orders');
  await look(definition);
  expect(told().slice(1)).toEqual(['[over] Gold/Orders: automated backups are off']);
});

test('behind one late database with a tag no other is silent', async () => {
  const definition = definitionOf([SOURCES.pointInTime], {
    ...{ resources: [], tagged: [{ name: 'Gold/Tier', key: 'tier', value: 'gold', profile: 0 }] },
  });
  const last = (identifier: string, hours: number) =>
    site.rds.change(identifier, { latestRestorableTime: new Date(ago(hours * 3600)) });
  last('orders', 4);
  last('users', 0);
  await look(definition);
  await turns('ALARM', 'Tier');
  expect(told()).toEqual(['[page] Gold/orders: point in time 4 hours old']);
  // The alarm stays as it is, and a run between two full ones sees it.
  last('users', 2);
  await published(() => monitor(definition));
  await look(definition);
  expect(told().slice(1)).toEqual(['[page] Gold/users: point in time 2 hours old']);
  last('users', 0);
  await look(definition);
  expect(told().slice(2)).toEqual(['[over] Gold/users: point in time 2 hours old']);
  last('users', 3);
  last('orders', 0);
  await look(definition);
  last('users', 0);
  await look(definition);
  await turns('OK', 'Tier');
  expect(told().slice(3)).toEqual([
    '[over] Gold/orders: point in time 4 hours old',
    '[page] Gold/users: point in time 3 hours old',
    '[over] Gold/users: point in time 3 hours old',
  ]);
  for (const [state, ...late] of [['ALARM', 'orders', 'users'], ['OK']] as const) {
    for (const one of ['orders', 'users']) last(one, 0);
    for (const one of late) last(one, 2);
    await look(definition);
    await turns(state, 'Tier');
  }
  expect(told().slice(6).sort()).toEqual(
    ['over', 'page'].flatMap((word) =>
      ['orders', 'users'].map((one) => `[${word}] Gold/${one}: point in time 2 hours old`),
    ),
  );
});

test('silence of two shards is over when both are measured again', async () => {
  const shards = ['Orders', 'Users'].map((name, i) =>
    definitionOf([SOURCES.daily], {
      ...{ shard: ['Gold', 'Gold-2'][i], resources: [database(name)], profile: { rpoSeconds: 30 * DAY } },
    }),
  );
  for (const one of ['orders', 'users']) backedUp(one, 1);
  for (const shard of shards) await look(shard);
  for (const { shard } of shards) await site.rewrite((report) => ({ ...report, at: ago(7200) }), shard);
  for (const name of ['Orders', 'Users']) await turns('ALARM', name, []);
  expect(told()).toEqual([expect.stringMatching(/^\[page\] Gold.* and 1 more: nobody measures any more/)]);
  site.backup.forget(() => true);
  for (const one of ['orders', 'users']) backedUp(one, 27);
  await look(shards[0]);
  expect(told().slice(1)).toEqual(['[page] Gold/Orders: daily recovery points 27 hours old']);
  await look(shards[1]);
  expect(told().slice(2)).toEqual([
    expect.stringMatching(/^\[over\] Gold.* and 1 more: nobody measures any more/),
    '[page] Gold/Users: daily recovery points 27 hours old',
  ]);
  await site.state.delete(keys.report('Gold-2'));
});
