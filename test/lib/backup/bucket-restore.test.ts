import { Duration, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { BackupTiers, BucketSource, DrillSchedule, RecoveryPlan, RecoverySite } from '../../../lib';
import { newApp } from '../app';
import {
  actionsOf,
  expectRoleOfBackup,
  flatten,
  inputOf,
  newPlan,
  newStack,
  PRIVATE_BUCKET,
  type Statement,
  statementsOf,
} from '../support';

const env = { account: '111122223333', region: 'eu-west-1' };
const backup = BackupTiers.grandfatherFatherSon();
const objectives = { rpo: Duration.days(1), rto: Duration.hours(2) };
const schedule = DrillSchedule.weekly();
const fromBackup = { schedule, sources: [BucketSource.backup({ prefix: 'invoices/' })] };

function protectedBucket(more: object = {}) {
  const stack = newStack(env);
  const plan = newPlan(stack, { backup, objectives, ...more });
  const uploads = plan.protectBucket('Uploads', new Bucket(stack, 'Bucket', { bucketName: 'acme-uploads' }));
  return { stack, plan, site: plan.site, uploads };
}

function drilled() {
  const made = protectedBucket();
  const drill = made.uploads.addDrill('Weekly', fromBackup);
  made.uploads.addDrill('Monthly', { schedule: DrillSchedule.monthly(), sources: [BucketSource.backup()] });
  const restoreRole = made.site.bucketRestore().role;
  const databaseRole = made.site.recoveryPointRestore().role;
  const [{ restoreBucket }] = inputOf(made.stack, drill.scheduleName).definition.sources as Source[];
  return { ...made, drill, restoreBucket, restoreRole, databaseRole };
}

interface Source {
  readonly restoreBucket: string;
}

const allowing = (statements: Statement[], action: string) =>
  statements.filter(({ Action, Effect }) => Effect === 'Allow' && [Action].flat().includes(action));
const resourcesOf = (statements: Statement[], action: string) =>
  allowing(statements, action).flatMap(({ Resource }) => [Resource].flat().map(flatten));
const machineOf = (stack: Stack) =>
  flatten(
    Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))[0].Properties
      .DefinitionString,
  );

test('a drill says which vault, whose recovery points, and where they are restored to', () => {
  const { stack, drill, site } = drilled();
  expect(inputOf(stack, drill.scheduleName).definition.sources).toEqual([
    {
      kind: 'recovery-point',
      vault: site.vault().vaultName,
      resourceArn: 'arn:<AWS.Partition>:s3:::acme-uploads',
      bucket: { name: 'Gold/Uploads', bucket: expect.stringMatching(/^<Bucket\w+>$/), region: 'eu-west-1' },
      prefix: 'invoices/',
      restoreBucket: expect.stringMatching(new RegExp(`^${site.prefix}r-[0-9a-f]{12}-111122223333$`)),
    },
  ]);
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});

