import { DescribeDBInstances$, type DBInstance } from '@aws-sdk/client-rds';
import { keys } from '../../../lambda/shared/keys';
import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { METRICS } from '../../../lib/private/metrics';
import { modelled } from '../../../rehearsal/aws/protocol/types';
import { DBInstanceNotFoundFault$ } from '@aws-sdk/client-rds';
import { operation } from '../../../rehearsal/aws/service';
import { published } from '../published';
import {
  ago,
  DAY,
  dbArn,
  definitionOf,
  openAccount,
  pointOf,
  PREFIX,
  resourceOf,
  SOURCES,
  vaultArn,
  type WatchedAccount,
} from './watched-account';

/** What RDS answers where it does not answer as RDS would: set by a test, else the rehearsed RDS answers. */
const instead: { answer?: (filters: string[]) => DBInstance[] | Promise<DBInstance[]> } = {};

let site: WatchedAccount;
let monitor: (input: MonitorDefinition) => Promise<void>;
beforeAll(async () => {
  site = await openAccount({ change: answering });
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
  const team = { Key: 'team', Value: 'payments' };
  await site.adopt('orders', { tags: [team] });
  await site.adopt('users', { tags: [team] });
  await site.adopt(`${PREFIX}copy`, { tags: [team] });
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.forget();
  delete site.faults.throttle;
  delete instead.answer;
  site.backup.forget(() => true);
});

function answering(services: Parameters<NonNullable<NonNullable<Parameters<typeof openAccount>[0]>['change']>>[0]) {
  return services.map((service) =>
    service.signingName !== 'rds'
      ? service
      : {
          ...service,
          operations: service.operations.map((one) =>
            one.schema[2] !== 'DescribeDBInstances'
              ? one
              : operation<{ Filters?: { Values?: string[] }[]; MaxRecords?: number }, object>(
                  DescribeDBInstances$,
                  ['Filters', 'MaxRecords'],
                  (input) => one.checks(input as Record<string, unknown>),
                  async (input, call) =>
                    instead.answer
                      ? { DBInstances: await instead.answer(input.Filters?.[0]?.Values ?? []) }
                      : one.handle(input as Record<string, unknown>, call),
                ),
          ),
        },
  );
}

const run = async (definition: MonitorDefinition) => {
  const { metrics, answer, log } = await published(() =>
    monitor(definition).then(
      () => undefined,
      (error: Error) => error,
    ),
  );
  const ratios = metrics.map((one) => [one.Resource, one[METRICS.restorableAgeRatio] as number] as const);
  return { error: answer, ratios: new Map(ratios), log };
};
const both = ['Orders', 'Users'].map((name) => ({
  ...{ name: `Gold/${name}`, kind: 'db-instance' as const, identifier: name.toLowerCase(), profile: 0 },
}));

test('what could not be measured gets no data point, and the run ends with an error that names it', async () => {
  const definition = definitionOf([SOURCES.pointInTime], { resources: both });
  await run(definition);
  site.faults.throttle = { service: 'rds', operation: 'DescribeDBInstances' };
  const { error, ratios } = await run(definition);
  expect(ratios.size).toBe(0);
  expect(error).toMatchObject({
    name: 'NotMeasured',
    message: expect.stringMatching(/not measured: Gold\/Orders, Gold\/Users; 2 instances: Throttling: Rate exceeded/),
  });
  const report = await site.report();
  expect(report.troubles).toEqual(['2 instances: Throttling: Rate exceeded']);
  // What was known stays known.
  expect(resourceOf(report)).toMatchObject({
    resourceId: expect.any(String),
    sources: [{ newest: expect.any(String) }],
  });
  expect(resourceOf(report).restorable).toBeUndefined();
  delete site.faults.throttle;
  expect((await run(definition)).ratios.size).toBe(2);
});

test('an hourly source that could not be asked keeps its last moment, and is asked again by the next run', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.daily], { profile: { rpoSeconds: DAY } });
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(3600), 35));
  await run(definition);
  const first = resourceOf(await site.report()).sources[1];
  await site.rewrite((report) => ({ ...report, fullAt: ago(3600) }));
  const { fullAt } = await site.report();
  site.faults.throttle = { service: 'backup' };
  const { error, ratios } = await run(definition);
  expect(error?.message).toContain('ThrottlingException');
  expect(ratios.get('Gold/Orders')).toBeLessThan(0.1);
  const report = await site.report();
  expect(resourceOf(report).sources[1]).toMatchObject({ newest: first.newest, lookedAt: first.lookedAt });
  expect(report.fullAt).toBe(fullAt);
  delete site.faults.throttle;
  site.backup.keep(pointOf(dbArn('orders'), 'home', ago(60), 35));
  expect((await run(definition)).error).toBeUndefined();
  expect(resourceOf(await site.report()).sources[1].ageSeconds).toBeLessThan(120);
});

