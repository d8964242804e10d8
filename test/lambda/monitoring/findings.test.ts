import type { MonitorDefinition, MonitorReport } from '../../../lib/private/contract/monitoring';
import { published } from '../published';
import {
  ago,
  AWAY,
  clusterArn,
  DAY,
  dbArn,
  definitionOf,
  delegating,
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
let monitor: (input: MonitorDefinition) => Promise<void>;
beforeAll(async () => {
  site = await openAccount({ quota: { instances: 4, clusters: 100 } });
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
  await site.adopt('orders', { tags: [{ Key: 'team', Value: 'payments' }] });
});
afterAll(() => site.close());
beforeEach(() => site.forget());

const run = (definition: MonitorDefinition) => published(() => monitor(definition));
/** An hour later: everything is asked, and settings if there is a finding of them. */
const later = (changes: Partial<MonitorReport> = {}) =>
  site.rewrite((report) => ({ ...report, fullAt: ago(3600), settingsAt: ago(DAY), ...changes }));
const ids = (report: MonitorReport) => [
  ...report.findings.map(({ id }) => id),
  ...report.resources.flatMap(({ findings }) => findings.map(({ id }) => id)),
];
/** What was published since: topic and headline. */
const said = (since: number) =>
  site.sns.published.slice(since).map(({ topic, subject }) => `${topic.split(':').at(-1)} ${subject}`);

async function appears(definition: MonitorDefinition, change: () => unknown, expected: object) {
  await run(definition);
  expect(ids(await site.report())).toEqual([]);
  await change();
  await later();
  const before = site.sns.published.length;
  await run(definition);
  const report = await site.report();
  const found = [...report.findings, ...report.resources.flatMap(({ findings }) => findings)];
  expect(found).toMatchObject([expected]);
  const [finding] = found;
  for (const text of [finding.what, finding.means, finding.nextStep]) expect(text).toMatch(/^[A-Z0-9].*\.$/s);
  await run(definition);
  const [again] = [...(await site.report()).findings, ...resourceOf(await site.report()).findings];
  expect(again.since).toBe(finding.since);
  return { report, finding, said: said(before) };
}

async function ends(definition: MonitorDefinition, change: () => unknown) {
  await change();
  await later();
  const before = site.sns.published.length;
  await run(definition);
  expect(ids(await site.report())).toEqual([]);
  return said(before);
}

test('automated backups that are off page, once, and are told to be over', async () => {
  const definition = definitionOf([SOURCES.pointInTime], { profile: { retentionDays: 7 } });
  const off = () => site.rds.change('orders', { backupRetentionPeriod: 0, latestRestorableTime: undefined });
  const { finding, said } = await appears(definition, off, { id: 'automated-backups-off', severity: 'page' });
  expect(finding.cause).toBe('Gold/Orders');
  expect(finding.nextStep).toContain('--db-instance-identifier orders --backup-retention-period 7');
  expect(said).toEqual([expect.stringMatching(/^page .*Gold\/Orders: automated backups are off/)]);
  const over = await ends(definition, async () => {
    site.rds.change('orders', { backupRetentionPeriod: 7 });
    await site.rds.archiveNow('orders');
  });
  expect(over).toEqual([expect.stringMatching(/^page .*Gold\/Orders/)]);
});

test('a lowered retention is a ticket, against what is declared or what was first seen', async () => {
  const seven = () => site.rds.change('orders', { backupRetentionPeriod: 7 });
  const three = () => site.rds.change('orders', { backupRetentionPeriod: 3 });
  const declared = definitionOf([SOURCES.pointInTime], { profile: { retentionDays: 7 } });
  const { said } = await appears(declared, three, {
    ...{ id: 'retention-lowered', severity: 'ticket' },
    what: 'Automated backups of Gold/Orders are kept 3 days, not 7 days.',
  });
  expect(said).toEqual([expect.stringMatching(/^ticket /)]);
  await ends(declared, seven);
  await site.forget();
  await appears(definitionOf([SOURCES.pointInTime]), three, { id: 'retention-lowered' });
  await ends(definitionOf([SOURCES.pointInTime]), seven);
});

test('another database under the same name begins its history anew', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.snapshot]);
  const { finding, report } = await appears(
    definition,
    () => site.rds.change('orders', { dbiResourceId: 'db-GREEN' }),
    {
      ...{ id: 'window-short', severity: 'ticket', what: expect.stringContaining('another database than before') },
    },
  );
  expect(finding.nextStep).toContain('blue/green');
  const { resourceId, resourceIdSince, since, sources } = resourceOf(report);
  expect(resourceId).toBe('db-GREEN');
  expect(resourceIdSince! > since).toBe(true);
  expect(sources[1].newest).toBeUndefined();
  await ends(definition, () =>
    later({ resources: [{ ...resourceOf(report), resourceIdSince: ago(8 * DAY), since: ago(9 * DAY) }] }),
  );
});

