import { Duration } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { CoverageReport } from '../../../../lib/private/contract/history';
import { DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../../../lib';
import { deploy, type Deployed } from '../deployed';

let site: Deployed;
let prefix: string;
beforeEach(async () => {
  site = await deploy((stack, alerts) => {
    const recovery = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts });
    prefix = recovery.prefix;
    const plan = new RecoveryPlan(stack, 'Gold', {
      site: recovery,
      owner: 'Payments',
      alerts,
      objectives: { rpo: Duration.days(1), rto: Duration.hours(4) },
    });
    plan
      .protectInstanceById('Orders', 'Orders', { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    plan.protectBucket('Uploads', new CfnBucket(stack, 'Uploads', { bucketName: 'uploads' }), { manage: false });
    plan.watchTagged('Team', 'team', 'shop');
    recovery.alarmOnUnprotected({ exclude: ['legacy-*'], buckets: true });
  });
}, 60_000);
afterEach(() => site.close());

const instance = async (identifier: string, tags: { Key: string; Value: string }[] = []) =>
  site.rds.adoptSource({ identifier, database: await site.engine.create(), tags });
const cluster = (identifier: string) =>
  site.rds.adoptCluster({ identifier, engine: 'aurora-postgresql', status: 'available' });
const report = () => site.state<CoverageReport>('coverage.json')!;

/** An hour later. */
let hour = 0;
const look = () => {
  site.at(new Date(Date.parse('2026-11-20T00:00:00Z') + ++hour * 3_600_000).toISOString());
  return site.run('coverage');
};

test('counts and names what is under no plan, whoever made it', async () => {
  await instance('orders');
  await instance('by-hand');
  await instance('tagged', [{ Key: 'team', Value: 'shop' }]);
  await instance('legacy-1');
  await instance(`${prefix}0123456789abcdef0123`);
  await instance('a-copy', [{ Key: 'cdk-recoverable:drill', Value: 'x' }]);
  cluster('ledger');
  const { payload, metrics } = await look();
  expect(payload).toEqual({ unprotected: ['by-hand', 'ledger'] });
  expect(metrics).toEqual([{ name: 'Unprotected', resource: 'site', value: 2 }]);
  expect(report()).toMatchObject({
    looked: 11, // three buckets are the site's own, and one is protected
    unprotected: [
      { kind: 'db-instance', identifier: 'by-hand' },
      { kind: 'db-cluster', identifier: 'ledger' },
    ],
  });
}, 60_000);

test('nothing is unprotected in an account without databases', async () => {
  const { payload, metrics } = await look();
  expect(payload).toEqual({ unprotected: [] });
  expect(metrics).toEqual([{ name: 'Unprotected', resource: 'site', value: 0 }]);
}, 60_000);

test('what joins while the alarm is raised is told by name, once, and after a second look', async () => {
  await instance('first');
  for (let looks = 0; looks < 3; looks++) await look();
  expect(site.told()).toEqual([]); // the alarm's to tell
  await instance('second');
  for (const identifier of ['a', 'b', 'c', 'd', 'e', 'f']) await instance(`more-${identifier}`);
  await look();
  expect(site.told()).toEqual([]);
  for (let looks = 0; looks < 3; looks++) await look();
  expect(site.told()).toEqual(['Tickets: [ticket] Site acme: 7 databases without protection']);
  expect(site.sns.published[0].message).toContain('instance more-e and 2 more');
}, 60_000);

test('the alarm says which databases they are', async () => {
  await instance('by-hand');
  await look();
  const alarm = site.deployment.one('AWS::CloudWatch::Alarm', 'Unprotected');
  const { payload } = await site.run('notify', {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: '111122223333',
    time: '2026-11-20T02:10:00.000+0000',
    region: 'eu-west-1',
    alarmData: {
      alarmName: alarm.name,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-11-20T02:10:00.000+0000' },
      previousState: { value: 'OK', timestamp: '2026-11-20T00:10:00.000+0000' },
      configuration: {
        description: alarm.properties.AlarmDescription,
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: {
                namespace: 'CdkRecoverable',
                name: 'Unprotected',
                dimensions: { Site: 'acme', Resource: 'site' },
              },
              period: 3600,
              stat: 'Maximum',
            },
            returnData: true,
          },
        ],
      },
    },
  });
  expect(payload).toEqual({ told: 1 });
  expect(site.sns.published[0].message).toContain('instance by-hand');
}, 60_000);

test('a look that AWS does not answer fails, says so, and leaves the last report', async () => {
  await look();
  const before = report();
  site.faults.throttle = { service: 'rds' };
  const { failed, payload, metrics } = await look();
  expect({ failed, payload }).toMatchObject({
    failed: true,
    payload: { errorType: expect.stringContaining('Thrott') },
  });
  expect(metrics).toEqual([]);
  expect(report()).toEqual(before);
}, 60_000);
