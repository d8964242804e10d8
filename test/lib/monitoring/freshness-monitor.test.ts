import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  BackupTiers,
  CopyDestination,
  DrillSchedule,
  Engine,
  RecoverySite,
  type RecoveryPlanProps,
} from '../../../lib';
import type { WatchedSource } from '../../../lib/private/contract/monitoring';
import { newApp } from '../app';
import { actionsOf, drilled, flatten, monitorsOf, newPlan, newStack, orders, statementsOf } from '../support';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A Region with a plan for one observed instance, and another Region that it may copy to. */
function planned(props: Partial<RecoveryPlanProps> = {}, copies = false) {
  const app = newApp();
  const drStack = newStack({ region: 'eu-central-1' }, app, 'Dr');
  const dr = new RecoverySite(drStack, 'Site', { name: 'acme', alerts: { ticket: new Topic(drStack, 'Tickets') } });
  const stack = newStack({ region: 'eu-west-1' }, app, 'Home');
  const plan = newPlan(stack, { ...props, ...(copies && { copyTo: [dr] }) });
  drilled(plan);
  return { app, stack, plan, dr };
}

function sourcesOf(stack: Stack): Record<string, WatchedSource> {
  const [{ profiles }] = monitorsOf(stack);
  return Object.fromEntries(profiles[0].sources.map((source) => [source.name, source]));
}

test('holds what RDS keeps against the objective, and a daily snapshot against 26 hours', () => {
  const { stack } = planned();
  expect(sourcesOf(stack)).toEqual({
    'point in time': { name: 'point in time', kind: 'point-in-time', allowedSeconds: 900, known: false },
    'automated snapshots': { name: 'automated snapshots', kind: 'snapshot', allowedSeconds: 26 * HOUR, known: false },
  });
});

test('tells the tiers of one vault apart by how long they are kept', () => {
  const { stack, plan } = planned({ backup: BackupTiers.grandfatherFatherSon() });
  const vaultArn = `arn:<AWS.Partition>:backup:eu-west-1:<AWS.AccountId>:backup-vault:${plan.site.vault().vaultName}`;
  const common = { kind: 'recovery-point', known: true, vaultArn, completionSeconds: 8 * HOUR };
  const { 'point in time': _, 'automated snapshots': __, ...tiers } = sourcesOf(stack);
  expect(tiers).toEqual({
    'daily recovery points': {
      ...{ ...common, name: 'daily recovery points', tier: 'daily', retentionDays: 30 },
      allowedSeconds: 25 * HOUR + 2 * HOUR,
    },
    'weekly recovery points': {
      ...{ ...common, name: 'weekly recovery points', tier: 'weekly', retentionDays: 90 },
      allowedSeconds: 7 * DAY + HOUR + 14 * HOUR,
    },
    'monthly recovery points': {
      ...{ ...common, name: 'monthly recovery points', tier: 'monthly', retentionDays: 365 },
      allowedSeconds: 31 * DAY + HOUR + DAY,
    },
  });
});

test('watches copies and replicated automated backups where they are, under rights there', () => {
  const backup = BackupTiers.grandfatherFatherSon({ weekly: Duration.days(0), monthly: Duration.days(0) });
  const { stack, plan, dr } = planned({ backup }, true);
  const { vaultName } = dr.vault();
  const sources = sourcesOf(stack);
  expect(sources['daily copies in eu-central-1']).toEqual({
    ...{ name: 'daily copies in eu-central-1', kind: 'copy', region: 'eu-central-1', known: true, tier: 'daily' },
    ...{
      retentionDays: 30,
      vaultArn: `arn:<AWS.Partition>:backup:eu-central-1:<AWS.AccountId>:backup-vault:${vaultName}`,
    },
    allowedSeconds: 25 * HOUR + 4 * HOUR,
  });
  expect(sources['point in time in eu-central-1']).toMatchObject({ kind: 'replicated', known: false });
  const elsewhere = statementsOf(stack, plan.site.functions.monitor.role).filter((statement) =>
    JSON.stringify(statement.Resource).includes('eu-central-1'),
  );
  expect(actionsOf(elsewhere)).toEqual([
    'backup:DescribeBackupVault',
    'backup:ListRecoveryPointsByBackupVault',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
    'rds:DescribeDBInstanceAutomatedBackups',
  ]);
});

