import 'aws-cdk-lib/testhelpers/jest-autoclean';
import {
  BackupClient,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRestoreJobsCommand,
  StartRestoreJobCommand,
  type StartRestoreJobCommandInput,
} from '@aws-sdk/client-backup';
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySource } from '../../../lib';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedRds,
  type PolicyDocument,
  type RunningAws,
} from '../../../rehearsal/aws';
import { Deployment } from '../../../rehearsal/template/deployment';
import { policiesOf } from '../../../rehearsal/template/roles';
import type { Template } from '../../../rehearsal/template/template';
import { FakeEngine } from './fake-engine';
import { delays, registry } from './rds-support';
import { account, clientOf, keyArn, place, policy, region, rejection, role, start, until } from './support';

/*
 * AWS Backup as the library's own template sets it up: its roles, its vault, its key. What it refuses here it refuses for the
 * reason that AWS has, and what it does it does with the rights of the role that it was given.
 */

const ORDERS = `arn:aws:rds:${region}:${account}:db:orders`;
const LEDGER = `arn:aws:rds:${region}:${account}:db:ledger`;

function deployed(): { deployment: Deployment; prefix: string } {
  const app = new App();
  const stack = new Stack(app, 'Backed', { env: { region, account } });
  const plan = new RecoveryPlan(stack, 'Gold', {
    owner: 'Tests',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.days(2), rto: Duration.hours(1) },
    backup: BackupTiers.grandfatherFatherSon(),
  });
  plan
    .protectInstanceById('Orders', 'orders', {
      engine: Engine.POSTGRES,
      encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn),
    })
    .addDrill('Weekly', { schedule: DrillSchedule.weekly(), sources: [RecoverySource.recoveryPoint()] });
  const template = app.synth().getStackByName('Backed').template as Template;
  return { deployment: new Deployment(template, { stack: 'Backed', ...place }), prefix: plan.site.prefix };
}

const { deployment, prefix } = deployed();
const roleNamed = (word: string) => deployment.one('AWS::IAM::Role', word);
const backupRole = roleNamed('GoldBackupRole').arn;
const restoreRole = roleNamed('RecoveryPointRestoreRole').arn;
const vault = deployment.one('AWS::Backup::BackupVault');

let aws: RunningAws;
let rds: RehearsedRds;
let backup: RehearsedBackup;
let point: string;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  const engine = new FakeEngine();
  const groups = [{ ...registry.subnetGroups[0], name: `${prefix}drill` }, ...registry.subnetGroups];
  const more = { ...registry, subnetGroups: groups };
  rds = new RehearsedRds({ ...place, engine, registry: more, delays, lagSeconds: 0.2 });
  for (const identifier of ['orders', 'ledger']) {
    const tags = [{ Key: 'team', Value: 'payments' }];
    await rds.adoptSource({ identifier, database: await engine.create(), kmsKeyId: keyArn, tags });
  }
  const roles = deployment.all('AWS::IAM::Role').map(
    (each) =>
      [
        each.arn,
        {
          principal: { arn: each.arn, policies: policiesOf(deployment, each) },
          trust: each.properties.AssumeRolePolicyDocument as PolicyDocument,
        },
      ] as const,
  );
  backup = new RehearsedBackup({
    ...place,
    rds: rds.forBackup(),
    vaults: [vault],
    roles: new Map(roles),
    authorize: createAuthorize({ region }),
    delays: { pending: 20, poll: 10 },
  });
  const passer = role(
    'passer',
    policy('backup:StartRestoreJob', '*'),
    policy('iam:PassRole', '*', { Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }),
  );
  aws = await start([rds.service(), backup.service()], { AKIAPASSER: passer });
  point = await backup.backUp(ORDERS, vault.name, backupRole);
});

afterAll(async () => {
  clients.forEach((one) => one.destroy());
  await aws.close();
  await rds.close();
  expect(aws.problems).toEqual([]);
});

function client(accessKeyId?: string): BackupClient {
  const made = new BackupClient(clientOf(aws, accessKeyId));
  clients.push(made);
  return made;
}

/** Metadata as a drill gives it. */
const metadata = (name: string, more: Record<string, string> = {}) => ({
  DBInstanceIdentifier: name,
  DBSubnetGroupName: `${prefix}drill`,
  VpcSecurityGroupIds: '["sg-drill"]',
  MultiAZ: 'false',
  ...more,
});

const startJob = (Metadata: Record<string, string>, more: Partial<StartRestoreJobCommandInput> = {}, as?: string) =>
  client(as).send(
    new StartRestoreJobCommand({
      RecoveryPointArn: point,
      ResourceType: 'RDS',
      IamRoleArn: restoreRole,
      Metadata,
      ...more,
    }),
  );

const ended = (RestoreJobId: string | undefined) =>
  until(
    () => client().send(new DescribeRestoreJobCommand({ RestoreJobId })),
    ({ Status }) => Status !== 'PENDING' && Status !== 'RUNNING',
  );

