import {
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
  type DBInstance,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import type { DatabaseEngine, RunningDatabase } from '../../../rehearsal/database-engine';
import { RehearsedRds, type Faults, type RunningAws } from '../../../rehearsal/aws';
import { openPostgresEngine } from '../../../rehearsal/postgres';
import { registry, visible } from './rds-support';
import { clientOf, place, start, until } from './support';

let engine: DatabaseEngine;
let production: RunningDatabase;
let rds: RehearsedRds;
let aws: RunningAws;
let client: RDSClient;
const faults: Faults = {};

beforeAll(async () => {
  engine = await openPostgresEngine();
  production = await engine.create({ masterUsername: 'shop', masterPassword: 'production-password' });
  await onProduction(
    'create table orders (id int, note text)',
    'grant select on orders to shop',
    "insert into orders values (0, 'in the backup')",
  );
  rds = new RehearsedRds({
    ...place,
    engine,
    registry,
    lagSeconds: 0.5,
    delays: { ...visible, creating: 50, deleting: 50 },
    faults,
  });
  await rds.adoptSource({ identifier: 'orders', database: production });
  aws = await start([rds.service()]);
  client = new RDSClient(clientOf(aws));
});

afterAll(async () => {
  client?.destroy();
  await aws?.close();
  await rds?.close();
  await engine?.close();
  expect(aws.problems).toEqual([]);
  expect(rds.problems).toEqual([]);
});

async function onProduction(...statements: string[]): Promise<void> {
  const superuser = await production.superuser('postgres');
  try {
    for (const statement of statements) await superuser.query(statement);
  } finally {
    await superuser.end();
  }
}

async function instance(identifier: string): Promise<DBInstance> {
  const answer = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
  return answer.DBInstances![0];
}

const reaches = (identifier: string, status: string) =>
  until(
    () => instance(identifier),
    (one) => one.DBInstanceStatus === status,
  );

async function notes(restored: DBInstance, password: string): Promise<string[]> {
  const connection = new Client({
    host: restored.Endpoint!.Address,
    port: restored.Endpoint!.Port,
    user: restored.MasterUsername,
    password,
    database: 'postgres',
    ssl: { ca: engine.certificateAuthority },
  });
  await connection.connect();
  try {
    const { rows } = await connection.query<{ note: string }>('select note from orders order by id');
    return rows.map((row) => row.note);
  } finally {
    await connection.end();
  }
}

const restoreTo = (target: string, RestoreTime: Date) =>
  client.send(
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: 'orders',
      TargetDBInstanceIdentifier: target,
      RestoreTime,
      DBSubnetGroupName: 'drill',
      VpcSecurityGroupIds: ['sg-drill'],
      BackupRetentionPeriod: 0,
    }),
  );

test('a restore to a moment between two commits has the first and not the second, under a new password', async () => {
  await onProduction("insert into orders values (1, 'before')");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const between = new Date();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await onProduction("insert into orders values (2, 'after')");
  await until(
    () => instance('orders'),
    (source) => source.LatestRestorableTime! > between,
  );

  await restoreTo('drill-pitr', between);
  const ready = await reaches('drill-pitr', 'available');
  expect(await notes(ready, 'production-password')).toEqual(['in the backup', 'before']);

  await client.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'drill-pitr', MasterUserPassword: 'Drill-password-1' }),
  );
  await reaches('drill-pitr', 'resetting-master-credentials');
  const changed = await reaches('drill-pitr', 'available');
  expect(await notes(changed, 'Drill-password-1')).toEqual(['in the backup', 'before']);
  await expect(notes(changed, 'production-password')).rejects.toThrow(/password authentication failed/);

  await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'drill-pitr', SkipFinalSnapshot: true }));
  await until(
    () => Promise.resolve(rds.instances.map((one) => one.identifier)),
    (left) => !left.includes('drill-pitr'),
  );
  await expect(notes(changed, 'Drill-password-1')).rejects.toThrow(/ECONNREFUSED/);
});

test('the latest restorable time itself can be restored to', async () => {
  const { LatestRestorableTime: latest } = await instance('orders');
  await restoreTo('drill-latest', latest!);
  expect(await notes(await reaches('drill-latest', 'available'), 'production-password')).toContain('in the backup');
});

test('an automated snapshot holds what was there when it was taken', async () => {
  const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'orders' }));
  await client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: 'drill-snapshot',
      DBSnapshotIdentifier: DBSnapshots![0].DBSnapshotIdentifier,
      DBSubnetGroupName: 'drill',
      VpcSecurityGroupIds: ['sg-drill'],
      BackupRetentionPeriod: 0,
    }),
  );
  expect(await notes(await reaches('drill-snapshot', 'available'), 'production-password')).toEqual(['in the backup']);
});

test('with the fault that restores older content, what was committed later is missing', async () => {
  faults.restoreOlder = true;
  try {
    const { LatestRestorableTime: latest } = await instance('orders');
    await restoreTo('drill-older', latest!);
    expect(await notes(await reaches('drill-older', 'available'), 'production-password')).toEqual(['in the backup']);
  } finally {
    delete faults.restoreOlder;
  }
});
