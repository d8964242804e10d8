import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, CfnBucket, EventType, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, BucketSource, Check, DrillSchedule, RecoverySite } from '../../../lib';
import { flatten, PRIVATE_BUCKET } from '../support';
import { ENV, found, OTHER_ACCOUNT, regions, ruleOf } from './support';

const rule = (id: string, priority?: number, filter: object | undefined = { prefix: 'x/' }) => ({
  id,
  status: 'Enabled',
  ...(priority !== undefined && { priority }),
  ...(filter && { filter }),
  deleteMarkerReplication: { status: 'Disabled' },
  destination: { bucket: 'arn:aws:s3:::elsewhere' },
});

describe('a bucket of this app', () => {
  test('is versioned and replicated under the key of the other site, whose name and stack are known before', () => {
    const { home, there, plan } = regions();
    const uploads = plan.protectBucket('Uploads', new Bucket(home, 'Uploads'));
    const { Properties } = found(home, 'AWS::S3::Bucket', /^Uploads/);
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(ruleOf(home, /^Uploads/)).toMatchObject({
      Id: uploads.replicationRuleId,
      Priority: 1,
      Filter: { Prefix: '' },
      DeleteMarkerReplication: { Status: 'Disabled' },
      SourceSelectionCriteria: {
        SseKmsEncryptedObjects: { Status: 'Enabled' },
        ReplicaModifications: { Status: 'Disabled' },
      },
      Destination: {
        EncryptionConfiguration: {
          ReplicaKmsKeyID: {
            'Fn::GetStackOutput': {
              StackName: 'Dr',
              Region: 'eu-central-1',
              OutputName: 'RecoverySiteKeyrcvacme3422c09a',
            },
          },
        },
        ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
        Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
      },
    });
    expect(flatten(ruleOf(home, /^Uploads/).Destination.Bucket)).toBe(
      `arn:<AWS.Partition>:s3:::${uploads.replicaBucketName}`,
    );
    const replica = found(there, 'AWS::S3::Bucket', /Replicas/);
    expect(replica).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        BucketName: uploads.replicaBucketName,
        ...PRIVATE_BUCKET,
        LifecycleConfiguration: {
          Rules: [
            { NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
            { ExpiredObjectDeleteMarker: true, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
          ],
        },
      },
    });
    expect(replica.Properties.ObjectLockEnabled).toBeUndefined();
    Template.fromStack(there).hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('Replicas') },
      PolicyDocument: { Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] },
    });
    expect(home.dependencies.map(({ stackName }) => stackName)).toEqual(['Dr']);
    expect(there.dependencies).toEqual([]);
    expect(uploads._definition()).toMatchObject({
      name: 'Gold/Uploads',
      region: 'eu-west-1',
      replica: { region: 'eu-central-1', lagSeconds: 1_800, deleteMarkers: false },
    });
  });

  test('makes no custom resource, in whatever stack it is', () => {
    const { home, there, plan } = regions();
    const data = new Stack(home.node.root as never, 'Data', { env: ENV });
    plan.protectBucket('Uploads', new Bucket(data, 'Uploads'));
    for (const stack of [home, there, data]) {
      const types = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);
      expect(types.filter(({ Type }) => /^Custom::|CustomResource/.test(Type))).toEqual([]);
    }
    expect(data.dependencies).toEqual([there]);
  });

  test('says every choice', () => {
    const { home, there, plan } = regions();
    const bucket = new Bucket(home, 'Uploads', { bucketName: 'acme-uploads' });
    const uploads = plan.protectBucket('Uploads', bucket, {
      replicationTimeControl: false,
      replicateDeleteMarkers: true,
      replicateModifications: true,
      existingObjects: false,
      oldVersions: Duration.days(30),
      priority: 7,
    });
    const said = ruleOf(home, /^Uploads/);
    expect(said).toMatchObject({
      Priority: 7,
      DeleteMarkerReplication: { Status: 'Enabled' },
      SourceSelectionCriteria: { ReplicaModifications: { Status: 'Enabled' } },
      Destination: { Metrics: { Status: 'Enabled' } },
    });
    expect(said.Destination.ReplicationTime).toBeUndefined();
    expect(said.Destination.Metrics.EventThreshold).toBeUndefined();
    expect(uploads._definition().replica).toMatchObject({ lagSeconds: 172_800, deleteMarkers: true });
    for (const [stack, id] of [
      [home, /^Uploads/],
      [there, /Replicas/],
    ] as const) {
      expect(found(stack, 'AWS::S3::Bucket', id).Properties.LifecycleConfiguration.Rules[0]).toMatchObject({
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      });
    }
    Template.fromStack(home).resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { Description: Match.stringLikeRegexp('older') },
      0,
    );
  });

  test('keeps the old versions that it kept before', () => {
    const { home, plan } = regions();
    plan.protectBucket('Uploads', new Bucket(home, 'Uploads', { versioned: true }));
    expect(found(home, 'AWS::S3::Bucket', /^Uploads/).Properties.LifecycleConfiguration).toBeUndefined();
  });

  test('has its Object Lock carried over, and its role may read what is locked', () => {
    const { home, there, plan } = regions();
    const bucket = new Bucket(home, 'Uploads', {
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(3)),
    });
    plan.protectBucket('Uploads', bucket);
    expect(found(there, 'AWS::S3::Bucket', /Replicas/).Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Days: 3, Mode: 'GOVERNANCE' } },
      },
    });
    expect(JSON.stringify(found(home, 'AWS::IAM::Policy', /RecoverableReplication/))).toContain(
      's3:GetObjectLegalHold',
    );
  });

  test('keeps rules of its own, whose role ours goes under', () => {
    const { home, plan } = regions();
    const role = new Role(home, 'Own', { assumedBy: new ServicePrincipal('s3.amazonaws.com') });
    const bucket = new CfnBucket(home, 'Uploads', {
      versioningConfiguration: { status: 'Enabled' },
      replicationConfiguration: { role: role.roleArn, rules: [rule('theirs', 4)] },
    });
    const uploads = plan.protectBucket('Uploads', bucket);
    const { Role: under, Rules } = found(home, 'AWS::S3::Bucket', /^Uploads/).Properties.ReplicationConfiguration;
    expect(under).toEqual(home.resolve(role.roleArn));
    expect(Rules.map(({ Id, Priority }: { Id: string; Priority: number }) => [Id, Priority])).toEqual([
      ['theirs', 4],
      [uploads.replicationRuleId, 5],
    ]);
    expect(uploads.replicationRole).toBe(role);
  });

  test('is watched: failures at home, lag where the replica is, nothing said where nothing is measured', () => {
    const { home, there, plan } = regions();
    const uploads = plan.protectBucket('Uploads', new Bucket(home, 'Uploads', { bucketName: 'acme-uploads' }));
    const dimensions = [
      { Name: 'DestinationBucket', Value: uploads.replicaBucketName },
      { Name: 'RuleId', Value: uploads.replicationRuleId },
    ];
    Template.fromStack(home).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/S3',
      MetricName: 'OperationsFailedReplication',
      Statistic: 'Sum',
      Threshold: 0,
      TreatMissingData: 'ignore',
      Dimensions: [...dimensions, { Name: 'SourceBucket', Value: { Ref: Match.anyValue() } }],
    });
    const metric = (MetricName: string) =>
      Match.objectLike({
        MetricStat: {
          Metric: {
            Namespace: 'AWS/S3',
            MetricName,
            Dimensions: [...dimensions, { Name: 'SourceBucket', Value: 'acme-uploads' }],
          },
        },
      });
    Template.fromStack(there).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 900,
      EvaluationPeriods: 3,
      TreatMissingData: 'ignore',
      Metrics: Match.arrayWith([metric('OperationsPendingReplication'), metric('ReplicationLatency')]),
    });
  });

  test('without a name known here, the alarm in the other Region is asked for', () => {
    const { home, there, plan } = regions();
    const unnamed = new Bucket(home, 'Unnamed');
    plan.protectBucket('Unnamed', unnamed);
    plan.protectBucket('Told', new Bucket(home, 'Told'), { bucketName: 'prod-told-1a2b3c' });
    Annotations.fromStack(home).hasWarning('/Prod/Gold/Unnamed', Match.stringLikeRegexp('give bucketName'));
    Annotations.fromStack(home).hasNoWarning('/Prod/Gold/Told', Match.anyValue());
    Template.fromStack(there).resourcePropertiesCountIs(
      'AWS::CloudWatch::Alarm',
      { AlarmDescription: Match.stringLikeRegexp('replica of Gold/') },
      1,
    );
  });

  test.each([
    ['an L1', (stack: Stack) => new CfnBucket(stack, 'Uploads')],
    ['an L2', (stack: Stack) => new Bucket(stack, 'Uploads')],
    [
      'an L1 with notifications',
      (stack: Stack) => new CfnBucket(stack, 'Uploads', { notificationConfiguration: { topicConfigurations: [] } }),
    ],
  ])('is backed up by tiers, with events to EventBridge: %s', (_, make) => {
    const { home, plan } = regions(undefined, {
      backup: BackupTiers.grandfatherFatherSon({ continuous: Duration.days(35) }),
    });
    const bucket = make(home);
    plan.protectBucket('Uploads', bucket);
    expect(found(home, 'AWS::S3::Bucket', /^Uploads/).Properties.NotificationConfiguration).toMatchObject({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    const rules = found(home, 'AWS::Backup::BackupPlan', /BucketBackup/).Properties.BackupPlan.BackupPlanRule;
    expect(rules).toHaveLength(4);
    expect(new Set(rules.map((one: { TargetBackupVault: object }) => JSON.stringify(one.TargetBackupVault))).size).toBe(
      1,
    );
    expect(rules.filter((one: { CopyActions?: unknown }) => one.CopyActions)).toEqual([]);
    const { Resources } = found(home, 'AWS::Backup::BackupSelection', /BucketBackup/).Properties.BackupSelection;
    expect(Resources).toEqual([home.resolve(bucket.bucketRef.bucketArn)]);
  });

  test('whose notifications the CDK puts says EventBridge there, also of one that is added later', () => {
    const { home, plan } = regions(undefined, { backup: BackupTiers.grandfatherFatherSon() });
    const bucket = new Bucket(home, 'Uploads');
    plan.protectBucket('Uploads', bucket);
    bucket.addEventNotification(EventType.OBJECT_CREATED, new SnsDestination(new Topic(home, 'Created')));
    expect(found(home, 'AWS::S3::Bucket', /^Uploads/).Properties.NotificationConfiguration).toBeUndefined();
    Template.fromStack(home).hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: { EventBridgeConfiguration: {}, TopicConfigurations: Match.anyValue() },
    });
  });
});

