import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { BackupClient, ListRecoveryPointsByBackupVaultCommand } from '@aws-sdk/client-backup';
import { DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, CopyDestination, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../../lib';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedRds,
  type BackupRule,
  type PolicyDocument,
  type RunningAws,
  type Statement,
} from '../../../rehearsal/aws';
import { Deployment } from '../../../rehearsal/template/deployment';
import { policiesOf } from '../../../rehearsal/template/roles';
import type { Template } from '../../../rehearsal/template/template';
import { FakeEngine } from './fake-engine';
import { delays, registry } from './rds-support';
import { account, clientOf, everything, keyArn, region, role, start } from './support';

/*
 * A copy job between two Regions, with the role, vaults and keys of the library's own templates: what it may not, it does not,
 * and what it makes is as AWS Backup makes it.
 */

const THERE = 'eu-central-1';
const ORDERS = `arn:aws:rds:${region}:${account}:db:orders`;

function deployed(): { home: Deployment; there: Deployment } {
  const app = new App();
  const env = { account };
  const drStack = new Stack(app, 'There', { env: { ...env, region: THERE } });
  const dr = new RecoverySite(drStack, 'Recovery', {
    name: 'acme',
    alerts: { ticket: new Topic(drStack, 'Tickets') },
    vault: { copiesFrom: ['444455556666'] },
  });
  const stack = new Stack(app, 'Home', { env: { ...env, region } });
  const plan = new RecoveryPlan(stack, 'Gold', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.days(2), rto: Duration.hours(1) },
    backup: BackupTiers.grandfatherFatherSon(),
    copyTo: [CopyDestination.site(dr, { retention: Duration.days(44) })],
  });
  const encryptionKey = Key.fromKeyArn(stack, 'Key', keyArn);
  plan
    .protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES, encryptionKey })
    .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  const assembly = app.synth();
  const of = (name: string) => assembly.getStackByName(name).template as Template;
  const there = new Deployment(of('There'), { stack: 'There', region: THERE, account });
  return { there, home: new Deployment(of('Home'), { stack: 'Home', region, account }, [there]) };
}

const { home, there } = deployed();
const backupRole = home.one('AWS::IAM::Role', 'GoldBackupRole');
const vault = home.one('AWS::Backup::BackupVault');
const vaultThere = there.one('AWS::Backup::BackupVault');
const keyThere = String(vaultThere.properties.EncryptionKeyArn);
const rule = (home.one('AWS::Backup::BackupPlan').properties.BackupPlan as { BackupPlanRule: BackupRule[] })
  .BackupPlanRule[0];

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

interface Changes {
  /** Of the plan's role. */
  readonly statements?: (statement: Statement) => boolean;
  /** More policies of the other Region's vault or key. */
  readonly policies?: Record<string, PolicyDocument>;
}

/** Both Regions, with one database that has not been backed up yet. */
async function regions({ statements = () => true, policies = {} }: Changes = {}) {
  const engine = new FakeEngine();
  const rds = {
    home: new RehearsedRds({ region, account, engine, registry, delays }),
    there: new RehearsedRds({ region: THERE, account, engine, registry, delays }),
  };
  opened.push(rds.home, rds.there);
  // Without automated backups, which are no matter of copies.
  const database = await engine.create();
  await rds.home.adoptSource({ identifier: 'orders', database, kmsKeyId: keyArn, backupRetentionPeriod: 0 });
  const keyPolicy = there.all('AWS::KMS::Key').find(({ arn }) => arn === keyThere)!.properties.KeyPolicy;
  const resourcePolicies = {
    [keyThere]: keyPolicy as PolicyDocument,
    [vaultThere.arn]: vaultThere.properties.AccessPolicy as PolicyDocument,
    ...policies,
  };
  const receiving = new RehearsedBackup({
    ...{ region: THERE, account, rds: rds.there.forBackup(), roles: new Map() },
    vaults: [{ name: vaultThere.name, arn: vaultThere.arn, keyArn: keyThere }],
    authorize: createAuthorize({ region: THERE, resourcePolicies }),
  });
  const kept = policiesOf(home, backupRole).map((document) => ({
    ...document,
    Statement: (document.Statement as Statement[]).filter(statements),
  }));
  const trust = backupRole.properties.AssumeRolePolicyDocument as PolicyDocument;
  const principal = { ...role(backupRole.name, ...kept), arn: backupRole.arn };
  const backup = new RehearsedBackup({
    ...{ region, account, rds: rds.home.forBackup(), vaults: [vault], elsewhere: [receiving] },
    roles: new Map([[backupRole.arn, { principal, trust }]]),
    authorize: createAuthorize({ region }),
  });
  await backup.backUp(ORDERS, vault.name, backupRole.arn, rule);
  const services = [rds.there.service(), receiving.service()];
  const aws = await start(services, { AKIATHERE: role('reader', everything) }, { region: THERE });
  opened.push(aws);
  return { jobs: backup.copyJobs, aws };
}

