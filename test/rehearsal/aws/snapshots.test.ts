import {
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  type DBSnapshot,
} from '@aws-sdk/client-rds';
import { paginateListScheduleGroups, paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import { RehearsedScheduler } from '../../../rehearsal/aws';
import { openAccount, rejection, type Account } from './rds-support';
import { clientOf, place, start, until } from './support';

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
