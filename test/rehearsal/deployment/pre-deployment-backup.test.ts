import type { Faults } from '../../../rehearsal/aws';
import { CLUSTER, INSTANCE, openDeployment, synthesize, type Deploying } from './support';

let app: ReturnType<typeof synthesize>;
let deploying: Deploying;
beforeAll(() => (app = synthesize()));
afterEach(() => deploying.close());
afterAll(() => app.remove());

const open = async (faults: Faults = {}, environment: Record<string, string> = {}, database?: string) =>
  (deploying = await openDeployment(app.folder, faults, environment, database));

const taken = () =>
  deploying.account.aws.calls.filter(({ operation, error }) => operation === 'CreateDBSnapshot' && !error).length;

test('a migration runs once its snapshot is available, and a failed one is rolled back without another', async () => {
  const { deploy, account } = await open();
  const order: string[] = [];
  const migration = (name: string) => async () => {
    const snapshots = account.rds.snapshots.filter(({ type }) => type === 'manual');
    order.push(`${name} after ${snapshots.map(({ status }) => status).join()}`);
  };
  const success = { status: 'SUCCESS', reason: 'SUCCESS' };
  expect(await deploy('v1', migration('v1'))).toEqual([success]);
  // The physical id changed, so CloudFormation removes what was replaced: no snapshot goes with it.
  expect(await deploy('v2', migration('v2'))).toEqual([success, success]);
  expect(await deploy('v2', migration('v2 again'))).toEqual([success]);
  const broken = () => Promise.reject(new Error('the migration failed'));
  expect(await deploy('v3', broken)).toEqual([success, success, success]);
  expect(order).toEqual(['v1 after available', 'v2 after available,available', 'v2 again after available,available']);
  expect(taken()).toBe(3);
  expect(account.rds.snapshots.filter(({ type }) => type === 'manual')).toHaveLength(3);
});

test('a snapshot that fails stops the deployment, and going back needs none', async () => {
  const faults: Faults = {};
  const { deploy } = await open(faults);
  await deploy('v1');
  faults.snapshotFails = true;
  const migration = jest.fn(async () => {});
  const [failed, back] = await deploy('v2', migration);
  expect(failed.status).toBe('FAILED');
  expect(failed.reason).toMatch(/snapshot rcv-shop-\S+ of orders-prod is failed: nothing that needs it is deployed/);
  expect(back.status).toBe('SUCCESS');
  expect(migration).not.toHaveBeenCalled();
  expect(taken()).toBe(2);
});

test('a snapshot that is too slow stops the deployment, which says what to do instead', async () => {
  const { deploy } = await open({ snapshotSlow: true }, { SNAPSHOT_SECONDS: '2' });
  const migration = jest.fn(async () => {});
  const [failed, removed] = await deploy('v1', migration);
  expect(failed.status).toBe('FAILED');
  expect(failed.reason).toMatch(
    /is still creating, 50 % done; it goes on\..*backup-now Gold\/Orders --reason "\.\.\." --wait/,
  );
  expect(removed.status).toBe('SUCCESS');
  expect(migration).not.toHaveBeenCalled();
});

test('every call is allowed by the role that makes it, and no other is made', async () => {
  const { deploy, account } = await open();
  await deploy('v1');
  const calls = account.aws.calls.map(({ service, operation, allowed }) => `${service} ${operation} ${allowed}`);
  expect([...new Set(calls)].sort()).toEqual([
    'lambda Invoke true',
    'rds CreateDBSnapshot true',
    'rds DescribeDBSnapshots true',
    'states StartExecution true',
  ]);
});

describe('of a cluster', () => {
  test('the migration runs once its snapshot is available, under the rights of the same roles', async () => {
    const { deploy, account } = await open({}, {}, CLUSTER);
    const order: string[] = [];
    const migration = async () => void order.push(...account.rds.clusterSnapshots.map(({ status }) => status));
    expect((await deploy('v1', migration)).map(({ status }) => status)).toEqual(['SUCCESS']);
    expect(order).toEqual(['available']);
    const [{ identifier, cluster }] = account.rds.clusterSnapshots;
    expect([identifier, cluster.identifier]).toEqual([expect.stringMatching(/^rcv-shop-\w+-before-/), CLUSTER]);
    const calls = account.aws.calls.map(({ service, operation, allowed }) => `${service} ${operation} ${allowed}`);
    expect([...new Set(calls)].filter((call) => call.startsWith('rds')).sort()).toEqual([
      'rds CreateDBClusterSnapshot true',
      'rds DescribeDBClusterSnapshots true',
    ]);
  });

  test('a snapshot that fails stops the deployment', async () => {
    const { deploy } = await open({ snapshotFails: true }, {}, CLUSTER);
    const migration = jest.fn(async () => {});
    const [failed, removed] = await deploy('v1', migration);
    expect(failed.reason).toMatch(/snapshot rcv-shop-\S+ of ledger-prod is failed: nothing that needs it is deployed/);
    expect([failed.status, removed.status]).toEqual(['FAILED', 'SUCCESS']);
    expect(migration).not.toHaveBeenCalled();
  });
});

test.each([INSTANCE, CLUSTER])(
  'the sweeper may remove what was taken of %s, and does when its time is over',
  async (database) => {
    const { deploy, sweep, account } = await open({}, {}, database);
    const manual = () => account.rds.snapshots.filter(({ type }) => type === 'manual');
    const left = () => [...manual(), ...account.rds.clusterSnapshots].map(({ identifier }) => identifier);
    await deploy('v1');
    const [kept] = left();
    await deploy('v2', undefined, { RetentionDays: '-1' });
    const over = left().filter((one) => one !== kept);
    expect(over).toHaveLength(1);
    expect(await sweep()).toEqual({ removed: [], waiting: [], kept: [], expired: over });
    expect(left()).toEqual([kept]);
  },
);
