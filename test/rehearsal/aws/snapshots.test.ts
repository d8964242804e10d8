import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
  type DBSnapshot,
} from '@aws-sdk/client-rds';
import { paginateListScheduleGroups, paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import { RehearsedScheduler } from '../../../rehearsal/aws';
import { openAccount, rejection, type Account } from './rds-support';
import { clientOf, place, policy, role, start, until } from './support';

let account: Account;
afterEach(() => account?.close());

const create = (DBSnapshotIdentifier: string) =>
  account.client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier }));
const remove = (DBSnapshotIdentifier: string) =>
  account.client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier }));
const snapshot = async (DBSnapshotIdentifier: string): Promise<DBSnapshot> =>
  (await account.client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }))).DBSnapshots![0];
const reaches = (identifier: string, status: string) =>
  until(
    () => snapshot(identifier),
    ({ Status }) => Status === status,
  );

test('a snapshot may end as failed, and can then be deleted', async () => {
  account = await openAccount({ faults: { snapshotFails: true } });
  await create('bad');
  const failed = await reaches('bad', 'failed');
  expect(failed.PercentProgress).toBeLessThan(100);
  expect(failed.SnapshotCreateTime).toBeUndefined();
  await remove('bad');
  expect((await rejection(snapshot('bad'))).name).toBe('DBSnapshotNotFoundFault');
});

test('a slow one shows its progress, cannot be deleted meanwhile, and goes on', async () => {
  const faults = { snapshotSlow: true };
  account = await openAccount({ faults });
  await create('slow');
  const half = await until(
    () => snapshot('slow'),
    ({ PercentProgress }) => PercentProgress === 50,
  );
  expect(half.Status).toBe('creating');
  expect((await rejection(remove('slow'))).name).toBe('InvalidDBSnapshotStateFault');
  faults.snapshotSlow = false;
  expect(await reaches('slow', 'available')).toMatchObject({ PercentProgress: 100 });
});

test('manual snapshots have a quota, and automated ones are not deleted by hand', async () => {
  account = await openAccount({ quota: { manualSnapshots: 1 } });
  await create('one');
  expect((await rejection(create('two'))).name).toBe('SnapshotQuotaExceededFault');
  expect((await rejection(remove('nothing'))).name).toBe('DBSnapshotNotFoundFault');
  const { DBSnapshots } = await account.client.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'automated' }));
  expect((await rejection(remove(DBSnapshots![0].DBSnapshotIdentifier!))).name).toBe('InvalidDBSnapshotStateFault');
});

describe('of clusters', () => {
  const take = (DBClusterSnapshotIdentifier: string, DBClusterIdentifier = 'ledger', client = account.client) =>
    client.send(
      new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier,
        DBClusterSnapshotIdentifier,
        Tags: [{ Key: 'why', Value: 'x' }],
      }),
    );
  const show = async (input: { DBClusterSnapshotIdentifier?: string; DBClusterIdentifier?: string }) =>
    (await account.client.send(new DescribeDBClusterSnapshotsCommand(input))).DBClusterSnapshots!;
  const remove = (DBClusterSnapshotIdentifier: string) =>
    account.client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier }));
  const open = async (options: Parameters<typeof openAccount>[0] = {}) => {
    account = await openAccount({ source: null, ...options });
    account.rds.adoptCluster({ identifier: 'ledger', engine: 'aurora-postgresql', status: 'available' });
    account.rds.adoptCluster({ identifier: 'busy', engine: 'aurora-postgresql', status: 'modifying' });
  };

  test('they become available, are known by cluster and name, and go', async () => {
    await open({ delays: { backingUp: 20 } });
    await take('One');
    const [made] = await until(
      () => show({ DBClusterIdentifier: 'LEDGER' }),
      ([{ Status }]) => Status === 'available',
    );
    expect(made).toMatchObject({
      DBClusterSnapshotIdentifier: 'one',
      DBClusterIdentifier: 'ledger',
      Engine: 'aurora-postgresql',
      PercentProgress: 100,
      TagList: [{ Key: 'why', Value: 'x' }],
    });
    expect(await show({ DBClusterIdentifier: 'busy' })).toEqual([]);
    await remove('one');
    expect((await rejection(show({ DBClusterSnapshotIdentifier: 'one' }))).name).toBe('DBClusterSnapshotNotFoundFault');
    expect((await rejection(remove('one'))).name).toBe('DBClusterSnapshotNotFoundFault');
  });

  test('a slow one cannot be deleted, and a taken name not be used again', async () => {
    await open({ faults: { snapshotSlow: true } });
    await take('slow');
    expect((await rejection(remove('slow'))).name).toBe('InvalidDBClusterSnapshotStateFault');
    expect((await rejection(take('slow'))).name).toBe('DBClusterSnapshotAlreadyExistsFault');
  });

  test.each([
    ['of a busy cluster', 'one', 'busy', 'InvalidDBClusterStateFault'],
    ['of no cluster', 'one', 'nobody', 'DBClusterNotFoundFault'],
    ['under a name of 64 characters', 'x'.repeat(64), 'ledger', 'InvalidParameterValue'],
  ])('none is taken %s', async (_, name, cluster, error) => {
    await open();
    expect((await rejection(take(name, cluster))).name).toBe(error);
  });

  test.each([
    ['the cluster', [policy('rds:*', 'arn:aws:rds:*:*:cluster-snapshot:*')]],
    ['the snapshot', [policy('rds:*', 'arn:aws:rds:*:*:cluster:*')]],
    ['its tags', [policy('rds:CreateDBClusterSnapshot', '*')]],
  ])('a right on %s is needed', async (_, policies) => {
    await open({ callers: { AKIASOME: role('some', ...policies) } });
    expect((await rejection(take('one', 'ledger', account.as('AKIASOME')))).name).toBe('AccessDenied');
  });
});

test('Scheduler lists groups by prefix and the schedules of one, page by page', async () => {
  const target = { arn: 'arn:x', roleArn: 'arn:y', input: '{"secret":1}' };
  const schedule = (group: string, name: string) => ({ group, name, expression: 'rate(1 day)', target });
  const schedules = ['a', 'b', 'c'].flatMap((name) => [schedule('rcv-x', name), schedule(`rcv-${name}`, name)]);
  const aws = await start([new RehearsedScheduler({ ...place, schedules }).service()]);
  const client = new SchedulerClient(clientOf(aws));
  try {
    const groups: string[] = [];
    for await (const page of paginateListScheduleGroups({ client }, { NamePrefix: 'rcv-' })) {
      groups.push(...page.ScheduleGroups!.map(({ Name }) => Name!));
    }
    expect(groups).toEqual(['rcv-a', 'rcv-b', 'rcv-c', 'rcv-x']);
    const names: string[] = [];
    for await (const page of paginateListSchedules({ client }, { GroupName: 'rcv-x' })) {
      names.push(...page.Schedules!.map(({ Name }) => Name!));
      expect(JSON.stringify(page.Schedules)).not.toContain('secret');
    }
    expect(names).toEqual(['a', 'b', 'c']);
  } finally {
    client.destroy();
    await aws.close();
  }
});
