import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { BackupTiers, type GivenReplica } from '../../../lib';
import { found, OTHER_ACCOUNT, regions, type Regions } from './support';

const DAY = 86_400;
const HOUR = 3_600;

const given: GivenReplica = {
  bucketName: 'legacy-replica',
  region: 'eu-central-1',
  keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
};
const objectives = (regionLossRpo?: Duration) => ({ rpo: Duration.hours(1), rto: Duration.hours(2), regionLossRpo });
const imported = ({ home }: Regions) => Bucket.fromBucketName(home, 'Legacy', 'legacy');

/** What the monitor is told, with whatever only a deployment knows left out. */
function watched(stack: Stack) {
  const { Properties } = found(stack, 'AWS::Scheduler::Schedule', /^GoldMonitor/);
  const { Input } = Properties.Target;
  const parts: unknown[] = typeof Input === 'string' ? [Input] : Input['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'deployed')).join('');
  const { resources, profiles } = JSON.parse(text);
  return { resources, profile: profiles[resources[0].profile] };
}

test('versions, replica and backups are sources, each with its age, and the keys that they need', () => {
  const { home, plan } = regions(undefined, {
    objectives: objectives(Duration.hours(6)),
    backup: BackupTiers.grandfatherFatherSon(),
  });
  const files = new Bucket(home, 'Files', {
    bucketName: 'acme-files',
    encryption: BucketEncryption.KMS,
    encryptionKey: new Key(home, 'Key'),
  });
  const resource = plan.protectBucket('Files', files);
  const { resources, profile } = watched(home);
  expect(resources).toEqual([
    {
      name: 'Gold/Files',
      kind: 'bucket',
      identifier: 'deployed',
      keyArn: 'deployed',
      replica: { bucket: resource.replicaBucketName, ruleId: resource.replicationRuleId, keyArn: 'deployed' },
      profile: 0,
    },
  ]);
  expect(profile).toMatchObject({ rpoSeconds: HOUR, regionLossRpoSeconds: 6 * HOUR });
  expect(profile.sources.slice(0, 2)).toEqual([
    { name: 'versions', kind: 'versions', allowedSeconds: HOUR, known: true },
    { name: 'replica in eu-central-1', kind: 'replica', region: 'eu-central-1', allowedSeconds: 6 * HOUR, known: true },
  ]);
  expect(profile.sources.slice(2).map(({ name }: { name: string }) => name)).toEqual([
    'daily recovery points',
    'weekly recovery points',
    'monthly recovery points',
  ]);
});

test('a continuous backup is a source of its own, which may be missing until its rule ran again', () => {
  const { home, plan } = regions(undefined, {
    backup: BackupTiers.grandfatherFatherSon({ continuous: Duration.days(35) }),
  });
  plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }));
  const { profile } = watched(home);
  expect(profile.sources.slice(2, 3)).toEqual([
    {
      ...{ name: 'continuous backup', kind: 'continuous', known: true, tier: 'continuous', retentionDays: 35 },
      ...{ vaultArn: expect.stringMatching(/:backup-vault:rcv-acme-/), completionSeconds: 8 * HOUR },
      allowedSeconds: DAY + 8 * HOUR + 15 * 60 + 2 * HOUR,
    },
  ]);
});

test('a replica is not late before S3 is: without Replication Time Control that is two days', () => {
  const replicated = (replicationTimeControl?: boolean) => {
    const { home, plan } = regions(undefined, { objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) } });
    plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }), { replicationTimeControl });
    return watched(home).profile.sources[1].allowedSeconds;
  };
  expect([replicated(), replicated(false)]).toEqual([30 * 60, 2 * DAY]);
});

test('an alarm of its own, which waits for its schedule, and the rights to ask and no more', () => {
  const { home, plan } = regions();
  const resource = plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }));
  expect(resource.recoverableAlarm.alarmName).toBeDefined();
  const alarm = found(home, 'AWS::CloudWatch::Alarm', /^GoldFilesRecoverable/);
  expect(alarm.DependsOn).toEqual([expect.stringMatching(/^GoldMonitorSchedule/)]);
  expect(alarm.Properties.Dimensions).toEqual([
    { Name: 'Resource', Value: 'Gold/Files' },
    { Name: 'Site', Value: 'acme' },
  ]);
  const policy = found(home, 'AWS::IAM::ManagedPolicy', /^GoldWatchBuckets/);
  expect(policy.Properties.Roles).toEqual([{ Ref: expect.stringMatching(/^SiteFunctionsMonitor/) }]);
  expect(policy.Properties.PolicyDocument.Statement).toMatchObject([
    { Action: ['s3:GetBucketVersioning', 's3:GetReplicationConfiguration'], Effect: 'Allow' },
    {
      Action: 'cloudwatch:GetMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
    },
    { Action: ['kms:DescribeKey', 'kms:GetKeyPolicy'], Resource: expect.not.stringMatching(/\*/) },
  ]);
});