test('copies in another account are marked as seen by their jobs alone, and nothing is granted there', () => {
  const app = newApp();
  const stack = newStack({ region: 'eu-west-1', account: '111122223333' }, app);
  const vault = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:safe';
  const plan = newPlan(stack, { backup: BackupTiers.grandfatherFatherSon(), copyTo: [CopyDestination.vault(vault)] });
  drilled(plan);
  expect(sourcesOf(stack)['daily copies']).toMatchObject({ kind: 'copy', otherAccount: true, vaultArn: vault });
  expect(JSON.stringify(statementsOf(stack, plan.site.functions.monitor.role))).not.toContain('444455556666');
});

test.each([
  [Duration.minutes(5), 5],
  [Duration.minutes(15), 5],
  [Duration.minutes(40), 10],
  [Duration.hours(1), 20],
  [Duration.hours(26), 60],
])('an objective of %s is measured every %i minutes', (rpo, minutes) => {
  const { stack, plan } = planned({ objectives: { rpo, rto: Duration.hours(2) } });
  const [{ everySeconds }] = monitorsOf(stack);
  expect([everySeconds, plan.monitor.interval.toMinutes()]).toEqual([minutes * 60, minutes]);
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: minutes === 60 ? 'rate(1 hour)' : `rate(${minutes} minutes)`,
    Target: Match.objectLike({ RetryPolicy: Match.objectLike({ MaximumEventAgeInSeconds: minutes * 60 }) }),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'RestorableAgeRatio',
    Period: minutes * 60,
  });
});

test('the recoverable alarm breaches when two of three measurements do, and when there are none', () => {
  const { stack, plan } = planned();
  Template.fromStack(stack).hasResource('AWS::CloudWatch::Alarm', {
    Properties: {
      Namespace: 'CdkRecoverable',
      MetricName: 'RestorableAgeRatio',
      Dimensions: [
        { Name: 'Resource', Value: 'Gold/Orders' },
        { Name: 'Site', Value: plan.site.siteName },
      ],
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'breaching',
      WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 20 },
      AlarmDescription: Match.stringLikeRegexp('What happened: .* What it means: .* Next step: '),
    },
    DependsOn: Match.arrayWith([stack.getLogicalId(plan.monitor.schedules[0])]),
  });
});

test('a site without plans has no alarm for a silent monitor, one with plans one', () => {
  const stack = newStack();
  const site = new RecoverySite(stack, 'Site', { name: 'acme', alerts: { ticket: new Topic(stack, 'Tickets') } });
  // Filled: CloudWatch looks further back than it evaluates before it counts a gap.
  const silent = {
    Metrics: Match.arrayWith([Match.objectLike({ Expression: 'FILL(runs, 0)' })]),
    TreatMissingData: 'breaching',
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 120, OnlyStartEvaluatingAfterWarmUpPeriodEnds: true },
  };
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', silent, 0);
  const planned = newStack();
  for (const id of ['Gold', 'Silver']) drilled(newPlan(planned, {}, id));
  Template.fromStack(planned).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', silent, 1);
  expect(site.siteName).toBe('acme');
});