test('a report that cannot be kept costs no data point, and nobody hears anything twice', async () => {
  const definition = definitionOf([SOURCES.pointInTime], { profile: { retentionDays: 8 } });
  await run(definition);
  const before = site.sns.published.length;
  site.faults.throttle = { service: 's3', operation: 'PutObject' };
  const { error, ratios } = await run(definition);
  expect([error?.name, ratios.size]).toEqual(['SlowDown', 1]);
  delete site.faults.throttle;
  expect((await run(definition)).error).toBeUndefined();
  expect(site.sns.published).toHaveLength(before);
});

test('another Region that does not answer silences nothing at home', async () => {
  const unknown = { ...SOURCES.copies, vaultArn: vaultArn('nowhere', 'ap-south-1'), region: 'ap-south-1' };
  const { error, ratios } = await run(definitionOf([SOURCES.pointInTime, unknown]));
  expect(error?.message).toContain('recovery points in arn:aws:backup:ap-south-1');
  expect(ratios.get('Gold/Orders')).toBeLessThan(1);
});

test.each([
  ['is no JSON', '{"at'],
  ['is null', 'null'],
  ['is of another form', '{"schema":"cdk-recoverable/monitor-report/v2"}'],
  [
    'lacks what it should have',
    JSON.stringify({
      schema: 'cdk-recoverable/monitor-report/v1',
      at: ago(0),
      findings: [],
      tagged: [],
      resources: [{ name: 'Gold/Orders' }],
    }),
  ],
])('a report that %s counts as none, and is replaced', async (_, text) => {
  await site.state.putText(keys.report('Gold'), text, 'application/json');
  const { error, ratios } = await run(definitionOf([SOURCES.pointInTime]));
  expect(error).toBeUndefined();
  expect(ratios.get('Gold/Orders')).toBeLessThan(1);
  expect(await site.report()).toMatchObject({ shard: 'Gold', fullAt: expect.any(String) });
});

test.each([
  ['is kept where it looked later', -60, 'somebody else'],
  ['is replaced where it looked earlier', 60, 'Payments'],
])('what another run writes meanwhile %s', async (_, secondsAgo, owner) => {
  const definition = definitionOf([SOURCES.pointInTime]);
  await run(definition);
  instead.answer = async () => {
    await site.rewrite((report) => ({ ...report, at: ago(secondsAgo), owner: 'somebody else' }));
    return [{ DBInstanceIdentifier: 'orders', DBInstanceStatus: 'available', BackupRetentionPeriod: 7 }];
  };
  expect((await run(definition)).error).toBeUndefined();
  expect((await site.report()).owner).toBe(owner);
});

test('fields that AWS leaves out, names in another case and doubles harm nobody', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.snapshot], { resources: both });
  instead.answer = () => [{}, { DBInstanceIdentifier: 'ORDERS' }, { DBInstanceIdentifier: 'orders' }];
  const { error, ratios } = await run(definition);
  expect(error).toBeUndefined();
  expect([...ratios.keys()]).toEqual(['Gold/Orders', 'Gold/Users']);
  const report = await site.report();
  expect(resourceOf(report)).toMatchObject({
    status: 'unknown',
    retentionDays: 0,
    findings: [{ id: 'automated-backups-off' }],
  });
  expect(resourceOf(report, 'Gold/Users').status).toBe('gone');
});

test('moments that are yet to come are no younger than now', async () => {
  instead.answer = () => [
    {
      DBInstanceIdentifier: 'orders',
      BackupRetentionPeriod: 7,
      LatestRestorableTime: new Date(Date.now() + 3_600_000),
    },
  ];
  const { ratios } = await run(definitionOf([SOURCES.pointInTime]));
  expect(ratios.get('Gold/Orders')).toBe(0);
});

test('a chunk that RDS refuses for one that is not there is asked again without it', async () => {
  const resources = Array.from({ length: 60 }, (_, i) => ({
    ...{ name: `Gold/No${i}`, kind: 'db-instance' as const, identifier: `no-${i}`, profile: 0 },
  }));
  const asked: number[] = [];
  instead.answer = (names) => {
    asked.push(names.length);
    if (names.includes('no-33')) throw modelled(DBInstanceNotFoundFault$, 'DBInstance no-33 not found.');
    return names.map((name) => ({
      DBInstanceIdentifier: name,
      DBInstanceStatus: 'available',
      BackupRetentionPeriod: 1,
    }));
  };
  const { error, ratios } = await run(definitionOf([SOURCES.pointInTime], { resources }));
  expect(error).toBeUndefined();
  expect(ratios.size).toBe(60);
  expect(Math.max(...asked)).toBe(50);
  expect((await site.report()).resources.filter(({ status }) => status === 'gone')).toHaveLength(1);
});

