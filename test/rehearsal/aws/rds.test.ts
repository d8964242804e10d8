import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import { openAccount, rejection, type Account } from './rds-support';
import { until } from './support';

let one: Account;
const open: Account[] = [];

async function account(...options: Parameters<typeof openAccount>): Promise<Account> {
  const made = await openAccount(...options);
  open.push(made);
  return made;
}

beforeAll(async () => {
  one = await openAccount({ source: { tags: [{ Key: 'team', Value: 'payments' }], class: 'db.r8g.large' } });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});
afterAll(() => one.close());

const place = { DBSubnetGroupName: 'drill', VpcSecurityGroupIds: ['sg-drill'] };

function restore(target: string, more: Partial<RestoreDBInstanceToPointInTimeCommandInput> = {}, on = one) {
  return on.client.send(
    new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: 'orders',
      TargetDBInstanceIdentifier: target,
      UseLatestRestorableTime: more.RestoreTime ? undefined : true,
      BackupRetentionPeriod: 0,
      ...place,
      ...more,
    }),
  );
}

function remove(identifier: string, more = {}, on = one) {
  return on.client.send(
    new DeleteDBInstanceCommand({ DBInstanceIdentifier: identifier, SkipFinalSnapshot: true, ...more }),
  );
}

function snapshots(more = {}, on = one) {
  return on.client.send(new DescribeDBSnapshotsCommand(more));
}

