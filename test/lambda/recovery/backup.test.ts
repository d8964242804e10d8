import { RestoreDBInstanceToPointInTimeCommand } from '@aws-sdk/client-rds';
import type { BackupQuestion } from '../../../lambda/recovery/backup-done/handler';
import type { BackupRequest, BackupStarted } from '../../../lambda/recovery/backup-start/handler';
import { changeName, preDeploymentTags, snapshotName } from '../../../lambda/recovery/snapshots';
import { tagValue } from '../../../lambda/shared/tags';
import type { Faults, PolicyDocument } from '../../../rehearsal/aws';
import { policy, rejection, until } from '../../rehearsal/aws/support';
import { drillOf, openSite, PREFIX, type Site } from '../account';
import { published } from '../published';
import { DATABASES } from './databases';

let site: Site;
let start: (event: BackupRequest) => Promise<BackupStarted>;
let done: (event: BackupQuestion) => Promise<{ IsComplete: boolean }>;
const faults: Faults = {};
let rights: PolicyDocument[];

beforeEach(async () => {
  Object.assign(faults, { snapshotSlow: false, snapshotFails: false, neverAvailable: false });
  rights = [policy(['rds:DescribeDBSnapshots', 'rds:DescribeDBClusterSnapshots'], '*')];
  const callers = { AKIALATE: { arn: 'arn:aws:iam::111122223333:role/done', policies: rights } };
  site = await openSite({ faults, callers, quota: { manualSnapshots: 3 } });
  Object.assign(process.env, { SNAPSHOT_SECONDS: '3300', PERMISSION_SECONDS: '120' });
  jest.resetModules();
  ({ handler: start } = await import('../../../lambda/recovery/backup-start/handler'));
  ({ handler: done } = await import('../../../lambda/recovery/backup-done/handler'));
});
afterEach(() => site.close());