test('a backup job takes a snapshot with the rights of its role, in AWS Backup’s own name', async () => {
  expect(point).toMatch(new RegExp(`^arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-[0-9a-f-]+$`));
  const answer = await client().send(
    new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vault.name, ByResourceArn: ORDERS }),
  );
  expect(answer.RecoveryPoints).toMatchObject([
    { RecoveryPointArn: point, ResourceArn: ORDERS, Status: 'COMPLETED', CreationDate: expect.any(Date) },
  ]);
  const snapshots = new RDSClient(clientOf(aws));
  clients.push(snapshots);
  const of = (SnapshotType?: string) =>
    snapshots.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'orders', SnapshotType }));
  expect((await of('awsbackup')).DBSnapshots).toHaveLength(1);
  expect((await of()).DBSnapshots?.map(({ SnapshotType }) => SnapshotType)).not.toContain('awsbackup');
});

test('the role of a plan backs up nothing that the plan does not protect', async () => {
  expect((await rejection(backup.backUp(LEDGER, vault.name, backupRole))).message).toMatch(
    /not authorized to perform: rds:CreateDBSnapshot on resource: .*:db:ledger/,
  );
});

test('the metadata of a recovery point are where production is', async () => {
  const { RestoreMetadata } = await client().send(
    new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName: vault.name, RecoveryPointArn: point }),
  );
  expect(RestoreMetadata).toMatchObject({ DBInstanceIdentifier: 'orders', DBSubnetGroupName: 'default' });
});

test('a job restores an encrypted copy with the tags of its source and its backups, and the same token is the same job', async () => {
  const name = `${prefix}copy`;
  const first = await startJob(metadata(name), { IdempotencyToken: 'token' });
  expect(await startJob(metadata(name), { IdempotencyToken: 'token' })).toMatchObject({
    RestoreJobId: first.RestoreJobId,
  });
  expect(await ended(first.RestoreJobId)).toMatchObject({
    Status: 'COMPLETED',
    CreatedResourceArn: `arn:aws:rds:${region}:${account}:db:${name}`,
    SourceResourceArn: ORDERS,
    RecoveryPointArn: point,
  });
  const described = new RDSClient(clientOf(aws));
  clients.push(described);
  const { DBInstances } = await described.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  expect(DBInstances).toMatchObject([
    {
      KmsKeyId: keyArn,
      DBSubnetGroup: { DBSubnetGroupName: `${prefix}drill` },
      TagList: [{ Key: 'team', Value: 'payments' }],
      BackupRetentionPeriod: 7,
    },
  ]);
  const listed = await client().send(new ListRestoreJobsCommand({ ByResourceType: 'RDS', ByStatus: 'COMPLETED' }));
  expect(listed.RestoreJobs?.map(({ RestoreJobId }) => RestoreJobId)).toEqual([first.RestoreJobId]);
  const later = { ByCreatedAfter: new Date(Date.now() + 60_000) };
  expect((await client().send(new ListRestoreJobsCommand(later))).RestoreJobs).toEqual([]);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a name outside the prefix',
    { DBInstanceIdentifier: 'orders-2' },
    /RestoreDBInstanceFromDBSnapshot on resource: .*:db:orders-2/,
  ],
  [
    'a network outside the drills',
    { DBSubnetGroupName: 'default' },
    /RestoreDBInstanceFromDBSnapshot on resource: .*:subgrp:default/,
  ],
  [
    'a group of production',
    { DBParameterGroupName: 'own18' },
    /RestoreDBInstanceFromDBSnapshot on resource: .*:pg:own18/,
  ],
  ['a name that is taken', { DBInstanceIdentifier: `${prefix}copy` }, /already exists/],
])('a job for %s fails: its role may not', async (_, more, says) => {
  const { RestoreJobId } = await startJob({ ...metadata(`${prefix}other`), ...more });
  const job = await ended(RestoreJobId);
  expect(job).toMatchObject({ Status: 'FAILED', StatusMessage: expect.stringMatching(says) });
  expect(job.CreatedResourceArn).toBeUndefined();
});

describe('a job is not even begun', () => {
  const name = `${prefix}never`;
  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'by whom may not pass the role to AWS Backup',
      () => startJob(metadata(name), {}, 'AKIAPASSER'),
      'AccessDeniedException',
      /iam:PassRole/,
    ],
    [
      'under a role that does not trust AWS Backup',
      () => startJob(metadata(name), { IamRoleArn: roleNamed('FunctionsRestoreRole').arn }),
      'InvalidParameterValueException',
      /cannot be assumed/,
    ],
    [
      'with metadata that RDS does not know',
      () => startJob(metadata(name, { Tags: '[]' })),
      'InvalidParameterValueException',
      /Tags/,
    ],
    [
      'with a list that is none',
      () => startJob(metadata(name, { VpcSecurityGroupIds: 'sg-drill' })),
      'InvalidParameterValueException',
      /JSON/,
    ],
    [
      'with a flag that is none',
      () => startJob(metadata(name, { MultiAZ: 'no' })),
      'InvalidParameterValueException',
      /MultiAZ/,
    ],
    [
      'of a recovery point that is not there',
      () => startJob(metadata(name), { RecoveryPointArn: `${point}0` }),
      'ResourceNotFoundException',
      /recovery point/,
    ],
    ['without a name', () => startJob({}), 'InvalidParameterValueException', /DBInstanceIdentifier/],
  ])('%s', async (_, call, code, says) => {
    expect(await rejection(call())).toMatchObject({ name: code, message: expect.stringMatching(says) });
  });
});