test('of many buckets every one may be asked, and no policy grows too long', () => {
  const { home, plan } = regions(undefined, { copyTo: undefined });
  for (let i = 0; i < 51; i++) {
    const bucketName = `${'a-very-long-name-of-a-bucket-'.repeat(2)}${String(i).padStart(3, '0')}`;
    plan.protectBucket(`Files${i}`, Bucket.fromBucketName(home, `Files${i}`, bucketName), { versioned: true });
  }
  const policies = Template.fromStack(home).findResources('AWS::IAM::ManagedPolicy');
  const documents = Object.entries(policies)
    .filter(([id]) => /WatchBuckets/.test(id))
    .map(([, { Properties }]) => Properties.PolicyDocument);
  const asked = documents.map((one) => [one.Statement[0].Resource].flat().length);
  expect(asked).toEqual([50, 1]);
  for (const document of documents) expect(JSON.stringify(document).length).toBeLessThan(6_144 + 50 * 60);
});

test('an imported one is watched too, as far as it can be', () => {
  const one = regions(undefined, { copyTo: undefined });
  const { home, plan } = one;
  plan.protectBucket('Legacy', imported(one), { replica: { ...given, ruleId: 'to-dr' }, versioned: true });
  const { resources, profile } = watched(home);
  expect(resources[0].replica).toEqual({ bucket: 'legacy-replica', ruleId: 'to-dr', keyArn: given.keyArn });
  expect(profile.sources.map(({ kind }: { kind: string }) => kind)).toEqual(['versions', 'replica']);
});

test('a replica whose rule nobody names is not measured, and neither is the loss of the Region then: said, if it is promised', () => {
  const replicaOf = (regionLossRpo?: Duration) => {
    const one = regions(undefined, { copyTo: undefined, objectives: objectives(regionLossRpo) });
    one.plan.protectBucket('Legacy', imported(one), { replica: given, versioned: true });
    return one;
  };
  const promised = replicaOf(Duration.hours(6));
  const { resources, profile } = watched(promised.home);
  expect([resources[0].replica, profile.regionLossRpoSeconds]).toEqual([undefined, undefined]);
  expect(profile.sources.map(({ kind }: { kind: string }) => kind)).toEqual(['versions']);
  Annotations.fromStack(promised.home).hasWarning(
    '/Prod/Gold/Legacy',
    Match.stringLikeRegexp('regionLossRpo of Gold/Legacy is not measured.*give the ruleId of its replication'),
  );
  Annotations.fromStack(replicaOf().home).hasNoWarning('/Prod/Gold/Legacy', Match.anyValue());
});

test('nor is one in another account', () => {
  const { home, plan } = regions(OTHER_ACCOUNT, { objectives: objectives(Duration.hours(6)) });
  plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }));
  expect(watched(home).resources[0].replica).toBeUndefined();
  Annotations.fromStack(home).hasWarning('/Prod/Gold/Files', Match.stringLikeRegexp('in the other account alone'));
});

test('what is promised for the loss of the Region needs something elsewhere', () => {
  const one = regions(undefined, { copyTo: undefined, objectives: objectives(Duration.hours(6)) });
  expect(() => one.plan.protectBucket('Legacy', imported(one), { versioned: true })).toThrow(
    'objective regionLossRpo of 6 hours of Gold/Legacy cannot be met: nothing of it is kept in another Region; name a site there in copyTo of its plan or in replicateTo, give its replica if it has one, or promise less',
  );
});

test('nor can it be less than S3 promises of its replica', () => {
  const promise = (minutes: number) => regions(undefined, { objectives: objectives(Duration.minutes(minutes)) });
  const protect =
    ({ home, plan }: Regions, replicationTimeControl: boolean) =>
    () =>
      plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }), { replicationTimeControl });
  expect(protect(promise(10), true)).toThrow(
    'objective regionLossRpo of 10 minutes of Gold/Files cannot be met: its replica may be 15 minutes behind, and with Replication Time Control 15 minutes; promise no less',
  );
  expect(protect(promise(60), false)).toThrow(/its replica may be 1 day behind/);
  expect(protect(promise(15), true)).not.toThrow();
});

test('the cloud assembly says where it could be recovered from', () => {
  const { home, plan } = regions(undefined, { backup: BackupTiers.grandfatherFatherSon() });
  const resource = plan.protectBucket('Files', new Bucket(home, 'Files', { bucketName: 'acme-files' }));
  const [{ data }] = resource.node.metadata.filter(({ type }) => type === 'cdk-recoverable:resource');
  const said = home.resolve(data);
  expect(said).toMatchObject({
    ...{ name: 'Gold/Files', kind: 'bucket', engine: 's3', ownership: 'owned', sets: [], drills: [] },
    objectives: { rpo: { best: { seconds: 0, source: 'versions', known: true } } },
  });
  expect(said.sources.map((one: Record<string, unknown>) => [one.name, one.region, one.retentionDays])).toEqual([
    ['versions', 'eu-west-1', undefined],
    ['replica', 'eu-central-1', 90],
    ['daily recovery points', 'eu-west-1', 30],
    ['weekly recovery points', 'eu-west-1', 90],
    ['monthly recovery points', 'eu-west-1', 365],
  ]);
});
