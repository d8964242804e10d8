import { silent } from '../../../lambda/monitoring/messages/alarm/unmeasured';
import { hashOf } from '../../../lambda/monitoring/messages/hash';
import type { Message } from '../../../lambda/monitoring/messages/message';
import type { AlertTopics } from '../../../lambda/monitoring/messages/topic';
import { keys } from '../../../lambda/shared/keys';
import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { METRICS } from '../../../lib/private/metrics';
import { rejection } from '../../rehearsal/aws/support';
import { published } from '../published';
import {
  ago,
  AWAY,
  DAY,
  dbArn,
  definitionOf,
  HOME,
  keyArn,
  openAccount,
  pointOf,
  resourceOf,
  SOURCES,
  TOPICS,
  vaultArn,
  type WatchedAccount,
} from './watched-account';

let site: WatchedAccount;
let send: (message: Message, alerts: AlertTopics) => Promise<boolean>;
let monitor: (input: MonitorDefinition) => Promise<void>;
beforeAll(async () => {
  site = await openAccount();
  ({ send } = await import('../../../lambda/monitoring/messages/send'));
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
  for (const identifier of ['orders', 'payments', 'users']) await site.adopt(identifier);
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.forget();
  site.backup.forget(() => true);
  site.backupAway.forget(() => true);
  delete site.faults.throttle;
});

const run = async (definition: MonitorDefinition) => {
  const { metrics, answer } = await published(() =>
    monitor(definition).then(
      () => undefined,
      (error: Error) => error,
    ),
  );
  return {
    error: answer,
    ratio: (name = 'Gold/Orders') => metrics.find((one) => one.Resource === name)?.[METRICS.restorableAgeRatio],
    drill: (name = 'Gold/Orders') => metrics.find((one) => one.Resource === name)?.[METRICS.drillAgeRatio],
    metrics,
  };
};
const ok = async (definition: MonitorDefinition) => {
  const answer = await run(definition);
  expect(answer.error).toBeUndefined();
  return answer;
};

test('a healthy database is as old as its newest source, and the report says which', async () => {
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(DAY / 2), 35));
  const { ratio } = await ok(definitionOf([SOURCES.pointInTime, SOURCES.snapshot, SOURCES.daily]));
  expect(ratio()).toBeCloseTo(DAY / 2 / (26 * 3600), 2);
  const report = await site.report();
  expect(report).toMatchObject({ site: 'acme', shard: 'Gold', region: HOME, findings: [], troubles: [] });
  expect(report.fullAt).toBe(report.at);
  expect(report.settingsAt).toBe(report.at);
  const { restorable, sources, encryptionKey, status } = resourceOf(report);
  expect(restorable).toMatchObject({ of: 'daily recovery points', cause: 'Gold/Orders', allowedSeconds: 26 * 3600 });
  expect(sources.map(({ name, newest }) => [name, newest !== undefined])).toEqual([
    ['point in time', true],
    ['automated snapshots', true],
    ['daily recovery points', true],
  ]);
  expect({ encryptionKey, status }).toEqual({ encryptionKey: keyArn('orders'), status: 'available' });
});

test('namespace and dimensions are exactly those of the alarms', async () => {
  await site.state.put(keys.lastPassed('Gold/Orders'), { drillId: 'x', at: ago(DAY / 4) });
  const definition = definitionOf([SOURCES.pointInTime], {
    resources: [{ name: 'Gold/Orders', kind: 'db-instance', identifier: 'orders', profile: 0, provenSeconds: DAY }],
  });
  const { metrics } = await ok(definition);
  expect(metrics).toHaveLength(1);
  expect(metrics[0]).toMatchObject({ Site: 'acme', Resource: 'Gold/Orders', of: 'point in time' });
  expect((metrics[0]._aws as { CloudWatchMetrics: unknown }).CloudWatchMetrics).toEqual([
    {
      Namespace: METRICS.namespace,
      Dimensions: [['Site', 'Resource']],
      Metrics: [
        { Name: METRICS.restorableAgeRatio, Unit: 'None' },
        { Name: METRICS.drillAgeRatio, Unit: 'None' },
      ],
    },
  ]);
});