async function listed(aws: RunningAws) {
  const client = new BackupClient(clientOf(aws, 'AKIATHERE', { region: THERE }));
  const filter = { BackupVaultName: vaultThere.name, ByResourceArn: ORDERS };
  const { RecoveryPoints = [] } = await client.send(new ListRecoveryPointsByBackupVaultCommand(filter));
  client.destroy();
  return RecoveryPoints;
}

test('a copy belongs to the other Region, and still is of the instance at home and as old as its original', async () => {
  const { jobs, aws } = await regions();
  const [{ made, from }] = jobs;
  expect(jobs).toMatchObject([{ state: 'COMPLETED', vaultArn: vaultThere.arn }]);
  expect(made).toMatch(new RegExp(`^arn:aws:rds:${THERE}:${account}:snapshot:awsbackup:copyjob-`));
  expect(from).toMatch(new RegExp(`^arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-`));
  const [copy, ...more] = await listed(aws);
  expect(more).toEqual([]);
  expect(copy).toMatchObject({
    RecoveryPointArn: made,
    ResourceArn: ORDERS,
    SourceBackupVaultArn: vault.arn,
    Status: 'COMPLETED',
    Lifecycle: { DeleteAfterDays: 44 },
  });
  const client = new RDSClient(clientOf(aws, 'AKIATHERE', { region: THERE }));
  const { DBSnapshots = [] } = await client.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'awsbackup' }));
  client.destroy();
  expect(DBSnapshots).toMatchObject([
    { DBSnapshotArn: made, KmsKeyId: keyThere, Encrypted: true, Status: 'available' },
  ]);
  const [{ OriginalSnapshotCreateTime: original, SnapshotCreateTime: copied }] = DBSnapshots;
  expect(original!.getTime()).toBeLessThanOrEqual(copied!.getTime());
  expect(copy.CreationDate!.getTime()).toBeLessThanOrEqual(original!.getTime());
});

test.each<[string, RegExp]>([
  ['CopyInto', /not authorized to perform: backup:DescribeBackupVault on resource: .*:backup-vault:/],
  ['CopyFrom', /not authorized to perform: backup:CopyFromBackupVault on resource: .*:snapshot:awsbackup:job-/],
  ['CopySnapshots', /not authorized to perform: rds:CopyDBSnapshot on resource: arn:aws:rds:eu-central-1/],
  ['KeepCopies', /not authorized to perform: rds:AddTagsToResource on resource: .*eu-central-1.*:awsbackup:copyjob-/],
  ['DescribeCopyKeys', /kms:DescribeKey on resource: arn:aws:kms:eu-central-1/],
  ['GrantCopyKeys', /kms:CreateGrant on resource: arn:aws:kms:eu-central-1/],
])('without its statement %s the plan’s role copies nothing', async (sid, says) => {
  const { jobs, aws } = await regions({ statements: (statement) => statement.Sid !== sid });
  expect(jobs).toMatchObject([{ state: 'FAILED', message: expect.stringMatching(says) }]);
  expect(await listed(aws)).toEqual([]);
});

const denied = (Action: string): PolicyDocument => ({
  Statement: [{ Effect: 'Deny', Principal: '*', Action, Resource: '*' }],
});

test.each<[string, Record<string, PolicyDocument>, RegExp]>([
  [
    'vault',
    { [vaultThere.arn]: denied('backup:CopyIntoBackupVault') },
    /CopyIntoBackupVault .*explicit deny in a resource-based policy/,
  ],
  ['key', { [keyThere]: denied('kms:CreateGrant') }, /KMS key/],
])('what the policy of the other %s denies is not copied', async (_, policies, says) => {
  const { jobs, aws } = await regions({ policies });
  expect(jobs).toMatchObject([{ state: 'FAILED', message: expect.stringMatching(says) }]);
  expect(await listed(aws)).toEqual([]);
});