describe('describing', () => {
  test('the source shows what a drill asks of it', async () => {
    const source = await one.instance('ORDERS');
    expect(source).toMatchObject({
      DBInstanceIdentifier: 'orders',
      DBInstanceStatus: 'available',
      Engine: 'postgres',
      EngineVersion: '18.4',
      DBInstanceClass: 'db.r8g.large',
      MultiAZ: false,
      BackupRetentionPeriod: 7,
      DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
      Endpoint: { Address: '127.0.0.1' },
      TagList: [{ Key: 'team', Value: 'payments' }],
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres18' }],
    });
    expect(source.DbiResourceId).toMatch(/^db-[A-Z2-7]{26}$/);
    expect(source.LatestRestorableTime!.getTime() % 1000).toBe(0);
  });

  test('an unknown instance has the name that the SDK models', async () => {
    const error = await rejection(one.instance('nobody'));
    expect(error).toMatchObject({ name: 'DBInstanceNotFoundFault', $metadata: { httpStatusCode: 404 } });
    expect(error.message).toBe('DBInstance nobody not found.');
  });

  test('LatestRestorableTime moves on while nobody calls', async () => {
    const before = (await one.instance('orders')).LatestRestorableTime!;
    const after = await until(
      () => one.instance('orders'),
      (now) => now.LatestRestorableTime! > before,
    );
    expect(after.LatestRestorableTime!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('the first automated snapshot has the name that RDS gives, and is found by instance and type', async () => {
    const { DBSnapshots: found } = await snapshots({ DBInstanceIdentifier: 'orders', SnapshotType: 'automated' });
    expect(found).toHaveLength(1);
    expect(found![0]).toMatchObject({
      Status: 'available',
      SnapshotType: 'automated',
      EngineVersion: '18.4',
      PercentProgress: 100,
    });
    expect(found![0].DBSnapshotIdentifier).toMatch(/^rds:orders-\d{4}-\d\d-\d\d-\d\d-\d\d$/);
    expect((await snapshots({ DBInstanceIdentifier: 'other' })).DBSnapshots).toEqual([]);
    expect((await snapshots({ SnapshotType: 'awsbackup' })).DBSnapshots).toEqual([]);
    expect((await rejection(snapshots({ SnapshotType: 'weekly' }))).name).toBe('InvalidParameterValue');
    expect((await rejection(snapshots({ DBSnapshotIdentifier: 'nothing' }))).name).toBe('DBSnapshotNotFoundFault');
  });

  test('lists are paged between 20 and 100 records', async () => {
    const many = await account({ source: null });
    for (let i = 0; i < 45; i++) {
      await many.rds.adoptSource({
        identifier: `db${i}`,
        database: await many.engine.create(),
        backupRetentionPeriod: 0,
      });
    }
    const seen: string[] = [];
    let marker: string | undefined;
    let pages = 0;
    do {
      const page = await many.client.send(new DescribeDBInstancesCommand({ MaxRecords: 20, Marker: marker }));
      seen.push(...page.DBInstances!.map((instance) => instance.DBInstanceIdentifier!));
      marker = page.Marker;
      pages++;
    } while (marker);
    expect(pages).toBe(3);
    expect(new Set(seen).size).toBe(45);
    for (const MaxRecords of [19, 101]) {
      expect((await rejection(many.client.send(new DescribeDBInstancesCommand({ MaxRecords })))).name).toBe(
        'InvalidParameterValue',
      );
    }
    expect((await rejection(many.client.send(new DescribeDBInstancesCommand({ Marker: 'x' })))).name).toBe(
      'InvalidParameterValue',
    );
  });

  test('quotas count what exists', async () => {
    const few = await account({ quota: { instances: 1 } });
    const { AccountQuotas } = await few.client.send(new DescribeAccountAttributesCommand({}));
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'DBInstances', Used: 1, Max: 1 });
    expect((await rejection(restore('drill-1', {}, few))).name).toBe('InstanceQuotaExceededFault');
  });
});

describe('restoring to a point in time', () => {
  test('goes through creating to available, and has an endpoint only then', async () => {
    const { DBInstance: made } = await restore('Drill-Status', { Tags: [{ Key: 'drill', Value: '1' }] });
    expect(made).toMatchObject({ DBInstanceIdentifier: 'drill-status', DBInstanceStatus: 'creating' });
    expect(made!.Endpoint).toBeUndefined();
    expect((await one.instance('drill-status')).Endpoint).toBeUndefined();
    const ready = await one.reaches('drill-status', 'available');
    expect(ready).toMatchObject({
      DBInstanceClass: 'db.r8g.large',
      TagList: [{ Key: 'drill', Value: '1' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-drill', Status: 'active' }],
      DBSubnetGroup: { DBSubnetGroupName: 'drill', VpcId: 'vpc-drill' },
      BackupRetentionPeriod: 0,
      PubliclyAccessible: false,
    });
    expect(ready.Endpoint!.Port).toBe(one.engine.restored.at(-1)!.port);
    expect(ready.LatestRestorableTime).toBeUndefined();
    expect(ready.DbiResourceId).not.toBe((await one.instance('orders')).DbiResourceId);
  });

  test('replays from the newest backup before the asked time to exactly that time', async () => {
    const { LatestRestorableTime: latest } = await one.instance('orders');
    await restore('drill-exact', { RestoreTime: latest });
    await one.reaches('drill-exact', 'available');
    const restored = one.engine.restored.at(-1)!;
    expect(restored.until).toEqual(latest);
    expect(restored.from!.finishedAt < latest!).toBe(true);
  });

  test('without tags the copy inherits those of its source', async () => {
    await restore('drill-inherits');
    expect((await one.instance('drill-inherits')).TagList).toEqual([{ Key: 'team', Value: 'payments' }]);
  });

  test('a copy that keeps backups takes its first one before it is available', async () => {
    await restore('drill-retains', { BackupRetentionPeriod: 1 });
    await one.reaches('drill-retains', 'backing-up');
    await one.reaches('drill-retains', 'available');
    expect((await snapshots({ DBInstanceIdentifier: 'drill-retains' })).DBSnapshots).toHaveLength(1);
    await remove('drill-retains');
    await one.gone('drill-retains');
    expect((await snapshots({ DBInstanceIdentifier: 'drill-retains' })).DBSnapshots).toEqual([]);
  });

  test('a taken identifier is refused, whatever its case', async () => {
    await restore('drill-taken');
    expect((await rejection(restore('DRILL-taken'))).name).toBe('DBInstanceAlreadyExistsFault');
    expect((await rejection(restore('orders'))).name).toBe('DBInstanceAlreadyExistsFault');
  });

  const hourAgo = () => new Date(Date.now() - 3_600_000);
  const refusals: [string, () => Partial<RestoreDBInstanceToPointInTimeCommandInput>, string][] = [
    ['a time before the first backup', () => ({ RestoreTime: hourAgo() }), 'InvalidParameterValue'],
    ['a time in the future', () => ({ RestoreTime: new Date(Date.now() + 60_000) }), 'InvalidParameterValue'],
    [
      'a time and the latest time',
      () => ({ RestoreTime: hourAgo(), UseLatestRestorableTime: true }),
      'InvalidParameterCombination',
    ],
    ['no time at all', () => ({ UseLatestRestorableTime: undefined }), 'InvalidParameterCombination'],
    ['an unknown source', () => ({ SourceDBInstanceIdentifier: 'nobody' }), 'DBInstanceNotFoundFault'],
    ['no source', () => ({ SourceDBInstanceIdentifier: undefined }), 'InvalidParameterCombination'],
    ['an unknown subnet group', () => ({ DBSubnetGroupName: 'nowhere' }), 'DBSubnetGroupNotFoundFault'],
    ['an unknown parameter group', () => ({ DBParameterGroupName: 'nothing' }), 'DBParameterGroupNotFoundFault'],
    ['a parameter group of another family', () => ({ DBParameterGroupName: 'own16' }), 'InvalidParameterCombination'],
    [
      'a default group of another family',
      () => ({ DBParameterGroupName: 'default.postgres17' }),
      'InvalidParameterCombination',
    ],
    ['an unknown option group', () => ({ OptionGroupName: 'nothing' }), 'OptionGroupNotFoundFault'],
    ['an unknown security group', () => ({ VpcSecurityGroupIds: ['sg-none'] }), 'InvalidParameterValue'],
    [
      'a security group of another VPC',
      () => ({ VpcSecurityGroupIds: ['sg-elsewhere'] }),
      'InvalidParameterCombination',
    ],
    ['Multi-AZ in one zone', () => ({ MultiAZ: true, AvailabilityZone: 'eu-west-1a' }), 'InvalidParameterCombination'],
    ['a zone without subnet', () => ({ AvailabilityZone: 'eu-west-1c' }), 'InvalidVPCNetworkStateFault'],
    ['a class that is none', () => ({ DBInstanceClass: 'm5.large' }), 'InvalidParameterValue'],
    ['another engine', () => ({ Engine: 'mysql' }), 'InvalidParameterValue'],
    ['a port below 1150', () => ({ Port: 80 }), 'InvalidParameterValue'],
    ['less storage', () => ({ AllocatedStorage: 5 }), 'InvalidParameterValue'],
    ['36 days of backups', () => ({ BackupRetentionPeriod: 36 }), 'InvalidParameterValue'],
    ['a tag of AWS', () => ({ Tags: [{ Key: 'aws:x', Value: 'y' }] }), 'InvalidParameterValue'],
    [
      'a tag twice',
      () => ({
        Tags: [
          { Key: 'x', Value: '1' },
          { Key: 'x', Value: '2' },
        ],
      }),
      'InvalidParameterValue',
    ],
    ['a member that the rehearsal does not honour', () => ({ Iops: 3000 }), 'NotRehearsed'],
  ];

  test.each(refusals)('refuses %s', async (_, more, name) => {
    const call = restore('drill-refused', more());
    expect((await rejection(call)).name).toBe(name);
    expect((await rejection(one.instance('drill-refused'))).name).toBe('DBInstanceNotFoundFault');
  });

  const identifiers = ['1st', '-x', 'x-', 'a--b', 'a_b', 'ä', 'a b', "x'; drop table", '<b>', '', 'a'.repeat(64)];
  test.each(identifiers)('refuses the identifier %j', async (identifier) => {
    const { name } = await rejection(restore(identifier));
    expect(['InvalidParameterValue', 'MissingParameter']).toContain(name);
  });

  test('takes an identifier of 63 characters', async () => {
    const longest = `a-${'b'.repeat(61)}`;
    await restore(longest);
    await one.reaches(longest, 'available');
  });

  test('a source that keeps no backups has no points in time', async () => {
    const bare = await account({ source: { backupRetentionPeriod: 0 } });
    expect((await bare.instance('orders')).LatestRestorableTime).toBeUndefined();
    expect((await rejection(restore('drill', {}, bare))).name).toBe('PointInTimeRestoreNotEnabledFault');
    expect((await snapshots({}, bare)).DBSnapshots).toEqual([]);
  });

  test('what the engine cannot restore ends in restore-error and can be deleted', async () => {
    const broken = await account();
    broken.engine.breaks = new Error('recovery ended before configured recovery target was reached');
    await restore('drill', {}, broken);
    await broken.reaches('drill', 'restore-error');
    await until(
      () => Promise.resolve(broken.rds.problems.length),
      (count) => count > 0,
    );
    expect(broken.rds.problems.map((problem) => problem.message)).toEqual([broken.engine.breaks.message]);
    await remove('drill', {}, broken);
    await broken.gone('drill');
  });
});

describe('snapshots', () => {
  const create = (DBSnapshotIdentifier: string, more = {}) =>
    one.client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier, ...more }));
  const restoreSnapshot = (target: string, DBSnapshotIdentifier: string, more = {}) =>
    one.client.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        DBInstanceIdentifier: target,
        DBSnapshotIdentifier,
        ...place,
        ...more,
      }),
    );

  test('a manual snapshot is creating, then available, and restores to its own end', async () => {
    const { DBSnapshot: made } = await create('Before-Release', { Tags: [{ Key: 'why', Value: 'release' }] });
    expect(made).toMatchObject({ DBSnapshotIdentifier: 'before-release', Status: 'creating', SnapshotType: 'manual' });
    const ready = await until(
      async () => (await snapshots({ DBSnapshotIdentifier: 'before-release' })).DBSnapshots![0],
      (snapshot) => snapshot.Status === 'available',
    );
    expect(ready.SnapshotCreateTime).toBeInstanceOf(Date);
    await restoreSnapshot('from-manual', 'before-release', { BackupRetentionPeriod: 0 });
    await one.reaches('from-manual', 'available');
    expect(one.engine.restored.at(-1)!.until).toBeUndefined();
    expect((await rejection(create('before-release'))).name).toBe('DBSnapshotAlreadyExistsFault');
  });

  test('an automated snapshot restores by its name with a colon, with the tags its instance had then', async () => {
    const { DBSnapshots } = await snapshots({ DBInstanceIdentifier: 'orders', SnapshotType: 'automated' });
    const ResourceName = 'arn:aws:rds:eu-west-1:111122223333:db:orders';
    await one.client.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'later', Value: 'x' }] }));
    await restoreSnapshot('from-automated', DBSnapshots![0].DBSnapshotIdentifier!, { BackupRetentionPeriod: 0 });
    const made = await one.reaches('from-automated', 'available');
    expect(made.TagList).toEqual([{ Key: 'team', Value: 'payments' }]);
    const { TagList } = await one.client.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual([
      { Key: 'team', Value: 'payments' },
      { Key: 'later', Value: 'x' },
    ]);
  });

  test('an unknown or missing snapshot is refused', async () => {
    expect((await rejection(restoreSnapshot('x', 'nothing'))).name).toBe('DBSnapshotNotFoundFault');
    expect((await rejection(create("a'; --"))).name).toBe('InvalidParameterValue');
    expect((await rejection(create('ok', { DBInstanceIdentifier: 'nobody' }))).name).toBe('DBInstanceNotFoundFault');
  });
});

