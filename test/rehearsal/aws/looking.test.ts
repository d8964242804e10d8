import {
  BackupClient,
  DescribeBackupVaultCommand,
  DescribeRegionSettingsCommand,
  ListCopyJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
} from '@aws-sdk/client-backup';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { createAuthorize, RehearsedBackup, RehearsedKms, RehearsedRds, type Faults } from '../../../rehearsal/aws';
import { FakeEngine } from './fake-engine';
import { delays, registry } from './rds-support';
import { account, clientOf, everything, keyArn, place, region, rejection, role, start, until } from './support';

const elsewhere = 'eu-central-1';
const faults: Faults = {};
const engine = new FakeEngine();
const rds = new RehearsedRds({ ...place, engine, registry, delays, lagSeconds: 0.1, faults });
const there = new RehearsedRds({ ...place, region: elsewhere, engine, registry });
const keyPolicy = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  },
};
const kms = new RehearsedKms({ ...place, keys: [{ arn: keyArn, policy: keyPolicy }] });
const vaultArn = (name: string, of = region) => `arn:aws:backup:${of}:${account}:backup-vault:${name}`;
const backup = new RehearsedBackup({
  ...place,
  rds: rds.forBackup(),
  vaults: [{ name: 'vault', arn: vaultArn('vault'), keyArn }],
  roles: new Map(),
  authorize: createAuthorize({ region }),
  optIn: { RDS: true, Aurora: false },
});
const db = (name: string) => `arn:aws:rds:${region}:${account}:db:${name}`;
const point = (resourceArn: string, createdAt: string, deleteAfterDays?: number) => ({
  arn: `arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-${createdAt}`,
  vault: 'vault',
  vaultArn: vaultArn('vault'),
  resourceArn,
  roleArn: role('backup').arn,
  createdAt: new Date(createdAt),
  deleteAfterDays,
  status: 'COMPLETED' as const,
});

let aws: Awaited<ReturnType<typeof start>>;
let clients: { rds: RDSClient; far: RDSClient; backup: BackupClient; kms: KMSClient };
beforeAll(async () => {
  for (const identifier of ['orders', 'payments'])
    await rds.adoptSource({ identifier, database: await engine.create() });
  rds.adoptCluster({
    identifier: 'ledger',
    engine: 'aurora-postgresql',
    status: 'available',
    latest: new Date('2026-05-01T00:00:00Z'),
    earliest: new Date('2026-04-24T00:00:00Z'),
  });
  aws = await start(
    [rds, backup, kms].map((one) => one.service()),
    { AKIANOBODY: role('nobody') },
    {
      faults,
      elsewhere: new Map([
        [elsewhere, { services: [there.service()], authorize: createAuthorize({ region: elsewhere }) }],
      ]),
    },
  );
  clients = {
    rds: new RDSClient(clientOf(aws)),
    far: new RDSClient({ ...clientOf(aws), region: elsewhere }),
    backup: new BackupClient(clientOf(aws)),
    kms: new KMSClient(clientOf(aws)),
  };
});
afterAll(async () => {
  Object.values(clients).forEach((one) => one.destroy());
  await aws.close();
  await Promise.all([rds.close(), there.close()]);
  expect(aws.problems).toEqual([]);
});

const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });

test('filters choose by identifier or ARN, whatever the case, and leave out what is not there', async () => {
  const list = async (...names: string[]) =>
    (await clients.rds.send(new DescribeDBInstancesCommand(filter('db-instance-id', ...names)))).DBInstances!.map(
      (one) => one.DBInstanceIdentifier,
    );
  expect(await list('ORDERS', 'nobody')).toEqual(['orders']);
  expect(await list(db('payments'), 'orders')).toEqual(['orders', 'payments']);
  const unknown = new DescribeDBInstancesCommand(filter('colour', 'red'));
  expect(await rejection(clients.rds.send(unknown))).toMatchObject({ name: 'InvalidParameterValue' });
});

test('the window of an instance begins with its oldest automated backup', async () => {
  const ask = new DescribeDBInstanceAutomatedBackupsCommand(filter('db-instance-id', 'orders'));
  const { DBInstanceAutomatedBackups: found } = await clients.rds.send(ask);
  expect(found).toMatchObject([{ DBInstanceIdentifier: 'orders', Status: 'active', BackupRetentionPeriod: 7 }]);
  const { EarliestTime, LatestTime } = found![0].RestoreWindow!;
  expect(LatestTime!.getTime()).toBeGreaterThanOrEqual(EarliestTime!.getTime() - 1000);
});

test('a cluster says itself how far back it can be restored, and has automated snapshots', async () => {
  rds.snapshotCluster('ledger');
  const { DBClusters } = await clients.rds.send(new DescribeDBClustersCommand(filter('db-cluster-id', 'ledger', 'x')));
  expect(DBClusters).toMatchObject([{ LatestRestorableTime: new Date('2026-05-01T00:00:00Z') }]);
  const ask = { ...filter('db-cluster-id', 'ledger'), SnapshotType: 'automated' };
  const { DBClusterSnapshots } = await clients.rds.send(new DescribeDBClusterSnapshotsCommand(ask));
  expect(DBClusterSnapshots).toMatchObject([{ SnapshotType: 'automated', Status: 'available' }]);
});

