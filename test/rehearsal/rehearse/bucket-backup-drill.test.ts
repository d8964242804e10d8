import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { BackupTiers, BucketSource, DrillSchedule, RecoveryPlan } from '../../../lib';
import type { Faults } from '../../../rehearsal/aws';
import { PATIENCE } from '../../../rehearsal/rehearse/settings';
import type { RehearsedSite } from '../../../rehearsal/rehearse/site';
import { openSites, type OpenedSites } from '../../../rehearsal/rehearse/sites';
import { FakeEngine } from '../aws/fake-engine';
import { until } from '../aws/support';
import { BUCKET, bytesOf, drillOf, fill, NAMES, scheduleNamed, seconds } from './files';
import { validEvidence } from './support';

jest.setTimeout(120_000);

const HOME = 'eu-west-1';
const ARN = `arn:aws:s3:::${BUCKET}`;

/** A bucket that AWS Backup keeps both ways, and drills of it: of everything, and of a part. */
function synthesize(): string {
  const app = new App();
  const stack = new Stack(app, 'Home', { env: { region: HOME } });
  const plan = new RecoveryPlan(stack, 'Plan', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.hours(2), rto: Duration.hours(1) },
    backup: BackupTiers.grandfatherFatherSon({ continuous: Duration.days(7) }),
  });
  const schedule = DrillSchedule.weekly();
  const uploads = plan.protectBucket('Uploads', new Bucket(stack, 'Bucket', { bucketName: BUCKET }));
  uploads.addDrill('Everything', { schedule, sources: [BucketSource.backup()] });
  uploads.addDrill('Invoices', { schedule, sources: [BucketSource.backup({ prefix: 'invoices/' })] });
  uploads.addDrill('Nothing', { schedule, sources: [BucketSource.backup({ prefix: 'nothing/' })] });
  return app.synth().directory;
}

const patience = { ...PATIENCE, available: 20, ttl: 15 };
const faults: Faults = {};
let folder: string;
let sites: OpenedSites;
let site: RehearsedSite;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bucket-backup-drill-'));
  const options = { engine: new FakeEngine(), folder, patience, faults, cloudAssembly: synthesize() };
  sites = await openSites({ ...options, stack: 'Home', region: HOME });
  site = sites.site;
  fill(site, 24);
});
afterAll(async () => {
  await sites?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const fault of Object.keys(faults) as (keyof Faults)[]) delete faults[fault];
});

