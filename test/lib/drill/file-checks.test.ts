import { readFileSync } from 'node:fs';
import { App, Aws, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { join } from 'node:path';
import { BackupTiers, Check, DrillSchedule, Engine, Expect, RecoveryPlan, RecoverySite } from '../../../lib';

function build() {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const there = new Stack(app, 'There', { env: { region: 'eu-central-1' } });
  const dr = new RecoverySite(there, 'Recovery', { name: 'acme', alerts: { ticket: new Topic(there, 'Tickets') } });
  const stack = new Stack(app, 'Home', { env: { region: 'eu-west-1' } });
  const common = { owner: 'Payments', alerts: { ticket: new Topic(stack, 'Tickets') } };
  const objectives = { rpo: Duration.days(2), rto: Duration.hours(4) };
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme' });
  const plan = new RecoveryPlan(stack, 'Gold', { ...common, site, objectives, copyTo: [dr] });
  const uploads = plan.protectBucket(
    'Uploads',
    new Bucket(stack, 'Bucket', { bucketName: 'acme-uploads', versioned: true }),
  );
  const backup = BackupTiers.grandfatherFatherSon();
  const silver = new RecoveryPlan(stack, 'Silver', {
    backup,
    ...common,
    site,
    objectives: { ...objectives, rpo: Duration.days(30) },
  });
  const other = new Bucket(stack, 'Other', { bucketName: 'acme-alone', versioned: true });
  return { app, stack, plan, uploads, alone: silver.protectBucket('Alone', other) };
}

const { stack, uploads, alone } = build();

test('render to the contract, with the bucket as its plan knows it', () => {
  const rendered = Check.replica(uploads)._render();
  expect(stack.resolve(rendered)).toMatchObject({
    kind: 'replica',
    id: 'replica:Gold/Uploads',
    bucket: {
      name: 'Gold/Uploads',
      bucket: { Ref: expect.stringMatching(/^Bucket/) as string },
      region: 'eu-west-1',
      replica: { region: 'eu-central-1' },
    },
    sample: { fraction: 0.01, confidence: 0.99 },
  });
  expect(Check.replica(uploads, { everyObject: true, id: 'all' })._render()).toMatchObject({
    id: 'all',
    sample: { every: true },
  });
  const rows = Check.filesExist('select k from d', uploads, { database: 'shop', fraction: 0.05, confidence: 0.95 });
  expect(rows._render()).toMatchObject({
    kind: 'files-exist',
    id: 'files-exist:Gold/Uploads',
    sql: 'select k from d',
    database: 'shop',
    sample: { fraction: 0.05, confidence: 0.95 },
  });
  expect(Check.filesExist('select k from d', alone)._render()).toMatchObject({ bucket: { name: 'Silver/Alone' } });
});

test.each<[string, () => Check, RegExp]>([
  [
    'a bucket without replica',
    () => Check.replica(alone),
    /^Check.replica of Silver\/Alone has nothing to compare: the bucket has no replica/,
  ],
  [
    'no fraction',
    () => Check.replica(uploads, { fraction: 0 }),
    /the fraction of Check.replica of Gold\/Uploads must be above 0 and at most 0.5, got: 0$/,
  ],
  ['too large a fraction', () => Check.filesExist('select k', uploads, { fraction: 0.51 }), /at most 0.5, got: 0.51$/],
  ['NaN', () => Check.replica(uploads, { fraction: NaN }), /must be a number known at synthesis/],
  ['certainty', () => Check.replica(uploads, { confidence: 1 }), /must be from 0.5 to 0.9999, got: 1$/],
  ['a coin', () => Check.replica(uploads, { confidence: 0.4 }), /must be from 0.5 to 0.9999, got: 0.4$/],
  [
    'too large a sample',
    () => Check.replica(uploads, { fraction: 0.00001 }),
    /would look at 460515 objects .* 50000 at most: take a larger fraction, or everyObject$/,
  ],
  [
    'too many rows',
    () => Check.filesExist('select k', uploads, { fraction: 0.0005 }),
    /would look at 9209 rows .* 5000 at most: take a larger fraction$/,
  ],
  [
    'a sample of everything',
    () => Check.replica(uploads, { everyObject: true, fraction: 0.1 }),
    /looks at every object: leave fraction and confidence out$/,
  ],
  [
    'no SQL',
    () => Check.filesExist(' ', uploads),
    /the SQL of Check.filesExist of Gold\/Uploads must be 1 to 10000 characters/,
  ],
  ['SQL with a token', () => Check.filesExist(`select '${Aws.REGION}'`, uploads), /must be known at synthesis/],
  [
    'an id with a slash',
    () => Check.replica(uploads, { id: 'a/b' }),
    /the id of Check.replica of Gold\/Uploads must be/,
  ],
  [
    'an empty database',
    () => Check.filesExist('select k', uploads, { database: '' }),
    /the database of Check.filesExist/,
  ],
])('fails for %s', (_, make, message) => {
  expect(make).toThrow(message);
});

test('in a large definition the asset names the bucket, and the input says what it is', () => {
  const { app, stack: home, plan, uploads: files } = build();
  const orders = plan.protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES });
  const many = Array.from({ length: 20 }, (_, index) =>
    Check.query(`q${index}`, `select ${'1'.repeat(900)}`, Expect.atLeast(1)),
  );
  orders.addDrill('Weekly', {
    schedule: DrillSchedule.weekly(),
    checks: [...many, Check.filesExist('select k', files)],
  });
  const template = Template.fromStack(home);
  const inputs = Object.values(template.findResources('AWS::Scheduler::Schedule')).map(({ Properties }) =>
    JSON.stringify(Properties.Target.Input),
  );
  const input = inputs.find((one) => one.includes('Gold/Orders/Weekly'))!.replaceAll('\\', '');
  expect(input).toContain('"buckets":[{"name":"Gold/Uploads"');
  const sha256 = /"sha256":"([0-9a-f]{64})"/.exec(input)![1];
  const asset = readFileSync(join(app.assetOutdir, `checks.${sha256}.json`), 'utf8');
  expect(asset).toContain('"bucket":{"name":"Gold/Uploads"}');
  expect(asset).not.toContain('Token');
});