test('between full runs points in time alone are asked, and everything else grows older', async () => {
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(DAY / 2), 35));
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.daily]);
  await ok(definition);
  const first = await site.report();
  const calls = site.aws.calls.length;
  await ok(definition);
  expect(site.callsSince(calls)).toEqual(['GetObject', 'DescribeDBInstances', 'PutObject']);
  const second = await site.report();
  expect(second.fullAt).toBe(first.fullAt);
  const [before, after] = [first, second].map((report) => resourceOf(report).sources[1]);
  expect(after.newest).toBe(before.newest);
  expect(after.ageSeconds).toBeGreaterThan(before.ageSeconds);
  expect(after.lookedAt).toBe(before.lookedAt);
});

test('an hour later everything is asked again, and once a day how things are set', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.daily]);
  await ok(definition);
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  let calls = site.aws.calls.length;
  await ok(definition);
  expect(site.callsSince(calls)).toContain('ListRecoveryPointsByBackupVault');
  expect(site.callsSince(calls)).not.toContain('DescribeKey');
  await site.rewrite((report) => ({ ...report, settingsAt: ago(DAY) }));
  calls = site.aws.calls.length;
  await ok(definition);
  expect(site.callsSince(calls)).toEqual(expect.arrayContaining(['DescribeBackupVault', 'DescribeKey']));
});

test('nothing is called late before AWS was asked whether it is', async () => {
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: 2 * DAY } });
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(26 * 3600 - 60), 35));
  await ok(definition);
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(600), 35));
  expect((await ok(definition)).ratio()).toBeCloseTo(1, 2);
  // As if five minutes had passed since.
  await site.rewrite((report) => ({ ...report, at: ago(300) }));
  expect((await ok(definition)).ratio()).toBeLessThan(0.1);
  site.backup.forget(() => true);
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(27 * 3600), 35));
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  await ok(definition);
  const calls = site.aws.calls.length;
  expect((await ok(definition)).ratio()).toBeGreaterThan(1);
  expect(site.callsSince(calls)).not.toContain('ListRecoveryPointsByBackupVault');
});

test('before its first backup a database ages from when it was first seen', async () => {
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: DAY } });
  expect((await ok(definition)).ratio()).toBeCloseTo(0, 2);
  const earlier = ago(27 * 3600);
  await site.rewrite((report) => ({
    ...report,
    resources: report.resources.map((one) => ({
      ...one,
      since: earlier,
      resourceIdSince: earlier,
      sources: one.sources.map((source) => ({ ...source, since: earlier })),
    })),
  }));
  expect((await ok(definition)).ratio()).toBeGreaterThan(1);
});

test('a tier counts what is kept as long as it says, and complete', async () => {
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(3 * 3600), 7));
  site.backup.keep({ ...pointOf(dbArn('orders'), 'home', ago(3600), 35), status: 'PARTIAL' });
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(20 * 3600)));
  const weekly = { ...SOURCES.daily, name: 'weekly recovery points', retentionDays: 7, allowedSeconds: 8 * DAY };
  await ok(definitionOf([SOURCES.daily, weekly]));
  const { sources } = resourceOf(await site.report());
  expect(sources.map(({ ageSeconds }) => Math.round(ageSeconds / 3600))).toEqual([20, 3]);
});