const restoreBucket = () =>
  site.deployment.all('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes('BucketRestore'))!.name;

/** Takes a recovery point as the plan's rule does, and dates it back: continuous ones lag by a quarter of an hour. */
async function backUp(kind: 'daily' | 'continuous', ago: number): Promise<string> {
  const [selection] = site.deployment.all('AWS::Backup::BackupSelection');
  const { IamRoleArn } = selection.properties.BackupSelection as { IamRoleArn: string };
  const [{ name: vault }] = site.deployment.all('AWS::Backup::BackupVault');
  const rule = kind === 'continuous' ? { EnableContinuousBackup: true } : {};
  const arn = await site.account.backup.backUp(ARN, vault, IamRoleArn, rule);
  const createdAt = new Date(Date.now() - ago * 1000);
  site.account.backup.forget((point) => {
    if (point.arn !== arn) return false;
    Object.assign(point, { createdAt });
    if (point.bucket && 'since' in point.bucket) Object.assign(point.bucket, { since: createdAt });
    return false;
  });
  return arn;
}

const forget = (kind: 'daily' | 'continuous' | 'all') =>
  site.account.backup.forget(({ arn }) => kind === 'all' || arn.includes(':continuous:') === (kind === 'continuous'));

/** Removes every version, as somebody would who may. */
function purge(bucket: string, prefix: string): void {
  const { storage } = site.account.s3.account.find(bucket);
  for (const key of [...site.keys(bucket)].filter((one) => one.startsWith(prefix))) {
    for (const { versionId } of [...site.account.s3.versions(bucket, key)]) storage.remove(key, versionId);
  }
}

const drill = (name: string, at = new Date()) => drillOf(site, name, at);

function expectClean(left: readonly string[] = []): void {
  expect(site.account.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(site.problems()).toEqual([]);
  expect(site.keys(restoreBucket())).toEqual(left);
}

test('without a recovery point there is nothing to restore from', async () => {
  const { evidence } = await drill('Everything');
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(
    /nothing to restore from: bucket acme-uploads has no complete recovery point that reaches back before .*: none/,
  );
  expect(evidence.removed).toEqual([]);
  expectClean();
});

test('a continuous backup is restored as of what AWS Backup has caught up with, read, and removed', async () => {
  const arn = await backUp('continuous', 7_000);
  site.account.s3.put(BUCKET, 'photos/late', 'not caught up with yet');
  const { evidence, json, page } = await drill('Everything');
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({
    verdict: 'PASSED',
    reasons: [
      expect.stringMatching(/^The only required check passed: 6 files, \d+ bytes restored, both objectives met\.$/),
    ],
  });
  expect(validEvidence(json)).toEqual([]);
  expect(evidence.source).toMatchObject({ kind: 'recovery-point', identifier: BUCKET, arn, resourceArn: ARN });
  expect(evidence.source!.ageSeconds).toBeGreaterThan(880);
  expect(evidence.source!.ageSeconds).toBeLessThanOrEqual(900);
  expect(evidence.rpo).toMatchObject({ method: 'restore-point', achievedSeconds: evidence.source!.ageSeconds });
  expect(evidence.checks.find(({ id }) => id === 'files-restored')).toMatchObject({
    status: 'pass',
    observed: expect.stringMatching(
      `^6 of 6 files restored, ${bytesOf(NAMES)} bytes; all 6 are among them that acme-uploads held since before 20[^;]* UTC$`,
    ),
  });
  // Bars add up to the figure: the files were read before the next state began.
  const { achievedSeconds, phases } = evidence.rto;
  expect(phases.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(achievedSeconds!, 3);
  expect(evidence.removed).toEqual([{ kind: 'files', identifier: `s3://${restoreBucket()}/` }]);
  expect(evidence.leftBehind).toEqual([]);
  expect(page).toContain('recovery point of acme-uploads');
  expect(page).not.toContain('copied recovery point');
  const [job] = site.account.backup.restoreJobs;
  expect(job).toMatchObject({ status: 'COMPLETED', point: { arn } });
  expectClean();
  purge(BUCKET, 'photos/late');
});

test('a part of a periodic recovery point is restored as of its making', async () => {
  forget('continuous');
  await backUp('daily', 3_600);
  const arn = await backUp('daily', 600);
  const { evidence } = await drill('Invoices');
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(evidence.source).toMatchObject({ kind: 'recovery-point', arn });
  expect(evidence.source!.restorePoint).toBe(evidence.source!.createdAt);
  expect(evidence.checks[0].observed).toMatch(/^4 of 4 files restored.*; all 4 are among them/);
  expect(evidence.removed).toEqual([{ kind: 'files', identifier: `s3://${restoreBucket()}/invoices/` }]);
  expect(evidence.differences[0]).toContain('invoices/');
  expectClean();
});

test('where some objects failed to restore, the job is COMPLETED and the drill is FAILED', async () => {
  faults.restoreJobSkips = 'invoices/2';
  const { evidence } = await drill('Invoices');
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(/3 of 4 files restored.*One or more objects failed to restore: 1 of 4/);
  expectClean();
});

test('what a complete recovery point does not hold is missing, though the job restored all of it', async () => {
  faults.backupSkips = 'invoices/2';
  const arn = await backUp('daily', 60);
  const { evidence } = await drill('Invoices');
  expect(evidence.source).toMatchObject({ arn });
  expect(site.account.backup.restoreJobs.at(-1)).toMatchObject({ status: 'COMPLETED' });
  expect(evidence.verdict).toBe('FAILED');
  const [{ observed }] = evidence.checks;
  expect(observed).toMatch(/^3 of 4 files restored.*; 1 missing: acme-uploads held it as of the restore point/);
  expect(observed).toMatch(/it can be read there; 3 of 4 are among them that acme-uploads held/);
  expect(observed).not.toContain('2 of 3+4');
  expectClean();
  site.account.backup.forget((point) => point.arn === arn);
});

test('what came a moment before the recovery point, or was deleted after it, is not missed', async () => {
  faults.backupSkips = 'photos/';
  site.account.s3.put(BUCKET, 'photos/new', 'not heard of yet');
  const arn = await backUp('daily', -1);
  await seconds(2);
  for (const key of NAMES.slice(4)) site.account.s3.removeAll(BUCKET, key);
  const { evidence } = await drill('Everything');
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expect(evidence.checks[0].observed).toMatch(/^4 of 4 files restored.*; all 4 are among them/);
  site.account.backup.forget((point) => point.arn === arn);
  purge(BUCKET, '');
  fill(site, 24);
});

test('where nothing matched, the job is COMPLETED and the drill is FAILED', async () => {
  const { evidence } = await drill('Nothing');
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(
    /AWS Backup restored no file under nothing\/ of acme-uploads, and says: There are no objects that match/,
  );
  expectClean();
});

test('a job that fails is a recovery point shown bad, one that lacks a right is not', async () => {
  faults.restoreJobFails = 'The backup is damaged';
  const damaged = await drill('Invoices');
  expect(damaged.evidence.verdict).toBe('FAILED');
  expect(damaged.evidence.reasons[0]).toMatch(/did not restore the files: .*ended FAILED: The backup is damaged/);
  faults.restoreJobFails = 'User is not authorized to perform: s3:PutObject';
  const denied = await drill('Invoices');
  expect(denied.evidence.verdict).toBe('INCONCLUSIVE');
  expect(denied.evidence.reasons[0]).toMatch(/lacks a permission/);
  expectClean();
});

test('a stranger’s file is never taken for a restored one, nor removed', async () => {
  site.write(restoreBucket(), 'invoices/1.pdf', 'was not restored by a drill');
  site.write(restoreBucket(), 'elsewhere', 'was not restored by a drill either');
  const { evidence } = await drill('Invoices');
  expect(evidence.verdict).toBe('INCONCLUSIVE');
  expect(evidence.reasons[0]).toMatch(/holds something under invoices\/ that no drill left/);
  expect(evidence.removed).toEqual([]);
  expectClean(['elsewhere', 'invoices/1.pdf']);
  purge(restoreBucket(), 'invoices/');
  const { evidence: passed } = await drill('Invoices');
  expect({ verdict: passed.verdict, reasons: passed.reasons }).toMatchObject({ verdict: 'PASSED' });
  expectClean(['elsewhere']);
  purge(restoreBucket(), 'elsewhere');
});

test('a job that takes too long is waited for by teardown, which removes what it made', async () => {
  faults.restoreJobWaits = true;
  const { evidence } = await drill('Invoices');
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(/not available in time: after \d+ s 0 files are restored and more are not/);
  expect(evidence.removed.map(({ kind }) => kind)).toEqual(['files']);
  expect(evidence.leftBehind).toEqual([]);
  expect(site.account.backup.restoreJobs.at(-1)).toMatchObject({ status: 'COMPLETED' });
  expectClean();
});

test('what a stopped drill restores is removed by the sweeper, and nothing before it has come', async () => {
  faults.restoreJobWaits = true;
  site.write(restoreBucket(), 'elsewhere', 'was not restored by a drill');
  await seconds(1);
  const running = site.drill(scheduleNamed(site, 'Invoices'), new Date());
  for await (const event of running.events) {
    if (event.type === 'StateEntered' && event.state.name === 'Wait to restore') running.abort();
  }
  await running.ended;
  expect(site.account.backup.restoreJobs.at(-1)!.status).not.toBe('COMPLETED');
  // Two starts of one second are one drill.
  await seconds(1);
  const { evidence: next } = await drill('Invoices');
  expect(next.verdict).toBe('INCONCLUSIVE');
  expect(next.reasons[0]).toMatch(/what drill [0-9a-f]{20} restored to .* is not known to be gone; the sweeper/);
  await seconds(patience.ttl);
  const waiting = (await site.sweep()) as { waiting?: string[] };
  expect(waiting.waiting).toEqual([`files s3://${restoreBucket()}/invoices/`]);
  delete faults.restoreJobWaits;
  await until(
    async () => site.account.backup.restoreJobs.at(-1)!.status,
    (status) => status === 'COMPLETED',
  );
  expect(site.keys(restoreBucket())).toHaveLength(5);
  expect((await site.sweep()).removed).toEqual([`files s3://${restoreBucket()}/invoices/`]);
  expect(await site.sweep()).toMatchObject({ removed: [], kept: [], waiting: [] });
  expectClean(['elsewhere']);
  const { evidence } = await drill('Invoices');
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  expectClean(['elsewhere']);
});