test('replicated automated backups are shown where they are, to a caller of home', async () => {
  there.keepBackups({
    identifier: 'orders',
    instanceArn: db('orders'),
    dbiResourceId: 'db-A',
    region,
    status: 'active',
    earliest: new Date('2026-04-24T00:00:00Z'),
    latest: new Date('2026-05-01T00:00:00Z'),
  });
  const ask = new DescribeDBInstanceAutomatedBackupsCommand(filter('db-instance-id', 'orders'));
  const { DBInstanceAutomatedBackups } = await clients.far.send(ask);
  expect(DBInstanceAutomatedBackups).toMatchObject([{ DBInstanceArn: db('orders'), Region: region }]);
  expect(aws.calls.at(-1)).toMatchObject({ region: elsewhere, principal: role('admin', everything).arn });
  const nowhere = new RDSClient({ ...clientOf(aws), region: 'ap-south-1' });
  expect(await rejection(nowhere.send(ask))).toMatchObject({ name: 'SignatureDoesNotMatch' });
  nowhere.destroy();
});

test('snapshots of a chunk of instances come in one list', async () => {
  const ask = new DescribeDBSnapshotsCommand({
    ...filter('db-instance-id', 'orders', 'payments'),
    SnapshotType: 'automated',
  });
  const { DBSnapshots } = await until(
    () => clients.rds.send(ask),
    (found) => found.DBSnapshots!.length === 2,
  );
  expect(DBSnapshots!.map((one) => one.DBInstanceIdentifier)).toEqual(['orders', 'payments']);
});

test('what is no longer archived no longer becomes restorable', async () => {
  const latest = async () =>
    (await clients.rds.send(new DescribeDBInstancesCommand({}))).DBInstances!.map((one) =>
      one.LatestRestorableTime!.getTime(),
    );
  faults.archivingStopped = ['orders'];
  const [orders] = await latest();
  await until(latest, ([, payments]) => payments > orders);
  expect((await latest())[0]).toBe(orders);
  delete faults.archivingStopped;
});

test('recovery points are listed from a moment on, and say how long they are kept', async () => {
  backup.keep(point(db('orders'), '2026-04-01T00:00:00Z', 35));
  backup.keep(point(db('orders'), '2026-05-01T00:00:00Z'));
  const ByCreatedAfter = new Date('2026-04-15T00:00:00Z');
  const ask = new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'vault', ByCreatedAfter });
  const { RecoveryPoints } = await clients.backup.send(ask);
  expect(RecoveryPoints).toMatchObject([{ CreationDate: new Date('2026-05-01T00:00:00Z') }]);
  expect(RecoveryPoints![0].Lifecycle).toBeUndefined();
});

test('vaults, copy jobs and opt-ins can be looked at', async () => {
  const vault = new DescribeBackupVaultCommand({ BackupVaultName: 'vault' });
  expect(await clients.backup.send(vault)).toMatchObject({ EncryptionKeyArn: keyArn, NumberOfRecoveryPoints: 2 });
  const far = vaultArn('far', elsewhere);
  const job = { id: 'A', from: 'x', fromVaultArn: vaultArn('vault'), resourceArn: db('orders'), roleArn: 'r' };
  backup.noteCopyJob({
    ...job,
    vaultArn: far,
    createdAt: new Date(0),
    completedAt: new Date(1e12),
    state: 'COMPLETED',
  });
  const ask = { ByDestinationVaultArn: far, ByState: 'COMPLETED' as const };
  expect((await clients.backup.send(new ListCopyJobsCommand(ask))).CopyJobs).toHaveLength(1);
  const later = new ListCopyJobsCommand({ ...ask, ByCompleteAfter: new Date(2e12) });
  expect((await clients.backup.send(later)).CopyJobs).toHaveLength(0);
  const { ResourceTypeOptInPreference } = await clients.backup.send(new DescribeRegionSettingsCommand({}));
  expect(ResourceTypeOptInPreference).toEqual({ RDS: true, Aurora: false });
  backup.removeVault('vault');
  expect(await rejection(clients.backup.send(vault))).toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a key says its state and its policy, to whom it may concern', async () => {
  const describe = new DescribeKeyCommand({ KeyId: keyArn });
  expect((await clients.kms.send(describe)).KeyMetadata).toMatchObject({ KeyState: 'Enabled', KeyManager: 'CUSTOMER' });
  const { Policy } = await clients.kms.send(new GetKeyPolicyCommand({ KeyId: keyArn }));
  expect(JSON.parse(Policy!)).toEqual(keyPolicy);
  kms.change(keyArn, { state: 'PendingDeletion' });
  expect((await clients.kms.send(describe)).KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
  kms.remove(keyArn);
  expect(await rejection(clients.kms.send(describe))).toMatchObject({ name: 'NotFoundException' });
  const nobody = new KMSClient(clientOf(aws, 'AKIANOBODY'));
  expect(await rejection(nobody.send(describe))).toMatchObject({ name: 'AccessDeniedException' });
  nobody.destroy();
});

test('one operation alone can be throttled', async () => {
  faults.throttle = { service: 'rds', operation: 'DescribeDBClusters' };
  expect(await rejection(clients.rds.send(new DescribeDBClustersCommand({})))).toMatchObject({ name: 'Throttling' });
  await clients.rds.send(new DescribeDBInstancesCommand({}));
  delete faults.throttle;
});