test('one database without backup is late, however many others are not', async () => {
  const resources = ['Orders', 'Payments', 'Users'].map((name) => ({
    ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: name.toLowerCase(), profile: 0 },
  }));
  for (const name of ['orders', 'users']) site.backup.keep(pointOf(dbArn(name), 'home', ago(3600), 35));
  site.backup.keep(pointOf(dbArn('payments'), 'home', ago(27 * 3600), 35));
  const { ratio } = await ok(definitionOf([SOURCES.daily], { resources, profile: { rpoSeconds: 2 * DAY } }));
  expect(['Gold/Orders', 'Gold/Users'].map((name) => Number(ratio(name)) < 0.1)).toEqual([true, true]);
  expect(ratio('Gold/Payments')).toBeCloseTo(27 / 26, 1);
  expect(resourceOf(await site.report(), 'Gold/Payments').restorable?.cause).toBe('Gold/Payments');
  site.backup.forget(({ resourceArn }) => resourceArn === dbArn('users'));
  site.backup.keep(pointOf(dbArn('users'), 'home', ago(28 * 3600), 35));
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  await ok(definitionOf([SOURCES.daily], { resources, profile: { rpoSeconds: 2 * DAY } }));
  const report = await site.report();
  const causes = ['Gold/Payments', 'Gold/Users'].map((name) => resourceOf(report, name).restorable?.cause);
  expect(causes).toEqual([`vault ${vaultArn('home')}`, `vault ${vaultArn('home')}`]);
});

test('what is late is told though silence had raised the only alarm, which stays raised', async () => {
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: 2 * DAY } });
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(DAY), 35));
  await ok(definition);
  const raised = keys.raised(hashOf('acme', 'RestorableAgeRatio', 'Gold/Orders'));
  const view = { site: 'acme', region: HOME, prefix: '', restoreRoles: [], now: ago(0) };
  const stale = { ...(await site.report()), at: ago(7200) };
  const message = silent({ ...view, reports: [stale] }, stale, 'Gold/Orders', ago(7000));
  await send(message, TOPICS);
  await site.state.put(raised, { at: ago(7000), notices: [{ message, audiences: [TOPICS] }] });
  const before = site.sns.published.length;
  const told = () => site.sns.published.slice(before).map(({ subject }) => subject);

  await site.rewrite((report) => ({ ...report, fullAt: ago(DAY) }));
  await ok(definition);
  expect(told()).toEqual([]);

  site.backup.forget(() => true);
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(27 * 3600), 35));
  for (const _ of ['once', 'and not again']) {
    await site.rewrite((report) => ({ ...report, fullAt: ago(DAY) }));
    await ok(definition);
  }
  expect(told()).toEqual([
    expect.stringContaining('[over] Gold/Orders: nobody measures any more'),
    expect.stringContaining('[page] Gold/Orders: daily recovery points 27 hours old'),
  ]);
  await site.state.delete(raised);
});

test('recovery points that somebody removes are noticed within the hour', async () => {
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(90 * 3600), 35));
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(3600), 35));
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: 2 * DAY } });
  expect((await ok(definition)).ratio()).toBeLessThan(0.1);
  site.backup.forget(({ createdAt }) => createdAt > new Date(ago(2 * 3600)));
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  expect((await ok(definition)).ratio()).toBeCloseTo(90 / 26, 1);
});

test('an old recovery point that somebody removes is noticed within a day, though a finding is open all the time', async () => {
  const sources = [{ ...SOURCES.daily, name: 'monthly recovery points', allowedSeconds: 32 * DAY }];
  const definition = definitionOf(sources, { profile: { rpoSeconds: 40 * DAY } });
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(20 * DAY), 35));
  site.optIn.RDS = false;
  await ok(definition);
  expect((await site.report()).findings).toMatchObject([{ id: 'opt-in-off' }]);
  site.backup.forget(() => true);
  const hourLater = (deepAt?: object) => site.rewrite((report) => ({ ...report, fullAt: ago(3600), ...deepAt }));
  await hourLater();
  expect((await ok(definition)).ratio()).toBeCloseTo(20 / 32, 1);
  expect((await site.report()).settingsAt).toBe((await site.report()).at);
  await hourLater({ deepAt: ago(DAY) });
  await ok(definition);
  expect(resourceOf(await site.report()).sources[0].newest).toBeUndefined();
  site.optIn.RDS = true;
});