test('a window that shrank is told, one that has had no time to grow is not', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  await run(definition);
  await site.rewrite((report) => ({
    ...report,
    resources: report.resources.map((one) => ({
      ...one,
      ...{ since: ago(40 * DAY), resourceIdSince: ago(40 * DAY), retentionSince: ago(2 * DAY) },
    })),
  }));
  await run(definition);
  const oldest = resourceOf(await site.report()).sources[0].oldest!;
  expect(Date.now() - Date.parse(oldest)).toBeLessThan(DAY * 1000);
  expect(ids(await site.report())).toEqual(['window-short']);
  await site.rewrite((report) => ({
    ...report,
    resources: report.resources.map((one) => ({ ...one, retentionSince: ago(DAY) })),
  }));
  await run(definition);
  expect(ids(await site.report())).toEqual([]);
});

test('a database that is gone pages once it was gone twice, and never was is a ticket', async () => {
  const definition = definitionOf([SOURCES.pointInTime], {
    resources: [{ name: 'Gold/Orders', kind: 'db-instance', identifier: 'passing', profile: 0 }],
  });
  await site.adopt('passing');
  await run(definition);
  site.rds.remove('passing');
  const before = site.sns.published.length;
  await run(definition);
  expect(ids(await site.report())).toEqual([]);
  expect(resourceOf(await site.report()).restorable!.ratio).toBeLessThan(1);
  await run(definition);
  expect(resourceOf(await site.report()).findings).toMatchObject([{ id: 'resource-gone', severity: 'page' }]);
  expect(resourceOf(await site.report()).restorable).toMatchObject({ ratio: 100, cause: 'Gold/Orders' });
  expect(said(before)).toEqual([expect.stringMatching(/^page .*Gold\/Orders: it is gone/)]);

  await site.forget();
  await run(definition);
  await run(definition);
  expect(resourceOf(await site.report())).toMatchObject({
    status: 'gone',
    findings: [{ id: 'resource-gone', severity: 'ticket', cause: 'Gold/Orders resource-gone' }],
    restorable: { ratio: expect.closeTo(0, 1) },
  });
});

test('a stopped database is in the report, tells nobody, and does not grow older', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  const { said, report } = await appears(definition, () => site.rds.change('orders', { status: 'stopped' }), {
    ...{ id: 'resource-stopped', severity: 'digest' },
  });
  expect(said).toEqual([]);
  expect(resourceOf(report).stopped).toEqual([{ from: expect.any(String) }]);
  await site.rewrite((one) => ({
    ...one,
    resources: [{ ...resourceOf(one), stopped: [{ from: ago(7200) }] }],
  }));
  site.rds.change('orders', { latestRestorableTime: new Date(ago(7500)) });
  site.faults.archivingStopped = ['orders'];
  await run(definition);
  expect(resourceOf(await site.report()).restorable!.ageSeconds).toBeLessThan(400);
  delete site.faults.archivingStopped;
  await site.rds.archiveNow('orders');
  await ends(definition, () => site.rds.change('orders', { status: 'available' }));
});

