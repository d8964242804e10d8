import { randomUUID } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { HistorySummary } from '../../../../lib/private/contract/history';
import type { HistoryRecord } from '../../../../lib/private/contract/monitoring';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../../../lib';
import { account, region } from '../../../rehearsal/aws/support';
import { deploy, type Deployed } from '../deployed';

const GIB = 1024 ** 3;
const DAY = 86_400_000;
const ORDERS = `arn:aws:rds:${region}:${account}:db:orders`;
const VAULT = `arn:aws:backup:${region}:${account}:backup-vault:vault`;

let site: Deployed;
beforeEach(async () => {
  site = await deploy((stack, alerts) => {
    const plan = new RecoveryPlan(stack, 'Gold', {
      site: new RecoverySite(stack, 'Recovery', { name: 'acme', alerts }),
      owner: 'Payments',
      alerts,
      objectives: { rpo: Duration.days(1), rto: Duration.hours(4) },
      backup: BackupTiers.grandfatherFatherSon(),
    });
    plan
      .protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    plan.protectClusterById('Ledger', 'Ledger', { engine: Engine.AURORA_POSTGRESQL });
    plan.protectBucket('Files', new Bucket(stack, 'Files', { bucketName: 'files-of-acme' }));
  });
  await site.rds.adoptSource({ identifier: 'orders', database: await site.engine.create(), allocatedStorageGib: 100 });
  site.rds.adoptCluster({ identifier: 'ledger', engine: 'aurora-postgresql', status: 'available' });
}, 60_000);
afterEach(() => site.close());

