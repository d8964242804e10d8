import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { BucketSource, DrillSchedule, RecoveryPlan, RecoverySite } from '../../../lib';
import type { Faults } from '../../../rehearsal/aws';
import { PATIENCE } from '../../../rehearsal/rehearse/settings';
import type { RehearsedSite } from '../../../rehearsal/rehearse/site';
import { openSites, type OpenedSites } from '../../../rehearsal/rehearse/sites';
import { FakeEngine } from '../aws/fake-engine';
import { BUCKET, bytesOf, contentOf, drillOf, fill, NAMES, scheduleNamed, seconds } from './files';
import { validEvidence } from './support';

jest.setTimeout(120_000);

const HOME = 'eu-west-1';

/** A bucket, its replica in another Region, and a drill of each kind of source. */
function synthesize(): string {
  const app = new App();
  const there = new Stack(app, 'There', { env: { region: 'eu-central-1' } });
  const dr = new RecoverySite(there, 'Recovery', { name: 'files', alerts: { ticket: new Topic(there, 'Tickets') } });
  const stack = new Stack(app, 'Home', { env: { region: HOME } });
  const plan = new RecoveryPlan(stack, 'Plan', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(1) },
    copyTo: [dr],
  });
  const uploads = plan.protectBucket('Uploads', new Bucket(stack, 'Bucket', { bucketName: BUCKET }));
  uploads.addDrill('Replica', { schedule: DrillSchedule.weekly(), sources: [BucketSource.replica()] });
  uploads.addDrill('Undo', {
    schedule: DrillSchedule.weekly(),
    sources: [BucketSource.versions({ prefix: 'invoices/' })],
  });
  return app.synth().directory;
}

const PATIENCE_OF_FILES = { ...PATIENCE, ttl: 20 };
const faults: Faults = {};
let folder: string;
let sites: OpenedSites;
let site: RehearsedSite;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bucket-drill-'));
  const options = {
    engine: new FakeEngine(),
    folder,
    patience: PATIENCE_OF_FILES,
    faults,
    cloudAssembly: synthesize(),
  };
  sites = await openSites({ ...options, stack: 'Home', region: HOME });
  site = sites.site;
  fill(site);
  site.account.s3.settle();
});
afterAll(async () => {
  await sites?.close();
  rmSync(folder, { recursive: true, force: true });
});

const drill = (name: string, at = new Date()) => drillOf(site, name, at);

const scratch = () => site.deployment.one('AWS::S3::Bucket', 'ScratchBucket').name;

function expectClean(): void {
  expect(site.account.aws.calls.filter(({ allowed, error }) => !allowed && error !== 'SlowDown')).toEqual([]);
  expect(site.problems()).toEqual([]);
  expect(site.keys(scratch())).toEqual([]);
}

test('a drill restores the replica, compares it with the bucket, and removes what it restored', async () => {
  const { evidence, json, page } = await drill('Replica');
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({
    verdict: 'PASSED',
    reasons: [
      expect.stringMatching(/^All 2 required checks passed: 6 files, \d+ bytes restored, both objectives met\.$/),
    ],
  });
  expect(validEvidence(json)).toEqual([]);
  expect(evidence.source).toMatchObject({ kind: 'replica' });
  expect(evidence.rpo).toMatchObject({ method: 'data', achievedSeconds: 0 });
  expect(evidence.removed).toEqual([
    { kind: 'files', identifier: expect.stringMatching(/^s3:\/\/.*\/[0-9a-f]{20}\/$/) },
  ]);
  expect(evidence.leftBehind).toEqual([]);
  expect(page).toContain('files restored');
  expectClean();
});

test('what is archived is not restored, which nobody may take for denied or for lost', async () => {
  const archived = 'invoices/two\nlines';
  await site.account.s3.damage(BUCKET, archived, { kind: 'closed', by: 'archived' });
  const { evidence } = await drill('Undo');
  expect(evidence.verdict).toBe('INCONCLUSIVE');
  const observed = evidence.checks.find(({ id }) => id === 'files-restored')!.observed;
  expect(observed).toMatch(/^3 of 4 files restored.*; 1 are archived, and were not restored: /);
  expect(observed).not.toMatch(/denies|unreadable/);
  expectClean();
  site.account.s3.put(BUCKET, archived, contentOf(archived));
  site.account.s3.settle();
});

test('deletions and overwrites are undone as of the disaster', async () => {
  await seconds(1);
  const disasterAt = new Date();
  await seconds(1);
  site.account.s3.removeAll(BUCKET, 'invoices/1');
  site.account.s3.put(BUCKET, 'invoices/2 of 3+4.pdf', 'overwritten, and much longer than it was before');
  site.account.s3.put(BUCKET, 'invoices/late', 'after the disaster');
  const { evidence } = await drill('Undo', disasterAt);
  expect({ verdict: evidence.verdict, reasons: evidence.reasons }).toMatchObject({ verdict: 'PASSED' });
  const bytes = bytesOf(NAMES.filter((key) => key.startsWith('invoices/')));
  expect(evidence.checks.find(({ id }) => id === 'files-restored')?.observed).toBe(
    `4 of 4 files restored, ${bytes} bytes; 2 of them undone changes`,
  );
  expectClean();
});

test('where most of what there was is gone, the rest is no recovery', async () => {
  for (const key of NAMES.slice(1)) site.account.s3.removeAll(BUCKET, key);
  site.account.s3.removeAll(BUCKET, 'invoices/late');
  site.account.s3.put(BUCKET, NAMES[0], 'the only one');
  await seconds(2);
  const { evidence } = await drill('Undo');
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(/1 of 1 files restored.*the last passed drill restored 4/);
  expectClean();
});

test('what a stopped drill restored is removed by the sweeper, and nothing else', async () => {
  const running = site.drill(scheduleNamed(site, 'Replica'), new Date());
  for await (const event of running.events) {
    if (event.type === 'StateEntered' && event.state.name === 'Verify') running.abort();
  }
  await running.ended;
  site.write(scratch(), '0123456789abcdef0123/nobody', 'was not restored by a drill of this site');
  expect(site.keys(scratch())).toHaveLength(8);
  await seconds(PATIENCE_OF_FILES.ttl);
  const { removed, kept } = await site.sweep();
  expect(removed).toEqual([expect.stringMatching(/^files s3:\/\//)]);
  expect(kept).toEqual([expect.stringContaining('0123456789abcdef0123')]);
  expect(site.keys(scratch())).toEqual(['0123456789abcdef0123/nobody']);
  site.account.s3.removeAll(scratch(), '0123456789abcdef0123/');
});

test('where nothing is left there is nothing to recover from, and that is a failed drill', async () => {
  const { evidence } = await drill('Undo', new Date(Date.now() - 3 * 3_600_000));
  expect(evidence.verdict).toBe('FAILED');
  expect(evidence.reasons[0]).toMatch(/nothing to restore from: there is no file under invoices\/ in acme-uploads/);
  expectClean();
});