describe('changing the master password', () => {
  const modify = (DBInstanceIdentifier: string, MasterUserPassword: string, on = one) =>
    on.client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, MasterUserPassword, ApplyImmediately: true }));

  test('is pending at first although the status still reads available, then applied', async () => {
    await restore('drill-password');
    expect((await rejection(modify('drill-password', 'long-enough'))).name).toBe('InvalidDBInstanceStateFault');
    await one.reaches('drill-password', 'available');
    const { DBInstance: asked } = await modify('drill-password', 'long-enough');
    expect(asked).toMatchObject({
      DBInstanceStatus: 'available',
      PendingModifiedValues: { MasterUserPassword: '****' },
    });
    await one.reaches('drill-password', 'resetting-master-credentials');
    expect((await rejection(modify('drill-password', 'another-one'))).name).toBe('InvalidDBInstanceStateFault');
    const done = await one.reaches('drill-password', 'available');
    expect(done.PendingModifiedValues?.MasterUserPassword).toBeUndefined();
    expect(one.engine.restored.at(-1)!.passwords).toEqual(['long-enough']);
  });

  test.each(['short', 'x'.repeat(129), 'with space', 'with/slash', 'with"quote', 'with@at', 'with-ümlaut'])(
    'refuses %j',
    async (password) => {
      expect((await rejection(modify('orders', password))).name).toBe('InvalidParameterValue');
    },
  );
});