describe('a replica in another account', () => {
  test('belongs to that account, whose bucket and key let one role in by its fixed name', () => {
    const { home, there, plan } = regions(OTHER_ACCOUNT);
    const uploads = plan.protectBucket('Uploads', new Bucket(home, 'Uploads', { encryption: BucketEncryption.KMS }));
    expect(uploads.replicaBucketName).toMatch(/-444455556666$/);
    const { Destination } = ruleOf(home, /^Uploads/);
    expect(Destination).toMatchObject({ Account: '444455556666', AccessControlTranslation: { Owner: 'Destination' } });
    expect(flatten(Destination.EncryptionConfiguration.ReplicaKmsKeyID)).toMatch(
      /^arn:<AWS.Partition>:kms:eu-central-1:444455556666:alias\/rcv-acme-[0-9a-f]{8}-replicas$/,
    );
    Template.fromStack(there).hasResourceProperties('AWS::KMS::Alias', {
      AliasName: Match.stringLikeRegexp('^alias/rcv-acme-[0-9a-f]{8}-replicas$'),
    });
    const name = found(home, 'AWS::IAM::Role', /RecoverableReplication/).Properties.RoleName;
    for (const [type, id] of [
      ['AWS::S3::BucketPolicy', /Replicas/],
      ['AWS::KMS::Key', /^SiteKey/],
    ] as const) {
      const { PolicyDocument, KeyPolicy } = found(there, type, id).Properties;
      const statements = (PolicyDocument ?? KeyPolicy).Statement as Record<string, never>[];
      const ours = statements.filter(({ Condition }) => Condition?.['ArnEquals']);
      expect(ours.length).toBeGreaterThan(0);
      for (const { Principal, Condition } of ours) {
        expect(flatten((Principal as { AWS: unknown }).AWS)).toBe('arn:<AWS.Partition>:iam::111122223333:root');
        expect(flatten(Condition['ArnEquals']['aws:PrincipalArn'])).toBe(
          `arn:<AWS.Partition>:iam::111122223333:role/${name}`,
        );
      }
    }
  });

  test('is no part of drills, which may not read it: said, and refused where it is named', () => {
    const { home, plan } = regions(OTHER_ACCOUNT);
    const uploads = plan.protectBucket('Uploads', new Bucket(home, 'Uploads', { bucketName: 'acme-uploads' }));
    const schedule = DrillSchedule.weekly();
    const drill = uploads.addDrill('Undo', { schedule, sources: [BucketSource.versions()] });
    expect(drill._inventory().sources).toEqual(['versions']);
    const { Target } = found(home, 'AWS::Scheduler::Schedule', /Undo/).Properties;
    expect(flatten(Target.Input)).not.toContain('replica:Gold/Uploads');
    Annotations.fromStack(home).hasWarning('*', Match.stringLikeRegexp('does not look at its replica'));
    expect(() => Check.replica(uploads)).toThrow(/^Check.replica of Gold\/Uploads cannot look at it/);
    expect(() => uploads.addDrill('Copy', { schedule, sources: [BucketSource.replica()] })).toThrow(
      /^the replica of Gold\/Uploads is in another account/,
    );
  });

  test('of a bucket with rules of its own is refused', () => {
    const { home, plan } = regions(OTHER_ACCOUNT);
    const role = new Role(home, 'Own', { assumedBy: new ServicePrincipal('s3.amazonaws.com') });
    const bucket = new CfnBucket(home, 'Uploads', {
      replicationConfiguration: { role: role.roleArn, rules: [rule('theirs', 4)] },
    });
    expect(() => plan.protectBucket('Uploads', bucket)).toThrow(/cannot be told of/);
  });
});

