import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import {
  BackupTiers,
  type BucketDrillOptions,
  BucketSource,
  Check,
  DrillSchedule,
  Expect,
  type ProtectedBucket,
  RecoveryPlan,
  RecoverySite,
} from '../../../lib';

const schedule = DrillSchedule.monthly();

function build({ replicated = true } = {}): { stack: Stack; uploads: ProtectedBucket; other?: ProtectedBucket } {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const there = new Stack(app, 'There', { env: { region: 'eu-central-1' } });
  const dr = new RecoverySite(there, 'Recovery', { name: 'acme', alerts: { ticket: new Topic(there, 'Tickets') } });
  const stack = new Stack(app, 'Home', { env: { region: 'eu-west-1' } });
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme' });
  const plan = new RecoveryPlan(stack, 'Gold', {
    site,
    owner: 'Payments',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.days(1), rto: Duration.hours(4) },
    ...(replicated ? { copyTo: [dr] } : { backup: BackupTiers.grandfatherFatherSon() }),
  });
  return { stack, uploads: plan.protectBucket('Uploads', new Bucket(stack, 'Bucket', { bucketName: 'acme-uploads' })) };
}

function definitionOf(stack: Stack, drill: string) {
  const schedules = Template.fromStack(stack).findResources('AWS::Scheduler::Schedule');
  const inputs = Object.values(schedules).map(({ Properties }) => JSON.stringify(Properties.Target.Input));
  const found = inputs.find((input) => input.includes(`"${drill}`) || input.includes(`\\"${drill}`));
  return found!.replaceAll('\\', '');
}

test('a drill of a replica compares it with the bucket, whether or not somebody says so', () => {
  const { stack, uploads } = build();
  const drill = uploads.addDrill('Monthly', { schedule, sources: [BucketSource.replica({ prefix: 'invoices/' })] });
  expect(drill.drillName).toBe('Gold/Uploads/Monthly');
  const definition = definitionOf(stack, 'Gold/Uploads/Monthly');
  expect(definition).toContain('"engine":"s3"');
  expect(definition).toContain('"kind":"replica","bucket":{"name":"Gold/Uploads"');
  expect(definition).toContain('"prefix":"invoices/"');
  expect(definition.match(/"id":"replica:Gold\/Uploads"/g)).toHaveLength(1);
});

test('a check of the replica that is declared takes the place of the standard one', () => {
  const { stack, uploads } = build();
  const checks = [Check.replica(uploads, { everyObject: true, id: 'all-of-it' })];
  uploads.addDrill('Monthly', { schedule, sources: [BucketSource.versions()], checks });
  const definition = definitionOf(stack, 'Gold/Uploads/Monthly');
  expect(definition).toContain('"id":"all-of-it"');
  expect(definition).not.toContain('"id":"replica:Gold/Uploads"');
});

test('a drilled bucket has one alarm of its proof, however many drills it has', () => {
  const { stack, uploads } = build();
  expect(uploads.provenAlarm).toBeUndefined();
  uploads.addDrill('Monthly', { schedule, sources: [BucketSource.replica()] });
  const { provenAlarm } = uploads;
  uploads.addDrill('Undo', { schedule: DrillSchedule.weekly(), sources: [BucketSource.versions()] });
  expect(uploads.provenAlarm).toBe(provenAlarm);
  const alarms = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.filter((id) => id.includes('UploadsProven'))).toHaveLength(1);
});

test.each<[string, (uploads: ProtectedBucket) => BucketDrillOptions, RegExp]>([
  ['no source', () => ({ schedule, sources: [] }), /sources of drill Gold\/Uploads\/D must not be empty/],
  [
    'an empty prefix',
    () => ({ schedule, sources: [BucketSource.replica({ prefix: '' })] }),
    /prefix of BucketSource\.replica\(\) must be 1 to 500 bytes, got "": leave it out to restore all files/,
  ],
  [
    'a prefix that leaves no room for keys',
    () => ({ schedule, sources: [BucketSource.versions({ prefix: 'ü'.repeat(251) })] }),
    /prefix of BucketSource\.versions\(\) must be 1 to 500 bytes/,
  ],
  [
    'a question to a database',
    () => ({
      schedule,
      sources: [BucketSource.replica()],
      checks: [Check.query('plans', 'select 1', Expect.atLeast(1))],
    }),
    /check plans of drill Gold\/Uploads\/D asks a database, and a drill of a bucket restores none/,
  ],
  [
    'rows of a database',
    (uploads) => ({
      schedule,
      sources: [BucketSource.replica()],
      checks: [Check.filesExist('select key from documents', uploads)],
    }),
    /asks a database, and a drill of a bucket restores none/,
  ],
])('%s is refused', (_, options, message) => {
  const { uploads } = build();
  expect(() => uploads.addDrill('D', options(uploads))).toThrow(message);
});

test('what has no replica cannot be restored from one', () => {
  const { uploads } = build({ replicated: false });
  expect(() => uploads.addDrill('D', { schedule, sources: [BucketSource.replica()] })).toThrow(
    /Gold\/Uploads has no replica to restore from: name a site in another Region in copyTo of its plan, or say BucketSource\.versions\(\)/,
  );
});

test('an id that is taken is refused', () => {
  const { uploads } = build();
  const options = { schedule, sources: [BucketSource.versions()] };
  uploads.addDrill('D', options);
  expect(() => uploads.addDrill('D', options)).toThrow(/has something named D already/);
  expect(() => uploads.addDrill('Proven', options)).toThrow(/has something named Proven already/);
});