test('the bucket that is restored to is versioned, private, under the key of the site, and empty after a week', () => {
  const { stack, restoreBucket } = drilled();
  const template = Template.fromStack(stack);
  const made = template.findResources('AWS::S3::Bucket', { Properties: { BucketName: restoreBucket } });
  const [[id, { Properties }]] = Object.entries(made);
  expect(Object.keys(made)).toHaveLength(1);
  expect(Properties).toMatchObject({
    ...PRIVATE_BUCKET,
    LifecycleConfiguration: {
      Rules: [{ ExpirationInDays: 6, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }, {}],
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: id },
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
});

test('nothing is there for it unless a drill restores from backups', () => {
  const { stack, uploads } = protectedBucket();
  uploads.addDrill('Weekly', { schedule, sources: [BucketSource.versions()] });
  const text = JSON.stringify(Template.fromStack(stack));
  expect(text).not.toMatch(/BUCKET_RESTORE_ROLE|backup:StartRestoreJob|BucketRestore|restores\/\*|source\.files/);
});

test('the machine tells files by what was chosen, whatever kind it is', () => {
  const { stack } = drilled();
  const { States } = JSON.parse(machineOf(stack).replace(/<\w+CurrentVersion\w+>/g, 'x'));
  const [{ Or, Next }] = States['Database or files?'].Choices;
  expect(Next).toBe('Restore files');
  expect(Or).toEqual([
    { Variable: '$.source.kind', StringEquals: 'replica' },
    { Variable: '$.source.kind', StringEquals: 'versions' },
    { Variable: '$.source.files', IsPresent: true },
  ]);
});

test('AWS Backup may write to these buckets, and do nothing else', () => {
  const { stack, restoreBucket, restoreRole: role, databaseRole } = drilled();
  const statements = statementsOf(stack, role);
  expect(actionsOf(statements)).toEqual([
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKey',
    's3:GetBucketLocation',
    's3:GetBucketOwnershipControls',
    's3:GetBucketVersioning',
    's3:GetObject',
    's3:GetObjectTagging',
    's3:GetObjectVersion',
    's3:ListBucket',
    's3:ListBucketVersions',
    's3:ListMultipartUploadParts',
    's3:PutObject',
    's3:PutObjectTagging',
  ]);
  expect(resourcesOf(statements, 's3:PutObject')).toEqual([`arn:<AWS.Partition>:s3:::${restoreBucket}/*`]);
  expect(resourcesOf(statements, 's3:ListBucket')).toEqual([`arn:<AWS.Partition>:s3:::${restoreBucket}`]);
  for (const statement of allowing(statements, 'kms:Decrypt')) {
    expect(JSON.stringify(statement.Condition)).toMatch(/^\{"StringEquals":\{"kms:ViaService":/);
  }
  expect(role).not.toBe(databaseRole);
  expectRoleOfBackup(stack, '^Restores buckets');
});

test('drills start restores of this bucket alone, read what came, and only teardown and sweeper remove it', () => {
  const { stack, site, restoreBucket } = drilled();
  const { restore, teardown, sweep, files } = site.functions;
  const restoring = statementsOf(stack, restore.role);
  const points = 'arn:<AWS.Partition>:backup:eu-west-1:111122223333:recovery-point:';
  expect(resourcesOf(restoring, 'backup:StartRestoreJob').filter((arn) => arn.startsWith(points))).toEqual([
    expect.stringMatching(/:recovery-point:<Bucket\w+>-\*$/),
    expect.stringMatching(/:recovery-point:continuous:<Bucket\w+>-\*$/),
  ]);
  expect(actionsOf(restoring).filter((action) => /^s3:Delete/.test(action))).toEqual([]);
  for (const { role } of [teardown, sweep]) {
    const statements = statementsOf(stack, role);
    expect(resourcesOf(statements, 's3:DeleteObjectVersion').filter((arn) => arn.includes(restoreBucket))).toEqual([
      `arn:<AWS.Partition>:s3:::${restoreBucket}/*`,
    ]);
    const [deny] = statements.filter(({ Sid }) => Sid === 'NoFilesOutsideScratch');
    expect([deny.NotResource].flat().map(flatten)).toEqual([
      expect.stringContaining('Scratch'),
      `arn:<AWS.Partition>:s3:::${site.prefix}r-*/*`,
    ]);
  }
  expect(JSON.stringify(statementsOf(stack, files.role))).not.toContain(restoreBucket);
});

test('a site and a plan in two stacks, a bucket whose name is known at deployment alone', () => {
  const app = newApp();
  const siteStack = newStack(env, app, 'Site');
  const site = new RecoverySite(siteStack, 'Recovery', { name: 'acme' });
  const stack = newStack(env, app, 'Plan');
  const plan = newPlan(stack, { site, backup, objectives });
  for (const id of ['Uploads', 'Scans']) plan.protectBucket(id, new Bucket(stack, id)).addDrill('Weekly', fromBackup);
  Template.fromStack(siteStack).resourcePropertiesCountIs(
    'AWS::S3::Bucket',
    { BucketName: Match.stringLikeRegexp('-r-[0-9a-f]{12}-') },
    2,
  );
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter((policy) =>
    JSON.stringify(policy).includes('backup:StartRestoreJob'),
  );
  expect(resourcesOf(Properties.PolicyDocument.Statement, 'backup:StartRestoreJob')).toHaveLength(4);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'a plan without tiers',
    () => {
      const stack = newStack(env);
      const there = newStack({ ...env, region: 'eu-central-1' }, stack.node.root as never, 'There');
      const plan: RecoveryPlan = newPlan(stack, {
        objectives,
        copyTo: [new RecoverySite(there, 'Dr', { name: 'dr' })],
      });
      return plan
        .protectBucket('Uploads', new Bucket(stack, 'Bucket', { bucketName: 'acme-uploads' }))
        .addDrill('Weekly', fromBackup);
    },
    /^Gold\/Uploads has no recovery points: plan Gold has no backup tiers; give it some, or leave BucketSource\.backup\(\) out$/,
  ],
  [
    'an empty prefix',
    () => protectedBucket().uploads.addDrill('D', { schedule, sources: [BucketSource.backup({ prefix: '' })] }),
    /^prefix of BucketSource\.backup\(\) must be 1 to 500 bytes, got ""/,
  ],
  [
    'an objective that recovery points cannot keep',
    () =>
      protectedBucket({ objectives: { rpo: Duration.hours(1), rto: Duration.hours(2) } }).uploads.addDrill(
        'Weekly',
        fromBackup,
      ),
    /^objective rpo of 1 hour cannot be relied on from recovery points, which are up to 1 day old: give its plan continuous backups, add another source to drill Gold\/Uploads\/Weekly, or drill under a plan with an rpo of 1 day$/,
  ],
])('%s is refused in one sentence', (_, build, message) => {
  expect(build).toThrow(message);
});

test('continuous backups are a quarter of an hour behind, and sources may take turns', () => {
  const tiers = BackupTiers.grandfatherFatherSon({ continuous: Duration.days(7) });
  const quick = { objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) } };
  const { stack, uploads } = protectedBucket({ ...quick, backup: tiers });
  uploads.addDrill('Weekly', fromBackup);
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('cannot be relied on'));
  const periodic = protectedBucket(quick);
  periodic.uploads.addDrill('Weekly', { schedule, sources: [BucketSource.versions(), BucketSource.backup()] });
  Annotations.fromStack(periodic.stack).hasWarning('*', Match.stringLikeRegexp('FAILED when it is the recovery point'));
});

test('more buckets than one role has room for are warned of', () => {
  const warned = (count: number) => {
    const stack = newStack(env);
    const plan = newPlan(stack, { backup, objectives });
    for (let i = 0; i < count; i++) plan.protectBucket(`B${i}`, new Bucket(stack, `B${i}`)).addDrill('D', fromBackup);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('more than 20 buckets from backups'));
  };
  expect(warned(20)).toHaveLength(0);
  expect(warned(21)).toHaveLength(1);
});
