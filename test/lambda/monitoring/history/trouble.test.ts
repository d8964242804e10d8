import { randomUUID } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import type { Evidence } from '../../../../lib/private/contract/evidence';
import type { HistorySummary } from '../../../../lib/private/contract/history';
import type { HistoryRecord } from '../../../../lib/private/contract/monitoring';
import { BackupTiers, Engine, RecoveryPlan, RecoverySite } from '../../../../lib';
import { account, region } from '../../../rehearsal/aws/support';
import { EXTRAS, evidenceOf, FACTS } from '../../evidence/samples';
import { deploy, type Deployed } from '../deployed';
import { plusDays } from '../../../../lambda/monitoring/history/days';

const CLUSTERS = ['a', 'b', 'c', 'd', 'e', 'f'];
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
    for (const id of CLUSTERS) plan.protectClusterById(id, id, { engine: Engine.AURORA_POSTGRESQL });
  });
  for (const identifier of CLUSTERS) {
    site.rds.adoptCluster({ identifier, engine: 'aurora-postgresql', status: 'available' });
  }
}, 60_000);
afterEach(() => site.close());

function job(on: string, of: string, more: Partial<Parameters<Deployed['backup']['noteBackupJob']>[0]> = {}) {
  const resourceArn = `arn:aws:rds:${region}:${account}:cluster:${of}`;
  const [createdAt, completedAt] = [new Date(`${on}T05:00:00Z`), new Date(`${on}T05:30:00Z`)];
  site.backup.noteBackupJob({
    ...{ id: randomUUID(), resourceArn, vaultArn: VAULT, roleArn: 'arn:aws:iam::1:role/x', rule: 'daily' },
    ...{ createdAt, completedAt, state: 'COMPLETED' },
    ...more,
  });
}

const written = (on: string) => site.lines<HistoryRecord>(`history/dt=${on}/history.jsonl`);
const summary = () => site.state<HistorySummary>('history/summary.json')!;

async function after(on: string) {
  site.at(`${plusDays(on, 1)}T01:20:00Z`);
  return site.run('history');
}

test('one cause is one message: the jobs of a whole plan that fail together', async () => {
  for (let back = 0; back < 6; back++) {
    for (const of of CLUSTERS) job(plusDays('2026-11-19', -back), of, { state: 'FAILED', message: 'vault is gone' });
  }
  await after('2026-11-19');
  expect(site.told()).toEqual(['Tickets: [ticket] Plan Gold: 6 resources, success rate']);
  expect(site.sns.published[0].message).toContain('Gold/a, Gold/b, Gold/c, Gold/d, Gold/e and 1 more');
  await after('2026-11-20');
  expect(site.told()).toHaveLength(1);
}, 60_000);

test('a backup that nearly fills its window is told until it does not', async () => {
  const windowed = (on: string, hours: number) =>
    job(on, 'a', { completedAt: new Date(Date.parse(`${on}T05:00:00Z`) + hours * 3_600_000) });
  windowed('2026-11-19', 7);
  await after('2026-11-19');
  windowed('2026-11-20', 7.5);
  await after('2026-11-20');
  windowed('2026-11-21', 2);
  await after('2026-11-21');
  expect(site.told()).toEqual([
    'Tickets: [ticket] Gold/a: backup took 87.5 % of its window',
    'Tickets: [over] Gold/a: backup took 93.8 % of its window',
  ]);
}, 60_000);

test('drills are told from their evidence, with what they counted and measured', async () => {
  const evidence: Evidence = { ...evidenceOf(FACTS, EXTRAS), finishedAt: '2026-11-19T14:00:00.000Z' };
  site.at('2026-11-19T14:00:01Z');
  site.put('Evidence', 'chain/Gold/a/00000001.json', {
    ...evidence,
    resource: { ...evidence.resource, name: 'Gold/a' },
  });
  await after('2026-11-19');
  const rows = evidence.tables.reduce((sum, table) => sum + table.rows, 0);
  expect(written('2026-11-19')).toMatchObject([
    { kind: 'drill', resource: 'Gold/a', state: 'PASSED', rows, evidence: 'chain/Gold/a/00000001.json' },
  ]);
  expect(summary().resources[0]).toMatchObject({ last30Days: { passed: 1 }, lastDrill: { verdict: 'PASSED', rows } });
}, 60_000);

test('a run that AWS throttles writes no half day, and the next one writes it whole', async () => {
  job('2026-11-19', 'a');
  site.faults.throttle = { service: 'backup' };
  const { failed, payload } = await after('2026-11-19');
  expect({ failed, payload }).toMatchObject({
    failed: true,
    payload: { errorType: expect.stringContaining('Thrott') },
  });
  expect(site.keysOf('Evidence')).toEqual([]);
  delete site.faults.throttle;
  expect((await site.run('history')).failed).toBe(false);
  expect(written('2026-11-19')).toHaveLength(1);
}, 60_000);

test('people who could not be told are told by the next run', async () => {
  for (let back = 0; back < 6; back++) job(plusDays('2026-11-19', -back), 'a', { state: 'FAILED' });
  site.faults.throttle = { service: 'sns' };
  const { failed, payload } = await after('2026-11-19');
  expect({ failed, payload }).toMatchObject({ failed: true, payload: { errorType: 'HistoryIncomplete' } });
  expect(written('2026-11-19')).toHaveLength(1);
  delete site.faults.throttle;
  expect(await site.run('history')).toMatchObject({ failed: false, payload: { written: [] } });
  expect(site.told()).toEqual(['Tickets: [ticket] Gold/a: 6 of 6 backup jobs failed in 30 days']);
}, 60_000);

test('what is usual is made again from what was written, where it is lost', async () => {
  for (let back = 0; back < 6; back++) job(plusDays('2026-11-19', -back), 'a');
  await after('2026-11-19');
  const before = site.state<{ resources: object[] }>('history/usual/Gold.json')!;
  site.put('State', 'history/usual/Gold.json', { ...before, through: '2026-01-01', resources: [] });
  await site.run('history');
  expect(site.state('history/usual/Gold.json')).toEqual(before);
}, 60_000);

test('hostile words from AWS stay one line each, cut', async () => {
  job('2026-11-19', 'a', {
    state: 'FAILED',
    message: `bad\n{"kind":"drill"}\u2028${'x'.repeat(5_000)}`,
    rule: '__proto__',
  });
  await after('2026-11-19');
  expect(written('2026-11-19')).toHaveLength(1);
  expect(written('2026-11-19')[0].message).toHaveLength(1_000);
  expect(summary().resources[0].last30Days).toMatchObject({ failed: 1 });
}, 60_000);

test('many jobs take time, not memory', async () => {
  // Held at once, they would be more than there is.
  site.limitMemory('history', 28);
  for (let each = 0; each < 10_000; each++) job('2026-11-19', `other-${each}`, { message: 'x'.repeat(1_000) });
  const { failed, payload } = await after('2026-11-19');
  expect({ failed, payload }).toMatchObject({ failed: false, payload: { findings: 0 } });
  expect(written('2026-11-19')).toHaveLength(10_000);
}, 110_000);
