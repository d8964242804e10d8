import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, BucketSource, DrillSchedule, RecoveryPlan, RecoverySite } from '../../lib';
import type { PolicyDocument } from '../../rehearsal/aws';
import { Deployment } from '../../rehearsal/template/deployment';
import { policiesOf } from '../../rehearsal/template/roles';
import type { Template } from '../../rehearsal/template/template';

/* The roles of buckets, attacked: each may do what its work takes, and an evaluator that we did not write is asked for the rest. */

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const HOME = 'eu-west-1';
const THERE = 'eu-central-1';

function synthesize(account: string): { home: Deployment; there: Deployment } {
  const app = new App();
  const drStack = new Stack(app, 'There', { env: { account, region: THERE } });
  const stack = new Stack(app, 'Home', { env: { account: ACCOUNT, region: HOME } });
  const alerts = (scope: Stack) => ({ ticket: new Topic(scope, 'SiteTickets') });
  const dr = new RecoverySite(drStack, 'Recovery', { name: 'acme', alerts: alerts(drStack) });
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts: alerts(stack) });
  const plan = new RecoveryPlan(stack, 'Gold', {
    site,
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.days(2), rto: Duration.hours(1) },
    backup: BackupTiers.grandfatherFatherSon(),
  });
  const key = new Key(stack, 'FilesKey');
  const encrypted = { encryption: BucketEncryption.KMS, encryptionKey: key, versioned: true };
  const files = new Bucket(stack, 'Files', { ...encrypted, bucketName: 'files' });
  plan
    .protectBucket('Files', files, { replicateTo: dr })
    .addDrill('Weekly', { schedule: DrillSchedule.weekly(), sources: [BucketSource.backup()] });
  const locked = new Bucket(stack, 'Locked', { ...encrypted, bucketName: 'locked', objectLockEnabled: true });
  plan.protectBucket('Locked', locked, { replicateTo: dr });
  new Bucket(stack, 'Secret', { ...encrypted, bucketName: 'secret' });
  const assembly = app.synth();
  const of = (name: string) => assembly.getStackByName(name).template as Template;
  const there = new Deployment(of('There'), { stack: 'There', region: THERE, account });
  return { there, home: new Deployment(of('Home'), { stack: 'Home', region: HOME, account: ACCOUNT }, [there]) };
}

const same = synthesize(ACCOUNT);
const other = synthesize(OTHER);

/** The evaluator leaves encryption contexts out, and then denies: a tag of the caller stands for that of S3. */
function spelled<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value).replaceAll('kms:EncryptionContext:aws:s3:arn', 'aws:PrincipalTag/encryption-context'),
  ) as T;
}

/** A key says for itself who decides on its use. */
function keyPolicy({ home, there }: typeof same, arn: string): PolicyDocument | undefined {
  const key = [home, there].flatMap((stack) => stack.all('AWS::KMS::Key')).find((one) => one.arn === arn);
  return key?.properties.KeyPolicy as PolicyDocument | undefined;
}

type Context = Record<string, string | string[]>;