describe('deleting', () => {
  test('is refused while creating, then goes through deleting to gone, server and all', async () => {
    await restore('drill-delete');
    expect((await rejection(remove('drill-delete'))).name).toBe('InvalidDBInstanceStateFault');
    await one.reaches('drill-delete', 'available');
    const database = one.engine.restored.at(-1)!;
    const { DBInstance: asked } = await remove('drill-delete');
    expect(asked!.DBInstanceStatus).toBe('deleting');
    expect((await rejection(remove('drill-delete'))).name).toBe('InvalidDBInstanceStateFault');
    await one.gone('drill-delete');
    expect(database.destroyed).toBe(true);
    expect((await rejection(remove('drill-delete'))).name).toBe('DBInstanceNotFoundFault');
  });

  test('wants a final snapshot or a clear no', async () => {
    await restore('drill-final');
    await one.reaches('drill-final', 'available');
    expect((await rejection(remove('drill-final', { SkipFinalSnapshot: false }))).name).toBe(
      'InvalidParameterCombination',
    );
    const both = remove('drill-final', { FinalDBSnapshotIdentifier: 'last' });
    expect((await rejection(both)).name).toBe('InvalidParameterCombination');
    await remove('drill-final', { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: 'last' });
    await one.gone('drill-final');
    expect((await snapshots({ DBSnapshotIdentifier: 'last' })).DBSnapshots![0].Status).toBe('available');
  });

  test('is refused under deletion protection', async () => {
    await restore('drill-protected', { DeletionProtection: true });
    await one.reaches('drill-protected', 'available');
    expect((await rejection(remove('drill-protected'))).name).toBe('InvalidParameterCombination');
  });

  test('keeps automated snapshots only when asked to', async () => {
    const kept = await account();
    await remove('orders', { DeleteAutomatedBackups: false }, kept);
    await kept.gone('orders');
    expect((await snapshots({ DBInstanceIdentifier: 'orders' }, kept)).DBSnapshots).toHaveLength(1);
  });
});