test.each([
  ['Disabled', 'is disabled', 'enable-key'],
  ['PendingDeletion', 'is scheduled for deletion', 'cancel-key-deletion'],
] as const)('a key that %s blocks what is under it and pages once for all', async (state, words, command) => {
  const resources = ['Orders', 'Too'].map((name) => ({
    ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: 'orders', profile: 0 },
  }));
  const definition = definitionOf([SOURCES.pointInTime], { resources });
  await run(definition);
  site.kms.change(keyArn('orders'), { state });
  await later();
  const before = site.sns.published.length;
  await run(definition);
  const report = await site.report();
  expect(report.findings).toMatchObject([
    { id: 'key-unusable', severity: 'page', cause: `key ${keyArn('orders')}`, what: expect.stringContaining(words) },
  ]);
  expect(report.findings[0].nextStep).toContain(command);
  expect(report.resources.map(({ restorable }) => [restorable?.ratio, restorable?.cause])).toEqual(
    resources.map(() => [100, `key ${keyArn('orders')}`]),
  );
  expect(resourceOf(report).sources[0].blocked).toBe(report.findings[0].what);
  expect(said(before)).toEqual([expect.stringMatching(/^page .*Gold\/Orders and Gold\/Too: the encryption key/)]);
  // Whoever mends it sees it in the next run, however lately settings were asked.
  site.kms.change(keyArn('orders'), { state: 'Enabled' });
  await run(definition);
  expect((await site.report()).findings).toEqual([]);
  expect(resourceOf(await site.report()).restorable!.ratio).toBeLessThan(1);
});

test('a key that is gone, and one of a vault with copies', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.copies]);
  site.backupAway.keep(pointOf(dbArn('orders'), 'away', ago(3600), 35));
  const { report } = await appears(definition, () => site.kmsAway.remove(keyArn('away', AWAY)), {
    ...{ id: 'key-unusable', severity: 'page', cause: `key ${keyArn('away', AWAY)}` },
  });
  const { sources, restorable } = resourceOf(report);
  expect(sources.map(({ blocked }) => blocked !== undefined)).toEqual([false, true]);
  expect(restorable).toMatchObject({ ratio: 100, cause: `key ${keyArn('away', AWAY)}` });
  await ends(definition, () => site.kmsAway.change(keyArn('away', AWAY), { policy: delegating }));
});

test('the key of the home vault has no part in recovery points of databases', async () => {
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(3600), 35));
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: DAY } });
  const { report } = await appears(definition, () => site.kms.change(keyArn('home'), { state: 'Disabled' }), {
    ...{ id: 'key-unusable', severity: 'ticket' },
  });
  expect(resourceOf(report).restorable!.ratio).toBeLessThan(1);
  await ends(definition, () => site.kms.change(keyArn('home'), { state: 'Enabled' }));
});

test('a key policy that would stop a restore is a ticket, of another cause than the key', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  const deny = { Effect: 'Deny' as const, Principal: '*' as const, Action: 'kms:CreateGrant', Resource: '*' };
  const { finding, said } = await appears(
    definition,
    () => site.kms.change(keyArn('orders'), { policy: { Statement: [delegating.Statement, deny] as never } }),
    { id: 'key-policy', severity: 'ticket', what: expect.stringContaining('it denies kms:CreateGrant') },
  );
  expect(finding.cause).toBe(`key policy ${keyArn('orders')}`);
  expect(said).toEqual([expect.stringMatching(/^ticket /)]);
  await ends(definition, () => site.kms.change(keyArn('orders'), { policy: delegating }));
});

test('a policy that may not be read is said to be unknown, and wakes nobody', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  const deny = { Effect: 'Deny' as const, Action: 'kms:GetKeyPolicy', Resource: '*' };
  const { said } = await appears(definition, () => void (site.denied.policy = deny), {
    ...{ id: 'key-unseen', severity: 'digest', what: expect.stringContaining('may not read') },
  });
  expect(said).toEqual([]);
  await ends(definition, () => void delete site.denied.policy);
});

test('a vault that is gone blocks what was in it, and is one cause', async () => {
  const account = await openAway();
  expect(account.report.findings).toMatchObject([
    { id: 'vault-gone', severity: 'page', cause: `vault ${vaultArn('away', AWAY)}` },
  ]);
  expect(account.report.resources.map(({ restorable }) => restorable?.cause)).toEqual([
    `vault ${vaultArn('away', AWAY)}`,
    `vault ${vaultArn('away', AWAY)}`,
  ]);
});

async function openAway() {
  const resources = ['Orders', 'Too'].map((name) => ({
    ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: 'orders', profile: 0 },
  }));
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.copies], { resources });
  await run(definition);
  site.backupAway.removeVault('away');
  await later();
  await run(definition);
  return { report: await site.report() };
}

test('quotas that a restore needs, within a tenth of their end', async () => {
  const definition = definitionOf([SOURCES.pointInTime]);
  const more = async () => {
    for (const name of ['second', 'third', 'fourth']) await site.adopt(name);
  };
  await appears(definition, more, {
    ...{ id: 'quota-near', severity: 'ticket', cause: 'quota DBInstances' },
    what: expect.stringMatching(/^4 of 4 database instances are in use in eu-west-1/),
  });
  await ends(definition, () => ['second', 'third', 'fourth'].forEach((name) => site.rds.remove(name)));
});