/** Whether a role of the home stack may, with everything that its policies say and nothing of anybody else's. */
async function may(
  app: typeof same,
  logicalId: RegExp,
  action: string,
  resource: string,
  context: Context = {},
  resourcePolicy: PolicyDocument | undefined = keyPolicy(app, resource),
): Promise<boolean> {
  const { home } = app;
  const [role, ...more] = home.all('AWS::IAM::Role').filter((one) => logicalId.test(one.logicalId));
  if (!role || more.length > 0) throw new Error(`${logicalId} names ${more.length + (role ? 1 : 0)} roles`);
  const all = {
    orgIdentifier: 'o',
    policies: [
      { name: 'all', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
    ],
  };
  const accountId = resource.split(':')[4] || (resource.includes(OTHER) ? OTHER : ACCOUNT);
  const result = await runSimulation(
    {
      request: {
        principal: role.arn,
        action,
        resource: { resource, accountId },
        contextVariables: spelled({ 'aws:PrincipalArn': role.arn, ...context }),
      },
      identityPolicies: policiesOf(home, role).map((policy, index) => ({ name: `p${index}`, policy: spelled(policy) })),
      serviceControlPolicies: [all],
      resourceControlPolicies: [],
      ...(resourcePolicy && { resourcePolicy: spelled(resourcePolicy) }),
    },
    {},
  );
  if (result.resultType !== 'single') throw new Error(`the simulator could not decide: ${JSON.stringify(result)}`);
  return result.overallResult === 'Allowed';
}

const replicaOf = ({ there }: typeof same, word = 'Files') =>
  there.all('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes(`Replicas`) && logicalId.includes(word))!
    .name;
const s3 = (path: string) => `arn:aws:s3:::${path}`;
const filesKey = same.home.one('AWS::KMS::Key', 'FilesKey').arn;
const siteKey = same.there.one('AWS::KMS::Key', 'RecoveryKey').arn;
const homeKey = same.home.one('AWS::KMS::Key', 'RecoveryKey').arn;
const replica = replicaOf(same);
const through = (region: string, bucket: string): Context => ({
  'kms:ViaService': `s3.${region}.amazonaws.com`,
  'kms:EncryptionContext:aws:s3:arn': s3(bucket),
});

type Row = [action: string, resource: string, context?: Context];

/** Jest takes an argument that is missing for one that it is to give. */
const whole = ([action, resource, context = {}]: Row): [string, string, Context] => [action, resource, context];

function attack(what: string, logicalId: RegExp, allowed: Row[], denied: Row[]): void {
  describe(what, () => {
    test.each(allowed.map(whole))('may %s on %s', async (action, resource, context) => {
      expect(await may(same, logicalId, action, resource, context)).toBe(true);
    });
    test.each(denied.map(whole))('may not %s on %s', async (action, resource, context) => {
      expect(await may(same, logicalId, action, resource, context)).toBe(false);
    });
  });
}

attack(
  'the role of a rule',
  /^FilesRecoverableReplicationRole/,
  [
    ['s3:GetReplicationConfiguration', s3('files')],
    ['s3:ListBucket', s3('files')],
    ['s3:GetObjectVersionForReplication', s3('files/a b')],
    ['s3:GetObjectVersionAcl', s3('files/a')],
    ['s3:GetObjectVersionTagging', s3('files/a')],
    ['s3:ReplicateObject', s3(`${replica}/a`)],
    ['s3:ReplicateDelete', s3(`${replica}/a`)],
    ['s3:ReplicateTags', s3(`${replica}/a`)],
    ['kms:Decrypt', filesKey, through(HOME, 'files/a')],
    ['kms:Decrypt', filesKey, through(HOME, 'files')],
    ['kms:Encrypt', siteKey, through(THERE, replica)],
    ['kms:GenerateDataKey', siteKey, through(THERE, replica)],
    // Bucket Keys: S3 opens the key that it made for the bucket.
    ['kms:Decrypt', siteKey, through(THERE, replica)],
  ],
  [
    ['s3:GetObject', s3('files/a')],
    ['s3:GetObject', s3(`${replica}/a`)],
    ['s3:GetObjectRetention', s3('files/a')],
    ['s3:PutObject', s3(`${replica}/a`)],
    ['s3:DeleteObject', s3(`${replica}/a`)],
    ['s3:DeleteObjectVersion', s3(`${replica}/a`)],
    ['s3:PutReplicationConfiguration', s3('files')],
    ['s3:PutBucketVersioning', s3(replica)],
    ['s3:ObjectOwnerOverrideToBucketOwner', s3(`${replica}/a`)],
    ['s3:ReplicateObject', s3('files/a')],
    ['s3:ReplicateObject', s3(`${replicaOf(same, 'Locked')}/a`)],
    ['s3:GetObjectVersionForReplication', s3('secret/a')],
    ['s3:GetObjectVersionForReplication', s3('files-of-others/a')],
    ['kms:Decrypt', filesKey, through(HOME, 'secret/a')],
    ['kms:Decrypt', filesKey, {}],
    ['kms:Decrypt', filesKey, { ...through(HOME, 'files/a'), 'kms:ViaService': `rds.${HOME}.amazonaws.com` }],
    ['kms:Encrypt', filesKey, through(HOME, 'files')],
    ['kms:Encrypt', siteKey, through(THERE, 'secret')],
    ['kms:Encrypt', homeKey, through(THERE, replica)],
    ['kms:CreateGrant', siteKey, through(THERE, replica)],
  ],
);

attack(
  'the role of a rule of what is locked',
  /^LockedRecoverableReplicationRole/,
  [
    ['s3:GetObjectRetention', s3('locked/a')],
    ['s3:GetObjectLegalHold', s3('locked/a')],
  ],
  [
    ['s3:PutObjectRetention', s3('locked/a')],
    ['s3:BypassGovernanceRetention', s3('locked/a')],
  ],
);

const state = same.home.one('AWS::S3::Bucket', 'StateBucket').name;

attack(
  'the role of a job for older objects',
  /^GoldFilesExistingObjects/,
  [
    ['s3:InitiateReplication', s3('files/a')],
    ['s3:GetReplicationConfiguration', s3('files')],
    ['s3:PutInventoryConfiguration', s3('files')],
    ['s3:PutObject', s3(`${state}/replication/reports/Gold/Files/job-1/results/x.csv`)],
    ['kms:GenerateDataKey', homeKey, { 'kms:ViaService': `s3.${HOME}.amazonaws.com` }],
  ],
  [
    ['s3:InitiateReplication', s3('locked/a')],
    ['s3:GetObject', s3('files/a')],
    ['s3:PutObject', s3('files/a')],
    ['s3:PutObject', s3(`${state}/replication/reports/Gold/Locked/x`)],
    ['s3:PutObject', s3(`${state}/replication/jobs/Gold/Files/x.json`)],
    ['s3:PutObject', s3(`${state}/resources/Gold/Files/lock.json`)],
    ['s3:PutReplicationConfiguration', s3('files')],
    ['kms:GenerateDataKey', homeKey, {}],
  ],
);

const roleArn = (word: string) => same.home.all('AWS::IAM::Role').find((one) => one.logicalId.startsWith(word))!.arn;
const passed = (service: string): Context => ({ 'iam:PassedToService': service });

attack(
  'the role of the function that asks for jobs',
  /^RecoveryExistingObjectsFunctionRole/,
  [
    ['s3:CreateJob', '*'],
    ['iam:PassRole', roleArn('GoldFilesExistingObjects'), passed('batchoperations.s3.amazonaws.com')],
    ['s3:PutObject', s3(`${state}/replication/jobs/Gold/Files/x.json`)],
  ],
  [
    ['iam:PassRole', roleArn('GoldFilesExistingObjects'), passed('lambda.amazonaws.com')],
    ['iam:PassRole', roleArn('FilesRecoverableReplicationRole'), passed('batchoperations.s3.amazonaws.com')],
    ['iam:PassRole', roleArn('GoldBucketBackupRole'), passed('batchoperations.s3.amazonaws.com')],
    ['s3:InitiateReplication', s3('files/a')],
    ['s3:GetObject', s3('files/a')],
    ['s3:UpdateJobStatus', `arn:aws:s3:${HOME}:${ACCOUNT}:job/x`],
    ['s3:PutObject', s3(`${state}/resources/Gold/Files/lock.json`)],
  ],
);

const scratch = same.home.one('AWS::S3::Bucket', 'ScratchBucket').name;

describe.each([
  ['files', /^RecoveryFunctionsFilesRole/, false],
  ['restore', /^RecoveryFunctionsRestoreRole/, true],
])('recovery: the role of %s', (_, logicalId, writes) => {
  const write: [string, string][] = [['s3:PutObject', s3(`${scratch}/drill/a`)]];
  attack(
    'of a drill',
    logicalId,
    [
      ['s3:ListBucketVersions', s3('files')],
      ['s3:GetObjectVersion', s3('files/a')],
      ['s3:ListBucketVersions', s3(replica)],
      ['s3:GetObject', s3(`${replica}/ünï`)],
      ['kms:Decrypt', filesKey, through(HOME, 'files/a')],
      ['kms:Decrypt', siteKey, through(THERE, replica)],
      ...(writes ? write : []),
    ],
    [
      ...(writes ? [] : write),
      ['s3:GetObject', s3('secret/a')],
      ['s3:PutObject', s3('files/a')],
      ['s3:DeleteObject', s3('files/a')],
      ['s3:DeleteObjectVersion', s3(`${replica}/a`)],
      ['s3:PutObject', s3(`${replica}/a`)],
      ['s3:PutLifecycleConfiguration', s3(replica)],
      ['s3:PutBucketPolicy', s3(scratch)],
      ['kms:Decrypt', filesKey, through(HOME, 'secret/a')],
      ['kms:Decrypt', siteKey, through(THERE, 'state/a')],
      ['kms:Encrypt', siteKey, through(THERE, replica)],
    ],
  );
});

describe.each([
  ['teardown', /^RecoveryFunctionsTeardownRole/],
  ['sweep', /^RecoveryFunctionsSweepRole/],
])('removal: the role of %s', (_, logicalId) => {
  attack(
    'of a drill',
    logicalId,
    [
      ['s3:ListBucketVersions', s3(scratch)],
      ['s3:DeleteObject', s3(`${scratch}/drill/a`)],
      ['s3:DeleteObjectVersion', s3(`${scratch}/drill/a`)],
    ],
    [
      ['s3:DeleteObject', s3('files/a')],
      ['s3:DeleteObjectVersion', s3(`${replica}/a`)],
      ['s3:DeleteObject', s3(`${state}/resources/Gold/Files/lock.json`)],
      ['s3:DeleteBucket', s3(scratch)],
      ['s3:GetObject', s3(`${scratch}/drill/a`)],
    ],
  );
});

attack(
  'the role of AWS Backup',
  /^GoldBucketBackupRole/,
  [
    ['s3:GetObjectVersion', s3('files/a')],
    ['s3:PutBucketNotification', s3('files')],
    ['s3:PutInventoryConfiguration', s3('files')],
    ['events:PutRule', `arn:aws:events:${HOME}:${ACCOUNT}:rule/AwsBackupManagedRule-1`],
    ['kms:Decrypt', filesKey, through(HOME, 'files/a')],
  ],
  [
    ['s3:GetObjectVersion', s3('secret/a')],
    ['s3:PutBucketNotification', s3('secret')],
    ['s3:PutObject', s3('files/a')],
    ['s3:DeleteObject', s3('files/a')],
    ['events:PutRule', `arn:aws:events:${HOME}:${ACCOUNT}:rule/others`],
    ['kms:Decrypt', filesKey, through(HOME, 'secret/a')],
  ],
);

describe('the bucket and the key of another account', () => {
  const bucket = replicaOf(other);
  const { PolicyDocument: bucketPolicy } = other.there
    .all('AWS::S3::BucketPolicy')
    .find(({ properties }) => properties.Bucket === bucket)!.properties as { PolicyDocument: PolicyDocument };
  const key = other.there.one('AWS::KMS::Key', 'RecoveryKey');
  const ofKey = keyPolicy(other, key.arn)!;
  const rule = /^FilesRecoverableReplicationRole/;
  const safe = { 'aws:SecureTransport': 'true' };

  test.each<[boolean, RegExp, string, string, Context, PolicyDocument]>([
    [true, rule, 's3:ReplicateObject', s3(`${bucket}/a`), safe, bucketPolicy],
    [true, rule, 's3:ObjectOwnerOverrideToBucketOwner', s3(`${bucket}/a`), safe, bucketPolicy],
    [true, rule, 'kms:Encrypt', key.arn, through(THERE, bucket), ofKey],
    [true, rule, 'kms:Decrypt', key.arn, through(THERE, bucket), ofKey],
    [false, rule, 'kms:Decrypt', key.arn, through(THERE, 'state-of-theirs'), ofKey],
    [false, rule, 's3:GetObject', s3(`${bucket}/a`), safe, bucketPolicy],
    [false, rule, 's3:PutBucketVersioning', s3(bucket), safe, bucketPolicy],
    [false, /^LockedRecoverableReplicationRole/, 's3:ReplicateObject', s3(`${bucket}/a`), safe, bucketPolicy],
    [false, /^RecoveryFunctionsFilesRole/, 's3:GetObject', s3(`${bucket}/a`), safe, bucketPolicy],
  ])('%s: %s %s on %s', async (expected, logicalId, action, resource, context, policy) => {
    expect(await may(other, logicalId, action, resource, context, policy)).toBe(expected);
  });
});

const restored = same.home
  .all('AWS::S3::Bucket')
  .find(({ logicalId }) => logicalId.includes('RecoveryBucketRestore'))!.name;
const vaultKey = same.home.one('AWS::KMS::Key', 'RecoveryVaultKey').arn;
const throughBackup: Context = { 'kms:ViaService': `backup.${HOME}.amazonaws.com` };

attack(
  'the role of restores to buckets',
  /^RecoveryBucketRestoreRole/,
  [
    ['s3:PutObject', s3(`${restored}/a b`)],
    ['s3:PutObjectTagging', s3(`${restored}/a`)],
    ['s3:ListBucketVersions', s3(restored)],
    ['s3:GetBucketVersioning', s3(restored)],
    ['kms:Decrypt', vaultKey, throughBackup],
    ['kms:GenerateDataKey', homeKey, through(HOME, restored)],
  ],
  [
    ['s3:PutObject', s3('files/a')],
    ['s3:GetObject', s3('files/a')],
    ['s3:PutObject', s3('secret/a')],
    ['s3:PutObject', s3(`${state}/drills/x.json`)],
    ['s3:DeleteObject', s3(`${restored}/a`)],
    ['s3:DeleteObjectVersion', s3(`${restored}/a`)],
    ['s3:PutObjectAcl', s3(`${restored}/a`)],
    ['s3:PutBucketVersioning', s3(restored)],
    ['s3:PutBucketOwnershipControls', s3(restored)],
    ['s3:CreateBucket', s3('anything')],
    ['kms:Decrypt', vaultKey, {}],
    ['kms:GenerateDataKey', homeKey, throughBackup],
    ['kms:Decrypt', filesKey, through(HOME, 'files/a')],
  ],
);

const pointsOf = (name: string) => `arn:aws:backup:${HOME}:${ACCOUNT}:recovery-point:${name}`;

attack(
  'the role of the function that restores',
  /^RecoveryFunctionsRestoreRole/,
  [
    ['backup:StartRestoreJob', pointsOf('files-1')],
    ['backup:StartRestoreJob', pointsOf('continuous:files-1')],
    ['iam:PassRole', roleArn('RecoveryBucketRestoreRole'), passed('backup.amazonaws.com')],
    ['s3:GetObject', s3(`${restored}/a`)],
  ],
  [
    ['backup:StartRestoreJob', pointsOf('secret-1')],
    ['iam:PassRole', roleArn('RecoveryBucketRestoreRole'), passed('lambda.amazonaws.com')],
    ['iam:PassRole', roleArn('GoldBucketBackupRole'), passed('backup.amazonaws.com')],
    ['s3:PutObject', s3(`${restored}/a`)],
    ['s3:DeleteObjectVersion', s3(`${restored}/a`)],
  ],
);

for (const name of ['Teardown', 'Sweep']) {
  attack(
    `the role of ${name.toLowerCase()}, of what was restored`,
    new RegExp(`^RecoveryFunctions${name}Role`),
    [
      ['s3:DeleteObjectVersion', s3(`${restored}/a b`)],
      ['s3:ListBucketVersions', s3(restored)],
    ],
    [
      ['s3:DeleteObjectVersion', s3('files/a')],
      ['s3:DeleteObjectVersion', s3(`${replica}/a`)],
      ['s3:PutObject', s3(`${restored}/a`)],
      ['s3:DeleteBucket', s3(restored)],
    ],
  );
}