test('copies and replicated backups are looked at where they are', async () => {
  site.backupAway.keep(pointOf(dbArn('orders'), 'away', ago(3 * 3600), 35));
  site.rdsAway.keepBackups({
    ...{ identifier: 'orders', instanceArn: dbArn('orders'), region: HOME, status: 'active' },
    dbiResourceId: 'unknown before the first look',
    latest: new Date(ago(600)),
    earliest: new Date(ago(DAY)),
    kmsKeyId: keyArn('replica', AWAY),
  });
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.copies, SOURCES.replicated], {
    profile: { regionLossRpoSeconds: 3600 },
  });
  await ok(definition);
  const own = resourceOf(await site.report()).resourceId!;
  site.rdsAway.keepBackups({
    ...{ identifier: 'orders', instanceArn: dbArn('orders'), region: HOME, status: 'active', dbiResourceId: own },
    latest: new Date(ago(600)),
    earliest: new Date(ago(DAY)),
    kmsKeyId: keyArn('replica', AWAY),
  });
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  const { ratio } = await ok(definition);
  expect(ratio()).toBeCloseTo(0.5, 1);
  const { sources, restorable } = resourceOf(await site.report());
  expect(restorable).toMatchObject({ of: `point in time in ${AWAY}` });
  expect(sources.map(({ region, ageSeconds }) => [region, Math.round(ageSeconds / 600)])).toEqual([
    [undefined, expect.any(Number)],
    [AWAY, 18],
    [AWAY, 1],
  ]);
  const calls = site.aws.calls.filter(({ region }) => region === AWAY);
  expect(new Set(calls.map(({ operation }) => operation))).toEqual(
    new Set([
      'DescribeDBInstanceAutomatedBackups',
      'ListRecoveryPointsByBackupVault',
      'DescribeBackupVault',
      'DescribeKey',
      'GetKeyPolicy',
    ]),
  );
});

test('what is replicated may be minutes old, and is asked for in every run', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.copies, SOURCES.replicated]);
  await ok(definition);
  const dbiResourceId = resourceOf(await site.report()).resourceId!;
  const keep = (latest: string) =>
    site.rdsAway.keepBackups({
      ...{ identifier: 'orders', instanceArn: dbArn('orders'), region: HOME, status: 'active', dbiResourceId },
      ...{ latest: new Date(latest), earliest: new Date(ago(DAY)) },
    });
  for (const seconds of [600, 300]) {
    keep(ago(seconds));
    const calls = site.aws.calls.length;
    await ok(definition);
    expect(site.callsSince(calls)).toEqual([
      'GetObject',
      'DescribeDBInstances',
      'DescribeDBInstanceAutomatedBackups',
      'PutObject',
    ]);
    const { ageSeconds } = resourceOf(await site.report()).sources[2];
    expect(Math.abs(ageSeconds - seconds)).toBeLessThan(60);
  }
  site.rdsAway.forgetBackups(dbArn('orders'));
});

test('the loss of the Region is judged by what is elsewhere alone', async () => {
  site.backupAway.keep(pointOf(dbArn('orders'), 'away', ago(27 * 3600), 35));
  const profile = { regionLossRpoSeconds: DAY };
  await ok(definitionOf([SOURCES.pointInTime, SOURCES.copies], { profile }));
  expect(resourceOf(await site.report()).restorable).toMatchObject({ of: 'regionLossRpo', allowedSeconds: DAY });
});

test('copies in another account are seen by their jobs', async () => {
  const vault = vaultArn('safe', AWAY, '444455556666');
  const job = { id: 'A', from: 'x', fromVaultArn: vaultArn('home'), resourceArn: dbArn('orders'), roleArn: 'r' };
  const times = { createdAt: new Date(ago(7200)), completedAt: new Date(ago(3600)) };
  site.backup.noteCopyJob({ ...job, ...times, vaultArn: vault, deleteAfterDays: 35, state: 'COMPLETED' });
  site.backup.noteCopyJob({ ...job, ...times, vaultArn: vault, createdAt: new Date(), state: 'FAILED' });
  await ok(
    definitionOf([{ ...SOURCES.copies, vaultArn: vault, otherAccount: true }], { profile: { rpoSeconds: DAY } }),
  );
  expect(resourceOf(await site.report()).sources[0].ageSeconds / 3600).toBeCloseTo(2, 1);
});