test('where the site has nobody to tell, its plans are told of a silent monitor, each topic once', () => {
  const stack = newStack();
  const site = new RecoverySite(stack, 'Site', { name: 'acme' });
  const tickets = new Topic(stack, 'Shared');
  for (const id of ['One', 'Two']) drilled(newPlan(stack, { site, alerts: { ticket: tickets } }, id));
  drilled(newPlan(stack, { site }, 'Three'));
  const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const [[, { Properties }]] = alarms.filter(([id]) => id.includes('MonitorSilent'));
  expect(Properties.AlarmActions.map(flatten)).toEqual([
    expect.stringMatching(/^<Shared/),
    expect.stringMatching(/^<ThreeTickets/),
  ]);
  expect(Properties.AlarmActions).toHaveLength(2);
});

test('the slack of a plan is that of all its backups', () => {
  const { stack } = planned({ monitoring: { slack: Duration.hours(6) } });
  const { 'point in time': pointInTime, 'automated snapshots': snapshots } = sourcesOf(stack);
  expect([pointInTime.allowedSeconds, snapshots.allowedSeconds]).toEqual([900, 30 * HOUR]);
});

test.each<[string, () => RecoveryPlanProps['monitoring'], string]>([
  ['negative slack', () => ({ slack: Duration.hours(-1) }), 'Duration amounts cannot be negative. Received: -1'],
  [
    'hardly any slack',
    () => ({ slack: Duration.minutes(1) }),
    'slack of plan Gold must be from 10 minutes to 7 days, got: 1 minute',
  ],
  [
    'slack of a month',
    () => ({ slack: Duration.days(30) }),
    'slack of plan Gold must be from 10 minutes to 7 days, got: 30 days',
  ],
  [
    'a runbook that is no page',
    () => ({ runbook: 'http://wiki/runbook' }),
    'runbook of plan Gold must be an address that begins with https://, got: "http://wiki/runbook"',
  ],
])('%s is an error that says what is allowed', (_, monitoring, message) => {
  expect(() => planned({ monitoring: monitoring() })).toThrow(message);
});

describe('what bears a tag', () => {
  test('is watched by one alarm and granted nothing', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const alarm = plan.watchTagged('Shared', 'backup', 'daily');
    const [{ tagged, profiles, resources }] = monitorsOf(stack);
    expect([resources, tagged]).toEqual([[], [{ name: 'Gold/Shared', key: 'backup', value: 'daily', profile: 0 }]]);
    expect(profiles[0]).toMatchObject({ rpoSeconds: 900, sources: [{ kind: 'point-in-time' }, { kind: 'snapshot' }] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'RestorableAgeRatio',
      Dimensions: Match.arrayWith([{ Name: 'Resource', Value: 'Gold/Shared' }]),
    });
    expect(alarm.node.path).toBe('Test/Gold/Shared/Recoverable');
  });

  test.each([
    ['', 'x', /key of the tag of Gold\/Shared must be 1 to 128 letters/],
    ['a<b', 'x', /key of the tag .* got: "a<b"/],
    ['k', 'x'.repeat(257), /value of the tag of Gold\/Shared must be 0 to 256 letters/],
  ])('of %j and %j is refused', (key, value, message) => {
    expect(() => newPlan(newStack()).watchTagged('Shared', key, value)).toThrow(message);
  });

  test('has a name of its own', () => {
    const plan = newPlan(newStack());
    orders(plan);
    expect(() => plan.watchTagged('Orders', 'k', 'v')).toThrow(/protects something by the id Orders already/);
  });
});

test('more than a hundred resources are measured in shards, each profile written once', () => {
  const app = newApp();
  const site = new RecoverySite(newStack(undefined, app, 'Site'), 'Site', { name: 'acme' });
  const stack = newStack(undefined, app);
  const plan = newPlan(stack, { site });
  for (let index = 0; index < 101; index++) {
    plan
      .protectInstanceById(`Db${index}`, `db-${index}`, { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  }
  const monitors = monitorsOf(stack);
  expect(monitors.map(({ shard, profiles, resources }) => [shard, profiles.length, resources.length])).toEqual([
    ['Gold', 1, 100],
    ['Gold-2', 1, 1],
  ]);
});