test('AWS Backup without its opt-in', async () => {
  const definition = definitionOf([SOURCES.daily], { profile: { rpoSeconds: DAY } });
  await appears(definition, () => void (site.optIn.RDS = false), {
    ...{ id: 'opt-in-off', severity: 'ticket', cause: 'opt-in RDS' },
  });
  await ends(definition, () => void (site.optIn.RDS = true));
});

test('replicated backups that are gone, and that never came', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.replicated]);
  await run(definition);
  const dbiResourceId = resourceOf(await site.report()).resourceId!;
  await site.forget();
  const keep = () =>
    site.rdsAway.keepBackups({
      ...{ identifier: 'orders', instanceArn: dbArn('orders'), region: HOME, status: 'active', dbiResourceId },
      ...{ latest: new Date(), earliest: new Date(ago(DAY)) },
    });
  keep();
  await appears(definition, () => site.rdsAway.forgetBackups(dbArn('orders')), {
    ...{ id: 'replication-gone', severity: 'ticket' },
  });
  await ends(definition, keep);
  site.rdsAway.forgetBackups(dbArn('orders'));
});

test('clusters say themselves how far they reach back, and have snapshots and recovery points of their own', async () => {
  const latest = new Date(ago(60));
  site.rds.adoptCluster({
    ...{ identifier: 'ledger', engine: 'aurora-postgresql', status: 'available', resourceId: 'cluster-A' },
    ...{ latest, earliest: new Date(ago(7 * DAY)), retentionDays: 7 },
  });
  site.rds.snapshotCluster('ledger');
  site.backup.keep(pointOf(clusterArn('ledger'), 'home', ago(3600), 35));
  const resources = [{ name: 'Gold/Ledger', kind: 'db-cluster' as const, identifier: 'Ledger', profile: 0 }];
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.snapshot, SOURCES.daily], { resources });
  await run(definition);
  const report = await site.report();
  expect(ids(report)).toEqual([]);
  expect(resourceOf(report, 'Gold/Ledger')).toMatchObject({
    resourceId: 'cluster-A',
    sources: [
      { newest: latest.toISOString(), oldest: expect.any(String) },
      { newest: expect.any(String) },
      { newest: expect.any(String) },
    ],
  });
  const change = (more: object) =>
    site.rds.adoptCluster({
      ...{ identifier: 'ledger', engine: 'aurora-postgresql', status: 'available', resourceId: 'cluster-A' },
      ...{ latest, earliest: new Date(ago(7 * DAY)), retentionDays: 7, ...more },
    });
  await later();
  change({ retentionDays: 1 });
  await run(definition);
  expect(ids(await site.report())).toEqual(['retention-lowered']);
});

test('nobody is told twice by two shards, and a message that cannot be sent is sent by the next run', async () => {
  const other = { shard: 'Gold-2' };
  const definition = definitionOf([SOURCES.pointInTime]);
  await run(definition);
  site.kms.change(keyArn('orders'), { state: 'Disabled' });
  site.faults.throttle = { service: 'sns' };
  await later();
  const before = site.sns.published.length;
  await expect(run(definition)).rejects.toMatchObject({ message: expect.stringContaining('nobody could be told of') });
  expect((await site.report()).unsaid).toMatchObject([{ id: 'key-unusable' }]);
  delete site.faults.throttle;
  await run(definition);
  expect((await site.report()).unsaid).toBeUndefined();
  await run(definitionOf([SOURCES.pointInTime], other));
  expect(said(before)).toHaveLength(1);
  site.kms.change(keyArn('orders'), { state: 'Enabled' });
  await run(definitionOf([SOURCES.pointInTime], other));
  // It is over when the other shard has seen that too.
  expect(said(before)).toHaveLength(1);
  expect((await site.report('Gold-2')).findings).toEqual([]);
  site.faults.throttle = { service: 'sns' };
  await expect(run(definition)).rejects.toBeDefined();
  delete site.faults.throttle;
  await run(definition);
  expect(said(before)).toHaveLength(2);
  expect(site.sns.published.at(-1)!.topic).toBe(TOPICS.page);
});