describe.each(DATABASES)('of a $kind', (database) => {
  const { kind, identifier, named } = database;

  const properties = (Version: string, Identifier = identifier) => ({
    Resource: 'gold/orders',
    Kind: kind,
    Identifier,
    Backup: 'c8aa',
    Version,
    RetentionDays: '90',
  });
  const changeOf = (version: string) => changeName(PREFIX, properties(version));

  let requests = 0;
  const create = (version: string): BackupRequest => ({
    RequestType: 'Create',
    RequestId: `request-${++requests}`,
    ResourceProperties: properties(version),
  });
  const update = (deployed: string, version: string): BackupRequest => ({
    ...create(version),
    RequestType: 'Update',
    PhysicalResourceId: changeOf(deployed),
  });

  /** As the provider framework does: what the first answers is in the event of the second, asked again and again. */
  async function deploy(event: BackupRequest): Promise<string | undefined> {
    const { answer: started } = await published(() => start(event));
    await published(() =>
      until(
        () => done({ ...event, ...started }),
        ({ IsComplete }) => IsComplete,
      ),
    );
    return started.Data?.Snapshot;
  }

  const names = async () => (await database.manual(site.rds)).map((one) => one.identifier);

  test('the first deployment takes a snapshot under the prefix, with tags that say whose and until when', async () => {
    const snapshot = await deploy(create('v1'));
    expect(snapshot).toMatch(new RegExp(`^${PREFIX}before-${named ? `${identifier}-` : ''}[0-9a-f]{12}-[0-9a-f]{8}$`));
    const [made, ...others] = await database.manual(site.rds);
    expect(others).toEqual([]);
    expect(made).toMatchObject({ identifier: snapshot, database: identifier, status: 'available' });
    const tag = (key: string) => tagValue(made.tags, `cdk-recoverable:${key}`);
    expect(['site', 'backup', 'resource', 'version', 'change', 'previous-change'].map(tag)).toEqual([
      'acme',
      'pre-deployment',
      'gold/orders',
      'v1',
      changeOf('v1'),
      undefined,
    ]);
    const days = (Date.parse(tag('expires')!) - made.createdAt!.getTime()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThan(90.1);
  });

  test('another version takes another, the same one none', async () => {
    const first = await deploy(create('v1'));
    expect(await deploy(update('v1', 'v1'))).toBeUndefined();
    const second = await deploy(update('v1', 'v2'));
    expect((await names()).sort()).toEqual([first, second].sort());
  });

  test('the same request delivered twice takes one', async () => {
    const event = create('v1');
    expect(await Promise.all([deploy(event), deploy(event)])).toEqual([
      snapshotName(changeOf('v1'), event.RequestId),
      snapshotName(changeOf('v1'), event.RequestId),
    ]);
    expect(await names()).toHaveLength(1);
  });

  test('a rollback takes none, even when what it goes back to was removed long ago', async () => {
    const first = await deploy(create('v1'));
    await database.remove(site.rds, first);
    const second = await deploy(update('v1', 'v2'));
    expect(await deploy(update('v2', 'v1'))).toBeUndefined();
    expect(await names()).toEqual([second]);
  });

  test('a rollback after the snapshot itself failed takes none', async () => {
    await deploy(create('v1'));
    // The failed update never became CloudFormation's physical id.
    expect(await deploy(update('v1', 'v1'))).toBeUndefined();
  });

  test('deploying again soon after a failure takes the snapshot that is there', async () => {
    await deploy(create('v1'));
    const second = await deploy(update('v1', 'v2'));
    expect(await deploy(update('v1', 'v2'))).toBe(second);
    expect(await names()).toHaveLength(2);
  });

  test('removing the construct removes no snapshot', async () => {
    const first = await deploy(create('v1'));
    const event: BackupRequest = { ...update('v1', 'v1'), RequestType: 'Delete' };
    expect((await start(event)).PhysicalResourceId).toBe(event.PhysicalResourceId);
    expect(await done(event)).toEqual({ IsComplete: true });
    expect(await names()).toEqual([first]);
  });

  async function failure(event: BackupRequest): Promise<Error> {
    const { answer: started } = await published(() => start(event));
    const { answer } = await published(() =>
      rejection(
        until(
          () => done({ ...event, ...started }),
          ({ IsComplete }) => IsComplete,
        ),
      ),
    );
    return answer;
  }

  test('a failed snapshot is told', async () => {
    faults.snapshotFails = true;
    const error = await failure(create('v1'));
    expect(error.name).toBe('SnapshotFailed');
    expect(error.message).toMatch(
      new RegExp(`^snapshot rcv-\\S+ of ${identifier} is failed: nothing that needs it is deployed\\.`),
    );
  });

  test('a snapshot that takes too long is told, with what to do instead; it goes on', async () => {
    faults.snapshotSlow = true;
    process.env.SNAPSHOT_SECONDS = '1';
    const error = await failure(create('v1'));
    expect(error.name).toBe('SnapshotTooSlow');
    expect(error.message).toMatch(/ is still creating, \d+ % done; it goes on\./);
    expect(error.message).toContain('npx cdk-recoverable backup-now gold/orders --reason "..." --wait');
    // Deployed again, it waits for the same one, and past it.
    process.env.SNAPSHOT_SECONDS = '3300';
    faults.snapshotSlow = false;
    expect([await deploy(create('v1'))]).toEqual(await names());
  });

  test('a name that is taken by something else fails', async () => {
    const event = create('v1');
    await database.take(site.rds, snapshotName(changeOf('v1'), event.RequestId));
    expect((await failure(event)).name).toBe('NameTaken');
  });

  test('a snapshot of another database does not count, whatever its tags', async () => {
    const event = create('v1');
    if (kind === 'db-instance')
      await site.restored({ ...drillOf('1'.repeat(20)), names: { instance: 'other', secret: 'x' } });
    const made = { site: 'acme', resource: 'gold/orders', expires: '2999-01-01T00:00:00.000Z' };
    const tags = preDeploymentTags(made, { change: changeOf('v1'), version: 'v1' });
    await database.take(site.rds, snapshotName(changeOf('v1'), event.RequestId), tags, 'other');
    expect((await failure(event)).name).toBe('NameTaken');
  });

  test('a database that cannot be snapshotted now is asked again, and told when the time is over', async () => {
    if (kind === 'db-instance') {
      faults.neverAvailable = true;
      await site.rds.send(
        new RestoreDBInstanceToPointInTimeCommand({
          SourceDBInstanceIdentifier: identifier,
          TargetDBInstanceIdentifier: 'busy',
          UseLatestRestorableTime: true,
        }),
      );
    }
    const event = { ...create('v1'), ResourceProperties: properties('v1', 'busy') };
    const { answer: started } = await published(() => start(event));
    expect(await done({ ...event, ...started })).toEqual({ IsComplete: false });
    process.env.SNAPSHOT_SECONDS = '0.001';
    const error = await rejection(done({ ...event, ...started }));
    expect(error.name).toBe('SnapshotTooSlow');
    expect(error.message).toMatch(/could not be taken yet: (Instance|Cluster) busy is in state (creating|modifying)/);
  });

  test('a permission that is as new as the deployment may take a while to hold', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIALATE';
    jest.resetModules();
    ({ handler: done } = await import('../../../lambda/recovery/backup-done/handler'));
    const event = create('v1');
    const question = { ...event, ...(await start(event)) };
    expect(await done(question)).toEqual({ IsComplete: false });
    process.env.PERMISSION_SECONDS = '0.001';
    expect((await rejection(done(question))).name).toBe('AccessDenied');
    rights.push(policy([database.create, 'rds:AddTagsToResource'], '*'));
    await published(() =>
      until(
        () => done(question),
        ({ IsComplete }) => IsComplete,
      ),
    );
    expect(await names()).toEqual([question.Data?.Snapshot]);
  });

  test('an account with as many snapshots as it may have is told', async () => {
    for (const version of ['v1', 'v2', 'v3']) await deploy(create(version));
    const error = await failure(create('v4'));
    expect(error.name).toBe('SnapshotQuotaExceeded');
    expect(error.message).toMatch(
      new RegExp(`^no snapshot of ${identifier} can be taken, .*remove some or raise the quota`),
    );
  });

  test('a database that does not exist is told', async () => {
    const error = await failure({ ...create('v1'), ResourceProperties: properties('v1', 'nobody') });
    expect(error.name).toMatch(/^DB(Instance|Cluster)NotFoundFault$/);
  });
});