describe('faults', () => {
  test.each(['incompatible-network', 'failed'] as const)('a restore that ends in %s', async (status) => {
    const faulty = await account({ faults: { restoreEndsIn: status } });
    await restore('drill', {}, faulty);
    const ended = await faulty.reaches('drill', status);
    expect(ended.Endpoint).toBeUndefined();
    const final = remove('drill', { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: 'last' }, faulty);
    expect((await rejection(final)).name).toBe('InvalidDBInstanceStateFault');
    await remove('drill', {}, faulty);
    await faulty.gone('drill');
    expect(faulty.engine.restored[0].destroyed).toBe(true);
  });

  test('a restore that never gets available can still be deleted', async () => {
    const faulty = await account({ faults: { neverAvailable: true } });
    await restore('drill', {}, faulty);
    expect((await rejection(remove('drill', {}, faulty))).name).toBe('InvalidDBInstanceStateFault');
    await until(
      () =>
        remove('drill', {}, faulty).then(
          () => true,
          () => false,
        ),
      Boolean,
    );
    await faulty.gone('drill');
  });

  test('throttling answers every call', async () => {
    const faulty = await account({ faults: { throttle: { service: 'rds' } } });
    const error = await rejection(faulty.instance('orders'));
    expect(error).toMatchObject({ name: 'Throttling', $metadata: { httpStatusCode: 400 } });
  });

  test('no backups: no snapshot, no latest time, no restore', async () => {
    const faulty = await account({ faults: { noBackups: true } });
    expect((await faulty.instance('orders')).LatestRestorableTime).toBeUndefined();
    expect((await snapshots({}, faulty)).DBSnapshots).toEqual([]);
    expect((await rejection(restore('drill', {}, faulty))).name).toBe('InvalidRestoreFault');
  });

  test('an older state than asked, and damage done to the copy', async () => {
    const damaged: unknown[] = [];
    const faults = { restoreOlder: true, afterRestore: async (database: unknown) => void damaged.push(database) };
    const faulty = await account({ faults });
    await restore('drill', {}, faulty);
    await faulty.reaches('drill', 'available');
    expect(faulty.engine.restored[0].until).toBeUndefined();
    expect(damaged).toEqual([faulty.engine.restored[0]]);
  });

  test('a password that never takes effect', async () => {
    const faulty = await account({ faults: { refuseLogin: true } });
    await restore('drill', {}, faulty);
    await faulty.reaches('drill', 'available');
    await faulty.client.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'drill', MasterUserPassword: 'long-enough' }),
    );
    await faulty.reaches('drill', 'resetting-master-credentials');
    await faulty.reaches('drill', 'available');
    expect(faulty.engine.restored[0].passwords).toEqual([]);
  });
});

test('an operation that no drill calls is named', async () => {
  const error = await rejection(one.client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'orders' })));
  expect(error).toMatchObject({
    name: 'NotRehearsed',
    message: 'rds RebootDBInstance is not rehearsed: no drill calls it',
  });
});

test('closing ends restores that are under way and leaves no database', async () => {
  const closing = await openAccount();
  closing.engine.restoreMilliseconds = 100;
  await restore('drill-a', {}, closing);
  await restore('drill-b', {}, closing);
  await closing.close();
  expect(closing.engine.restored.map((database) => database.destroyed)).toEqual([true, true]);
});
