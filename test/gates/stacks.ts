import { type App, CfnWaitConditionHandle, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { configured } from '../../bin/app/configured';
import { example } from '../../bin/app/example';
import { config } from '../../bin/config';
import {
  AlertTopics,
  BackupTiers,
  BucketSource,
  Check,
  CopyDestination,
  DrillSchedule,
  Engine,
  EvidenceLock,
  Expect,
  Heartbeat,
  MigrationTool,
  PreDeploymentBackup,
  RecoveryPlan,
  RecoverySite,
  RecoverySource,
  SignedWebhook,
  StandardCheck,
  VaultLockMode,
} from '../../lib';
import { newApp } from '../lib/app';

export interface Gated {
  readonly name: string;
  readonly app: App;
  readonly stacks: Stack[];
}

/** What the gates look at: the app that is deployed, in both its forms, and a plan and a site with everything in two stacks. */
export function gated(): Gated[] {
  const databases = [{ name: 'Legacy', identifier: 'legacy-prod' }];
  return [
    withStacks('example', example),
    withStacks('configured', (app) => configured(app, { ...config, databases })),
    withStacks('maximal', maximal),
    withStacks('other account', otherAccount),
  ];
}

export interface Synthesized {
  readonly name: string;
  readonly template: Template;
}

export interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

export function templates(): Synthesized[] {
  return gated().flatMap(({ name, app, stacks }) => {
    const assembly = app.synth();
    return stacks.map((stack) => ({
      name: `${name}/${stack.stackName}`,
      template: assembly.getStackByName(stack.stackName).template as Template,
    }));
  });
}

function withStacks(name: string, build: (app: App) => void): Gated {
  const app = newApp();
  build(app);
  return { name, app, stacks: app.node.children.filter((child) => Stack.isStack(child)) };
}

function maximal(app: App): void {
  const env = { region: 'eu-west-1', account: '111122223333' };
  const siteStack = new Stack(app, 'MaximalSite', { env });
  const stack = new Stack(app, 'MaximalPlan', { env });
  const site = new RecoverySite(siteStack, 'Site', {
    name: 'maximal',
    zones: ['eu-west-1a', 'eu-west-1b'],
    alerts: new AlertTopics(siteStack, 'SiteAlerts').alerts,
    evidence: {
      objectLock: EvidenceLock.COMPLIANCE,
      acknowledgeEvidenceCannotBeDeletedByAnyone: true,
      retention: Duration.days(30),
    },
    vault: {
      breakGlassRole: Role.fromRoleArn(siteStack, 'BreakGlass', 'arn:aws:iam::111122223333:role/break-glass'),
      lockMode: VaultLockMode.COMPLIANCE,
      minRetention: Duration.days(7),
      maxRetention: Duration.days(3_650),
      acknowledgeRecoveryPointsCannotBeDeletedByAnyone: true,
    },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const drStack = new Stack(app, 'MaximalDr', { env: { ...env, region: 'eu-central-1' } });
  const dr = new RecoverySite(drStack, 'Site', {
    name: 'maximal',
    alerts: new AlertTopics(drStack, 'SiteAlerts').alerts,
    vault: { copiesFrom: ['444455556666', 'o-a1b2c3d4e5'] },
  });
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const plan = new RecoveryPlan(stack, 'Gold', {
    site,
    owner: 'Payments',
    alerts: new AlertTopics(stack, 'Alerts', { emails: ['platform@example.com'], encryptionKey: key }).alerts,
    objectives: { rpo: Duration.days(1), rto: Duration.hours(4) },
    backup: BackupTiers.grandfatherFatherSon({ yearly: Duration.days(2_557) }),
    copyTo: [dr, CopyDestination.vault('arn:aws:backup:eu-west-1:444455556666:backup-vault:safe')],
  });
  const owned = plan.protectInstance('Owned', database(stack, key, 'Owned'));
  owned.addDrill('Weekly', {
    schedule: DrillSchedule.weekly(),
    sources: [RecoverySource.pointInTime(), RecoverySource.snapshot(), RecoverySource.recoveryPoint()],
    checks: everyCheck(),
    withoutChecks: [{ check: StandardCheck.FOREIGN_KEYS, reason: 'takes half an hour' }],
  });
  plan.protectInstanceById('Undrilled', 'legacy-orders', { engine: Engine.ORACLE_SE2 });
  const cluster = plan.protectClusterById('Cluster', 'legacy-cluster', { engine: Engine.AURORA_MYSQL });
  new PreDeploymentBackup(stack, 'BeforeMigration', {
    resource: owned,
    version: '2026-11-20-orders',
    before: [new CfnWaitConditionHandle(stack, 'Migration')],
  });
  new PreDeploymentBackup(stack, 'BeforeClusterMigration', {
    resource: cluster,
    version: '2026-11-20-ledger',
    before: [new CfnWaitConditionHandle(stack, 'ClusterMigration')],
  });
  const observed = plan.protectInstanceById('Observed', 'legacy-prod', { engine: Engine.POSTGRES });
  observed.addDrill('Quarterly', {
    schedule: DrillSchedule.quarterly(),
    sources: [RecoverySource.recoveryPoint(), RecoverySource.copyIn(dr)],
    checks: Array.from({ length: 300 }, (_, index) => Check.rowCount(`table_${index}`, { atLeast: 1 })),
  });
  buckets(stack, plan, key);
  plan.watchTagged('Tagged', 'backup', 'daily');
  site.alarmOnUnprotected({ exclude: ['scratch-*'], buckets: true });
  const secret = (scope: Stack, name: string) =>
    Secret.fromSecretCompleteArn(scope, name, `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-a1b2c3`);
  new Heartbeat(siteStack, 'Heartbeat', { site, url: secret(siteStack, 'PingUrl') });
  new SignedWebhook(stack, 'Webhook', {
    site,
    topics: [plan.alerts.page!, plan.alerts.ticket!],
    url: 'https://hooks.example.com/recovery',
    secret: secret(stack, 'SigningKey'),
  });
  continuous(stack, site);
}

/** Buckets of every kind: named, locked, with rules of its own, not of this app. */
function buckets(stack: Stack, plan: RecoveryPlan, key: Key): void {
  const safe = { enforceSSL: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL };
  const uploads = plan.protectBucket(
    'Uploads',
    new Bucket(stack, 'Uploads', {
      ...safe,
      bucketName: 'maximal-uploads',
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(30)),
    }),
    { replicateDeleteMarkers: true, replicateModifications: true },
  );
  const documents = plan.protectBucket('Documents', new Bucket(stack, 'Documents', { ...safe }), {
    replicationTimeControl: false,
  });
  for (const bucket of [uploads, documents]) {
    bucket.addDrill('Monthly', { schedule: DrillSchedule.monthly(), sources: [BucketSource.backup()] });
  }
  plan.protectBucket('Scans', Bucket.fromBucketName(stack, 'Scans', 'legacy-scans'), {
    versioned: true,
    replica: {
      bucketName: 'legacy-scans-replica',
      region: 'eu-central-1',
      keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      ruleId: 'everything',
    },
  });
}

/** A bucket whose replica is in another account, in a Region of its own. */
function otherAccount(app: App): void {
  const stack = new Stack(app, 'MaximalVault', { env: { region: 'eu-south-1', account: '444455556666' } });
  const home = new Stack(app, 'MaximalFiles', { env: { region: 'eu-west-3', account: '111122223333' } });
  const site = new RecoverySite(home, 'Site', { name: 'files', alerts: new AlertTopics(home, 'SiteAlerts').alerts });
  const vault = new RecoverySite(stack, 'Site', { name: 'files', alerts: new AlertTopics(stack, 'SiteAlerts').alerts });
  const plan = new RecoveryPlan(home, 'Gold', {
    site,
    owner: 'Documents',
    alerts: new AlertTopics(home, 'Alerts').alerts,
    objectives: { rpo: Duration.hours(1), rto: Duration.hours(4) },
  });
  const bucket = new CfnBucket(home, 'Papers', { bucketName: 'maximal-papers' });
  plan.protectBucket('Papers', bucket, { replicateTo: vault });
}

/** What AWS Backup takes continuously, of both kinds. */
function continuous(stack: Stack, site: RecoverySite): void {
  const plan = new RecoveryPlan(stack, 'Silver', {
    site,
    owner: 'Ledger',
    alerts: new AlertTopics(stack, 'SilverAlerts').alerts,
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(4) },
    backup: BackupTiers.grandfatherFatherSon({ continuous: Duration.days(35) }),
  });
  plan
    .protectInstance('OwnedContinuous', database(stack, undefined, 'OwnedContinuous'))
    .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  plan.protectCluster('OwnedCluster', cluster(stack));
}

function cluster(stack: Stack): DatabaseCluster {
  return new DatabaseCluster(stack, 'OwnedCluster', {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    writer: ClusterInstance.serverlessV2('Writer'),
    vpc: network(stack),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    storageEncrypted: true,
    iamAuthentication: true,
    port: 5433,
  });
}

function everyCheck(): Check[] {
  return [
    Check.rowCount('orders', { atLeast: 1, atMost: 10 }),
    Check.freshness('orders', 'created_at'),
    Check.schemaVersion(MigrationTool.PRISMA, { atLeast: '2026' }),
    Check.query('q', 'select 1', Expect.between(0, 2)),
  ];
}

function database(stack: Stack, key: Key | undefined, id: string): DatabaseInstance {
  return new DatabaseInstance(stack, id, {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    vpc: network(stack),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    storageEncrypted: true,
    storageEncryptionKey: key,
    multiAz: true,
    deletionProtection: true,
    iamAuthentication: true,
    port: 5433,
  });
}

function network(stack: Stack): IVpc {
  const made = stack.node.tryFindChild('Vpc') as IVpc | undefined;
  return (
    made ??
    Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
    })
  );
}
