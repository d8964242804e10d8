import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  paginateGetMetricData,
  paginateListMetrics,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { metric } from '../../../../lambda/shared/metrics';
import { alarmOf, RehearsedCloudWatch, type Action, type RunningAws } from '../../../../rehearsal/aws';
import { published } from '../../../lambda/published';
import { account, clientOf, place, policy, region, rejection, role, start } from '../support';

const NOTIFY = `arn:aws:lambda:${region}:${account}:function:notify`;
const TICKETS = `arn:aws:sns:${region}:${account}:tickets`;
const ARN = `arn:aws:cloudwatch:${region}:${account}:alarm:Orders`;

let now = new Date('2026-03-01T12:00:20Z');
const done: Action[] = [];
const cloudWatch = new RehearsedCloudWatch({
  ...place,
  clock: () => now,
  act: async (action) => void done.push(action),
});
const alarm = (more: object = {}) =>
  alarmOf('Orders', ARN, {
    AlarmDescription: 'What happened: x',
    Namespace: 'CdkRecoverable',
    MetricName: 'RestorableAgeRatio',
    Dimensions: [
      { Name: 'Resource', Value: 'Gold/Orders' },
      { Name: 'Site', Value: 'acme' },
    ],
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [NOTIFY, TICKETS],
    OKActions: [NOTIFY],
    ...more,
  });

let aws: RunningAws;
let client: CloudWatchClient;
beforeAll(async () => {
  const reader = policy(['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'], '*');
  aws = await start([cloudWatch.service()], { AKIAREADER: role('reader', reader) });
  client = new CloudWatchClient(clientOf(aws));
});
afterAll(async () => {
  client.destroy();
  await aws.close();
  expect(aws.problems).toEqual([]);
});

/** What a handler prints, at a moment. */
async function print(ratio: number, at: string): Promise<void> {
  now = new Date(at);
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate'] });
  const { log } = await published(async () =>
    metric('acme', 'Gold/Orders', { RestorableAgeRatio: [ratio, 'None'], DrillAgeRatio: [0.1, 'None'] }),
  );
  jest.useRealTimers();
  cloudWatch.ingest(`START RequestId\n${log}{"level":"INFO"}\nnot json "CloudWatchMetrics"\n`);
}

test('what a handler prints is a metric on the dimensions that it names', async () => {
  await print(0.5, '2026-03-01T12:00:20Z');
  await print(0.7, '2026-03-01T12:01:20Z');
  const pages = paginateListMetrics({ client }, { Namespace: 'CdkRecoverable', MetricName: 'RestorableAgeRatio' });
  const found = [];
  for await (const { Metrics = [] } of pages) found.push(...Metrics);
  expect(found).toEqual([
    {
      Namespace: 'CdkRecoverable',
      MetricName: 'RestorableAgeRatio',
      Dimensions: [
        { Name: 'Site', Value: 'acme' },
        { Name: 'Resource', Value: 'Gold/Orders' },
      ],
    },
  ]);
});

test('statistics come by period, newest first', async () => {
  const query = (Id: string, Stat: string) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'CdkRecoverable',
        MetricName: 'RestorableAgeRatio',
        Dimensions: [
          { Name: 'Resource', Value: 'Gold/Orders' },
          { Name: 'Site', Value: 'acme' },
        ],
      },
      Period: 300,
      Stat,
    },
  });
  const range = { StartTime: new Date('2026-03-01T11:57:00Z'), EndTime: new Date('2026-03-01T12:10:00Z') };
  const MetricDataQueries = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'].map((stat) =>
    query(stat.toLowerCase(), stat),
  );
  const { MetricDataResults } = await client.send(new GetMetricDataCommand({ ...range, MetricDataQueries }));
  expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
    ['sum', [1.2]],
    ['average', [0.6]],
    ['minimum', [0.5]],
    ['maximum', [0.7]],
    ['samplecount', [2]],
  ]);
  expect(MetricDataResults?.[0].Timestamps).toEqual([new Date('2026-03-01T12:00:00Z')]);
  const few = paginateGetMetricData({ client }, { ...range, MetricDataQueries, MaxDatapoints: 2 });
  const values: number[] = [];
  for await (const page of few) values.push(...(page.MetricDataResults ?? []).flatMap(({ Values = [] }) => Values));
  expect(values).toEqual([1.2, 0.6, 0.5, 0.7, 2]);
  const old = { ...range, StartTime: new Date('2025-12-01T00:00:00Z'), MetricDataQueries };
  expect(await rejection(client.send(new GetMetricDataCommand(old)))).toMatchObject({ name: 'ValidationException' });
});

test('an alarm tells functions and topics what changed, and DescribeAlarms shows it', async () => {
  cloudWatch.create([alarm()]);
  await print(1.5, '2026-03-01T12:05:10Z');
  await cloudWatch.advance(new Date('2026-03-01T12:06:30Z'));
  expect(done.map(({ kind, arn }) => [kind, arn])).toEqual([
    ['function', NOTIFY],
    ['function', NOTIFY],
    ['topic', TICKETS],
  ]);
  expect(done[1].payload).toEqual({
    source: 'aws.cloudwatch',
    alarmArn: ARN,
    accountId: account,
    time: '2026-03-01T12:06:00.000+0000',
    region,
    alarmData: {
      alarmName: 'Orders',
      state: {
        value: 'ALARM',
        reason: 'Threshold Crossed: 1 datapoint [1.5 (2026-03-01T12:01:00.000Z)] greater than the threshold (1).',
        reasonData: expect.stringContaining('"recentDatapoints":[1.5]'),
        timestamp: '2026-03-01T12:06:00.000+0000',
      },
      previousState: {
        value: 'OK',
        reason: expect.any(String),
        reasonData: expect.any(String),
        timestamp: expect.any(String),
      },
      configuration: {
        description: 'What happened: x',
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: {
                namespace: 'CdkRecoverable',
                name: 'RestorableAgeRatio',
                dimensions: { Resource: 'Gold/Orders', Site: 'acme' },
              },
              period: 300,
              stat: 'Maximum',
            },
            returnData: true,
          },
        ],
      },
    },
  });
  expect(done[2].payload).toMatchObject({ AlarmName: 'Orders', NewStateValue: 'ALARM', OldStateValue: 'OK' });
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'Orders', AlarmArn: ARN, StateValue: 'ALARM', Threshold: 1 }]);
});

test('a state can be set to see who is told', async () => {
  done.length = 0;
  const set = { AlarmName: 'Orders', StateValue: 'OK', StateReason: 'looking' } as const;
  await client.send(new SetAlarmStateCommand(set));
  expect(done.map(({ arn }) => arn)).toEqual([NOTIFY]);
  const unknown = client.send(new SetAlarmStateCommand({ ...set, AlarmName: 'Nobody' }));
  expect(await rejection(unknown)).toMatchObject({ name: 'ResourceNotFound' });
});

test('an alarm whose actions are off tells nobody', async () => {
  done.length = 0;
  cloudWatch.create([alarm({ ActionsEnabled: false })]);
  await client.send(new SetAlarmStateCommand({ AlarmName: 'Orders', StateValue: 'ALARM', StateReason: 'looking' }));
  expect(done).toEqual([]);
});

test('whoever may not is refused', async () => {
  const reader = new CloudWatchClient(clientOf(aws, 'AKIAREADER'));
  expect(await rejection(reader.send(new DescribeAlarmsCommand({})))).toMatchObject({ name: 'AccessDenied' });
  reader.destroy();
});