test('what synthesis does not know of counts once it has been seen', async () => {
  await site.adopt('bare', { backupRetentionPeriod: 0 });
  const resources = [{ name: 'Gold/Bare', kind: 'db-instance' as const, identifier: 'bare', profile: 0 }];
  const unknown = { ...SOURCES.pointInTime, known: false };
  await ok(definitionOf([unknown], { resources, profile: { rpoSeconds: DAY } }));
  const { sources, restorable } = resourceOf(await site.report(), 'Gold/Bare');
  expect(sources).toEqual([]);
  expect(restorable).toMatchObject({ of: 'rpo', ratio: 0 });
});

test('before its first drill a resource ages from when it was first seen, and a passed drill proves it again', async () => {
  const drilled = (name: string) =>
    definitionOf([SOURCES.pointInTime], {
      resources: [{ name, kind: 'db-instance', identifier: 'orders', profile: 0, provenSeconds: DAY }],
    });
  expect((await ok(drilled('Gold/New'))).drill('Gold/New')).toBeCloseTo(0, 2);
  await site.state.put(keys.firstSeen('Gold/Old'), { at: ago(2 * DAY) });
  expect((await ok(drilled('Gold/Old'))).drill('Gold/Old')).toBeCloseTo(2, 2);
  await site.state.put(keys.lastPassed('Gold/Old'), { drillId: 'x', at: ago(DAY / 4) });
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  expect((await ok(drilled('Gold/Old'))).drill('Gold/Old')).toBeCloseTo(0.25, 2);
  expect((await ok(drilled('Gold/Old'))).drill('Gold/Old')).toBeUndefined();
  expect(resourceOf(await site.report(), 'Gold/Old').proven?.ratio).toBeCloseTo(0.25, 2);
});

test('a resource of which copies alone are drilled here is proven, and nothing else', async () => {
  const resources = [{ name: 'Gold/Far', kind: 'db-instance' as const, identifier: 'far', provenSeconds: DAY }];
  const { ratio, drill } = await ok(definitionOf([SOURCES.pointInTime], { resources }));
  expect([ratio('Gold/Far'), drill('Gold/Far')]).toEqual([undefined, expect.closeTo(0, 2)]);
  expect(resourceOf(await site.report(), 'Gold/Far')).toMatchObject({ objectives: null, sources: [], findings: [] });
});

test('one drill that cannot be read silences nothing else, and fails the run', async () => {
  await site.state.putText(keys.lastPassed('Gold/Orders'), '{"at', 'application/json');
  const resources = ['Orders', 'Users'].map((name) => ({
    ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: name.toLowerCase(), profile: 0 },
    provenSeconds: DAY,
  }));
  const { error, drill, ratio } = await run(definitionOf([SOURCES.pointInTime], { resources }));
  expect(error).toMatchObject({ name: 'NotMeasured', message: expect.stringContaining('last drill of Gold/Orders') });
  expect([drill(), drill('Gold/Users'), ratio()]).toEqual([undefined, expect.any(Number), expect.any(Number)]);
  await site.state.delete(keys.lastPassed('Gold/Orders'));
});

test('the age of each source is a metric where somebody asks for it', async () => {
  const { metrics } = await ok(definitionOf([SOURCES.pointInTime, SOURCES.replicated], { sourceMetrics: true }));
  expect(metrics[0]).toMatchObject({
    PointInTimeAge: expect.any(Number),
    PointInTimeInEuCentral1Age: expect.any(Number),
  });
});

test('two shards keep apart', async () => {
  const second = {
    shard: 'Gold-2',
    resources: [{ name: 'Gold/Users', kind: 'db-instance' as const, identifier: 'users', profile: 0 }],
  };
  await Promise.all([ok(definitionOf([SOURCES.pointInTime])), ok(definitionOf([SOURCES.pointInTime], second))]);
  expect((await site.report()).resources.map(({ name }) => name)).toEqual(['Gold/Orders']);
  expect((await site.report('Gold-2')).resources.map(({ name }) => name)).toEqual(['Gold/Users']);
});

test('a definition of an older plan is refused in words', async () => {
  const error = await rejection(monitor({ resources: [] } as unknown as MonitorDefinition));
  expect(error).toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining('deploy its plan again') });
});