const day = (text: string, days = 0) =>
  new Date(Date.parse(`${text}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** A backup job that ended on a day. */
function job(on: string, more: Partial<Parameters<Deployed['backup']['noteBackupJob']>[0]> = {}, minutes = 30) {
  const createdAt = new Date(`${on}T05:00:00Z`);
  site.backup.noteBackupJob({
    ...{ id: randomUUID(), resourceArn: ORDERS, vaultArn: VAULT, roleArn: 'arn:aws:iam::1:role/x', rule: 'daily' },
    ...{ createdAt, completedAt: new Date(createdAt.getTime() + minutes * 60_000), state: 'COMPLETED' },
    ...more,
  });
}

function free(on: string, gib: number) {
  const metric = { namespace: 'AWS/RDS', name: 'FreeStorageSpace', dimensions: { DBInstanceIdentifier: 'orders' } };
  site.cloudWatch.metrics.put(metric, gib * GIB, 'Bytes', new Date(`${on}T23:30:00Z`));
}

function volume(on: string, gib: number, billed = 2 * gib) {
  for (const [name, value] of Object.entries({ VolumeBytesUsed: gib, TotalBackupStorageBilled: billed })) {
    const metric = { namespace: 'AWS/RDS', name, dimensions: { DBClusterIdentifier: 'ledger' } };
    site.cloudWatch.metrics.put(metric, value * GIB, 'Bytes', new Date(`${on}T23:30:00Z`));
  }
}

const written = (on: string) => site.lines<HistoryRecord>(`history/dt=${on}/history.jsonl`);
const summary = () => site.state<HistorySummary>('history/summary.json')!;
const of = (name: string) => summary().resources.find((one) => one.name === name)!;

/** Runs the function at its hour after a day. */
async function after(on: string) {
  site.at(`${day(on, 1)}T01:20:00Z`);
  return site.run('history');
}

test('writes the days that AWS still knows, and of them what ended on each, whosever it was', async () => {
  job('2026-11-19');
  job('2026-11-18', { state: 'FAILED', message: 'no capacity' });
  job('2026-11-17', { state: 'EXPIRED', completedAt: undefined, startBy: new Date('2026-11-17T06:00:00Z') });
  job('2026-11-19', { resourceArn: `arn:aws:rds:${region}:${account}:db:another`, rule: undefined });
  job('2026-10-01');
  job('2026-11-20'); // not yet
  free('2026-11-19', 40);
  volume('2026-11-19', 7);
  volume('2026-11-10', 6);
  const { payload, metrics } = await after('2026-11-19');
  expect((payload as { written: string[] }).written).toHaveLength(29);
  expect(site.keysOf('Evidence').filter((key) => key.startsWith('history/'))).toHaveLength(29);
  expect(written('2026-11-19')).toMatchObject([
    { kind: 'backup', resource: 'Gold/Orders', state: 'COMPLETED', seconds: 1800, rule: 'daily', vault: VAULT },
    { kind: 'backup', state: 'COMPLETED', resourceArn: expect.stringContaining('another') },
    { kind: 'size', resource: 'Gold/Ledger', bytes: 7 * GIB, backupBytes: 14 * GIB },
    { kind: 'size', resource: 'Gold/Orders', bytes: 60 * GIB, allocatedBytes: 100 * GIB },
  ]);
  expect(written('2026-11-18')).toMatchObject([{ state: 'FAILED', message: 'no capacity' }]);
  expect(written('2026-11-17')).toMatchObject([{ state: 'EXPIRED', endedAt: '2026-11-17T06:00:00.000Z' }]);
  expect(written('2026-11-10')).toMatchObject([{ kind: 'size', resource: 'Gold/Ledger', bytes: 6 * GIB }]);
  expect(of('Gold/Orders')).toMatchObject({
    last30Days: { succeeded: 1, failed: 2 },
    successRate: 1 / 3,
    failedJobs: [{ state: 'FAILED' }, { state: 'EXPIRED' }],
    sizes: [{ day: '2026-11-19', bytes: 60 * GIB }],
  });
  expect(metrics).toEqual([
    { name: 'UsedBytes', resource: 'Gold/Orders', value: 60 * GIB },
    { name: 'BackupSuccessRate', resource: 'Gold/Orders', value: expect.closeTo(100 / 3) },
    { name: 'UsedBytes', resource: 'Gold/Ledger', value: 7 * GIB },
  ]);
}, 60_000);

test('a bucket has a history of its jobs', async () => {
  const resourceArn = 'arn:aws:s3:::files-of-acme';
  for (let back = 0; back < 5; back++) job(day('2026-11-19', -back), { resourceArn, state: 'FAILED' });
  await after('2026-11-19');
  expect(written('2026-11-19')).toMatchObject([{ kind: 'backup', resource: 'Gold/Files', resourceArn }]);
  expect(of('Gold/Files')).toMatchObject({ kind: 'bucket', last30Days: { succeeded: 0, failed: 5 } });
  expect(site.told()).toEqual(['Tickets: [ticket] Gold/Files: 5 of 5 backup jobs failed in 30 days']);
}, 60_000);

test('a second run of a day writes nothing, and whoever was told is not told again', async () => {
  for (let back = 0; back < 6; back++) job(day('2026-11-19', -back), { state: back % 2 ? 'COMPLETED' : 'FAILED' });
  await after('2026-11-19');
  const first = site.told();
  expect(first).toEqual(['Tickets: [ticket] Gold/Orders: 3 of 6 backup jobs failed in 30 days']);
  const kept = site.state('history/usual/Gold.json');
  const { payload, failed } = await site.run('history');
  expect({ payload, failed }).toEqual({ payload: { written: [], findings: 1 }, failed: false });
  expect(site.told()).toEqual(first);
  expect(site.state('history/usual/Gold.json')).toEqual(kept);
}, 60_000);

test('what was raised is over when it is over, and told once', async () => {
  for (let back = 0; back < 6; back++) job(day('2026-11-19', -back), { state: 'FAILED' });
  await after('2026-11-19');
  for (let on = 20; on <= 29; on++) {
    job(`2026-11-${on}`);
    await after(`2026-11-${on}`);
  }
  for (let on = 1; on <= 20; on++) job(day('2026-12-01', on));
  await after('2026-12-21');
  expect(site.told()).toEqual([
    'Tickets: [ticket] Gold/Orders: 6 of 6 backup jobs failed in 30 days',
    'Tickets: [over] Gold/Orders: 6 of 16 backup jobs failed in 30 days',
  ]);
  const over = JSON.parse(site.sns.published[1].message) as { email: string };
  expect(over.email).toContain('What is over: Gold/Orders: 6 of 16 backup jobs failed in 30 days.\n');
  expect(over.email).toContain('It began: 2026-11-14 00:00 UTC');
}, 120_000);

test('catches up what was missed, and tells of the day on which it happened', async () => {
  for (let back = 20; back >= 0; back--) free(day('2026-11-19', -back), 40);
  for (let back = 20; back >= 0; back--) await after(day('2026-11-19', -back));
  expect(site.told()).toEqual([]);
  free('2026-11-20', 90);
  free('2026-11-21', 90);
  free('2026-11-22', 90);
  job('2026-11-21');
  const { payload } = await after('2026-11-22');
  expect(payload).toMatchObject({ written: ['2026-11-20', '2026-11-21', '2026-11-22'] });
  expect(written('2026-11-21')).toMatchObject([{ kind: 'backup' }, { kind: 'size', bytes: 10 * GIB }]);
  expect(site.told()).toEqual(['Tickets: [ticket] Gold/Orders: used bytes fell to 10 GiB']);
  expect(site.sns.published[0].message).toContain('2026-11-20');
}, 120_000);