const tagged = [{ name: 'Gold/Team', key: 'team', value: 'payments', profile: 0 }];

test('what bears a tag is watched together, drills apart', async () => {
  const definition = definitionOf([SOURCES.pointInTime, SOURCES.snapshot], { resources: [], tagged });
  const { ratios } = await run(definition);
  const [report] = (await site.report()).tagged;
  expect(report.resources.map(({ name }) => name)).toEqual(['Gold/orders', 'Gold/users']);
  expect([...ratios]).toEqual([['Gold/Team', report.restorable!.ratio]]);
  expect(report.restorable!.ratio).toBe(Math.max(...report.resources.map(({ restorable }) => restorable!.ratio)));
  site.rds.change('users', { tags: [] });
  await run(definition);
  expect((await site.report()).tagged[0].resources.map(({ name }) => name)).toEqual(['Gold/orders']);
  site.rds.change('users', { tags: [{ Key: 'team', Value: 'payments' }] });
});

test('read replicas without backups of their own are not watched for their tag, those with are', async () => {
  const TagList = [{ Key: 'team', Value: 'payments' }];
  const own = { DBInstanceStatus: 'available', TagList };
  instead.answer = () => [
    { ...own, DBInstanceIdentifier: 'read', BackupRetentionPeriod: 0, ReadReplicaSourceDBInstanceIdentifier: 'orders' },
    { ...own, DBInstanceIdentifier: 'of-cluster', BackupRetentionPeriod: 0, ReadReplicaSourceDBClusterIdentifier: 'c' },
    { ...own, DBInstanceIdentifier: 'kept', BackupRetentionPeriod: 7, ReadReplicaSourceDBInstanceIdentifier: 'orders' },
    { ...own, DBInstanceIdentifier: 'off', BackupRetentionPeriod: 0 },
  ];
  await run(definitionOf([SOURCES.pointInTime], { resources: [], tagged }));
  const [{ resources }] = (await site.report()).tagged;
  expect(resources.map(({ name }) => name)).toEqual(['Gold/kept', 'Gold/off']);
});

test('what bears a tag and is still being made is not late, until it is made and nothing of it is kept', async () => {
  const definition = definitionOf([SOURCES.pointInTime], { resources: [], tagged });
  let made: DBInstance = { DBInstanceIdentifier: 'night', DbiResourceId: 'db-N', DBInstanceStatus: 'creating' };
  instead.answer = () => [{ ...made, BackupRetentionPeriod: 7, TagList: [{ Key: 'team', Value: 'payments' }] }];
  const later = (seconds: number) =>
    site.rewrite((report) => ({
      ...report,
      tagged: report.tagged.map((tag) => ({
        ...tag,
        resources: tag.resources.map((one) => ({
          ...one,
          ...{ since: ago(seconds), resourceIdSince: ago(seconds) },
          sources: one.sources.map((source) => ({ ...source, since: ago(seconds) })),
        })),
      })),
    }));
  const ratio = async () => (await run(definition)).ratios.get('Gold/Team');
  expect(await ratio()).toBeCloseTo(0, 2);
  await later(2400);
  expect(await ratio()).toBeCloseTo(0, 2);
  await later(2400);
  made = { ...made, DBInstanceStatus: 'available' };
  expect(await ratio()).toBeCloseTo(0, 2);
  await later(2400);
  expect(await ratio()).toBeGreaterThan(1);
});

test('where nothing bears a tag nothing is late, and where that cannot be asked nothing is said', async () => {
  const nobody = [{ ...tagged[0], value: 'nobody' }];
  const definition = definitionOf([SOURCES.pointInTime], { resources: both.slice(0, 1), tagged: nobody });
  expect([...(await run(definition)).ratios]).toEqual([
    ['Gold/Orders', expect.any(Number)],
    ['Gold/Team', 0],
  ]);
  site.faults.throttle = { service: 'rds', operation: 'DescribeDBClusters' };
  const { ratios, error } = await run(definition);
  expect(error?.message).toContain('all clusters: Throttling');
  expect(ratios.size).toBe(0);
});

test('nothing is asked of the account where no tag is watched', async () => {
  const calls = site.aws.calls.length;
  await run(definitionOf([SOURCES.pointInTime], { resources: both }));
  const described = site.aws.calls.slice(calls).filter(({ operation: name }) => name === 'DescribeDBClusters');
  expect(described).toEqual([]);
});