describe('refuses in one sentence', () => {
  const cfn = (stack: Stack, props: ConstructorParameters<typeof CfnBucket>[2]) =>
    new CfnBucket(stack, 'Uploads', props);
  const own = (stack: Stack) => new Role(stack, 'Own', { assumedBy: new ServicePrincipal('s3.amazonaws.com') }).roleArn;
  const alias = (stack: Stack) => Alias.fromAliasName(stack, 'Alias', 'alias/uploads');

  test.each<[string, (stack: Stack) => Bucket | CfnBucket, object, RegExp]>([
    [
      'suspended versions',
      (s) => cfn(s, { versioningConfiguration: { status: 'Suspended' } }),
      {},
      /versioning of Gold\/Uploads is Suspended/,
    ],
    ['said to be unversioned', (s) => cfn(s, {}), { versioned: false }, /is not versioned/],
    ['a key known by an alias', (s) => new Bucket(s, 'Uploads', { encryptionKey: alias(s) }), {}, /give encryptionKey/],
    [
      'a key known by its id',
      (s) =>
        cfn(s, {
          bucketEncryption: {
            serverSideEncryptionConfiguration: [
              { serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: '1234' } },
            ],
          },
        }),
      {},
      /give encryptionKey/,
    ],
    [
      'a priority that is taken',
      (s) => cfn(s, { replicationConfiguration: { role: own(s), rules: [rule('theirs', 4)] } }),
      { priority: 4 },
      /priority 4 .* is that of another rule/,
    ],
    [
      'a priority that is none',
      (s) => cfn(s, {}),
      { priority: -1 },
      /priority of the replication of Gold\/Uploads must be a whole number/,
    ],
    [
      'a rule without priority',
      (s) => cfn(s, { replicationConfiguration: { role: own(s), rules: [rule('theirs')] } }),
      {},
      /priority is not known/,
    ],
    [
      'a rule of version 1',
      (s) =>
        cfn(s, {
          replicationConfiguration: { role: own(s), rules: [{ ...rule('theirs', 1), filter: undefined, prefix: '' }] },
        }),
      {},
      /without a filter/,
    ],
    [
      'rules under a role that is not here',
      (s) => cfn(s, { replicationConfiguration: { role: 'arn:aws:iam::1:role/x', rules: [rule('theirs', 1)] } }),
      {},
      /role that is not of this app/,
    ],
    [
      'a replica of one that is managed',
      (s) => cfn(s, {}),
      { replica: { bucketName: 'x-y-z', region: 'eu-central-1', keyArn: 'arn:aws:kms:eu-central-1:1:key/x' } },
      /leave replica out/,
    ],
    [
      'old versions for an hour',
      (s) => cfn(s, {}),
      { oldVersions: Duration.hours(1) },
      /oldVersions of Gold\/Uploads must be whole days/,
    ],
    [
      'another name than it has',
      (s) => cfn(s, { bucketName: 'one-name' }),
      { bucketName: 'another' },
      /is bucket one-name and not "another"/,
    ],
    ['a name that is none', (s) => cfn(s, {}), { bucketName: 'A..b' }, /3 to 63 lower-case letters/],
  ])('%s', (_, make, options, message) => {
    const { home, plan } = regions();
    expect(() => plan.protectBucket('Uploads', make(home), options)).toThrow(message);
  });

  test('a replica in the home Region', () => {
    const { home, site, plan } = regions();
    const near = new RecoverySite(new Stack(home.node.root as never, 'Near', { env: ENV }), 'Site', { name: 'near' });
    for (const replicateTo of [site, near]) {
      const bucket = new Bucket(home, `Uploads${replicateTo.siteName}`);
      expect(() => plan.protectBucket('Uploads', bucket, { replicateTo })).toThrow(
        /the replica of Gold\/Uploads would be in "eu-west-1", the home Region of the bucket/,
      );
      plan.node.tryRemoveChild('Uploads');
    }
  });

  test('nothing that would protect it', () => {
    const { home, plan } = regions(undefined, { copyTo: undefined });
    expect(() => plan.protectBucket('Uploads', new Bucket(home, 'Uploads'))).toThrow(/nowhere to be replicated to/);
  });

  test('cold storage', () => {
    const backup = BackupTiers.grandfatherFatherSon({ moveToColdStorageAfter: Duration.days(30) });
    const { home, plan } = regions(undefined, { backup });
    expect(() => plan.protectBucket('Uploads', new Bucket(home, 'Uploads'))).toThrow(/ignores it for S3/);
  });

  test('a bucket of another Region', () => {
    const { home, plan } = regions();
    const far = new Stack(home.node.root as never, 'Far', { env: { ...ENV, region: 'us-east-1' } });
    expect(() => plan.protectBucket('Uploads', new Bucket(far, 'Uploads'))).toThrow(/in Region us-east-1 and its site/);
  });

  test('an id of the plan’s own', () => {
    const { home, plan } = regions();
    for (const id of ['BucketBackup', 'DrillsRead', 'DrillsRead2']) {
      expect(() => plan.protectBucket(id, new Bucket(home, `B${id}`))).toThrow(/part of its own named/);
    }
  });
});

test('a key that is given is the one that roles may use', () => {
  const { home, plan } = regions();
  const key = new Key(home, 'Key');
  plan.protectBucket('Uploads', new Bucket(home, 'Uploads'), { encryptionKey: key });
  const [statement] = found(
    home,
    'AWS::IAM::Policy',
    /RecoverableReplication/,
  ).Properties.PolicyDocument.Statement.filter(
    ({ Resource }: { Resource: unknown }) => JSON.stringify(Resource) === JSON.stringify(home.resolve(key.keyArn)),
  );
  expect(statement.Action).toBe('kms:Decrypt');
});
