import { Duration, type Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { BackupTiers, type BackupTiersOptions, DrillSchedule, Engine, RecoverySite, VaultLockMode } from '../../../lib';
import { flatten, newPlan, newStack, statementsOf } from '../support';
import { database, days, only } from './support';

const weekly = { schedule: DrillSchedule.weekly() };
const continuous = (options: BackupTiersOptions = {}) =>
  BackupTiers.grandfatherFatherSon({ continuous: days(14), ...options });

function protectedBy(tiers: BackupTiers, props: Parameters<typeof database>[1] = {}) {
  const stack = newStack();
  const plan = newPlan(stack, { backup: tiers });
  plan.protectInstance('Orders', database(stack, props)).addDrill('Weekly', weekly);
  return { stack, plan };
}

test('one rule of the plan is continuous, after the others', () => {
  const { stack } = protectedBy(continuous({ hour: 23, minute: 30 }));
  const { BackupPlanRule: rules } = only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan;
  const [daily] = rules;
  expect(rules).toHaveLength(4);
  expect(daily.EnableContinuousBackup).toBeUndefined();
  expect(rules[3]).toMatchObject({
    RuleName: 'continuous',
    EnableContinuousBackup: true,
    ScheduleExpression: 'cron(30 0 ? * * *)',
    StartWindowMinutes: 60,
    Lifecycle: { DeleteAfterDays: 14 },
  });
});

test('can be all that a plan takes', () => {
  const none = { daily: days(0), weekly: days(0), monthly: days(0) };
  expect(
    continuous(none)
      ._render()
      .map(({ name }) => name),
  ).toEqual(['continuous']);
  expect(continuous(none)._isNone()).toBe(false);
});

test.each<[string, Parameters<typeof database>[1]]>([
  ['that says nothing', {}],
  ['that says the same', { backupRetention: days(14) }],
])('an instance %s keeps what AWS Backup will set, and leaves the window to it', (_, props) => {
  const { stack } = protectedBy(continuous(), { preferredMaintenanceWindow: 'sun:05:00-sun:06:00', ...props });
  const { BackupRetentionPeriod, PreferredBackupWindow } = only(stack, 'AWS::RDS::DBInstance').Properties;
  expect([BackupRetentionPeriod, PreferredBackupWindow]).toEqual([14, undefined]);
  // AWS Backup keeps windows apart itself where it owns both.
  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('window'));
});

describe('the role', () => {
  const changes = (stack: Stack, role: Parameters<typeof statementsOf>[1]) =>
    statementsOf(stack, role)
      .filter(({ Action }) => /Modify|TagResource|AutomatedBackup/.test([Action].flat().join()))
      .map(({ Action, Resource }) => [[Action].flat().join(), [Resource].flat().map(flatten)] as const);

  test('may set the instances of the plan, and tag its own recovery points', () => {
    const { stack, plan } = protectedBy(continuous());
    const [tag, modify, ...others] = changes(stack, plan.tieredBackup!.role);
    expect(others).toEqual([]);
    expect(tag).toEqual(['backup:TagResource', [expect.stringMatching(/:recovery-point:continuous:\*$/)]]);
    expect(modify[0]).toContain('rds:ModifyDBInstance');
    expect(modify[1].filter((arn) => arn.includes(':db:'))).toEqual([expect.stringMatching(/:db:<Db[0-9A-F]{8}>$/)]);
  });

  test('may set the clusters of the plan, and read their automated backups', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup: continuous() });
    plan.protectCluster('Ledger', new CfnDBCluster(stack, 'Ledger', { engine: 'aurora-mysql' }));
    expect(only(stack, 'AWS::RDS::DBCluster').Properties.BackupRetentionPeriod).toBe(14);
    const actions = changes(stack, plan.tieredClusterBackup!.role);
    expect(actions.map(([action]) => action)).toEqual([
      'backup:TagResource',
      'rds:DescribeDBClusterAutomatedBackups',
      expect.stringContaining('rds:ModifyDBCluster'),
    ]);
    expect(actions[2][1][1]).toMatch(/:cluster:<Ledger>$/);
  });

  test('may set nothing where nothing is continuous', () => {
    const { stack, plan } = protectedBy(BackupTiers.grandfatherFatherSon());
    expect(changes(stack, plan.tieredBackup!.role)).toEqual([]);
  });
});

describe('fails for', () => {
  test.each<[string, BackupTiersOptions, RegExp]>([
    [
      'more than AWS Backup reaches back',
      { continuous: days(36) },
      /^how far continuous backups reach back must be whole days, from 1 to 35, got: 36 days$/,
    ],
    ['no day', { continuous: days(0) }, /from 1 to 35, got: 0 days/],
    ['hours', { continuous: Duration.hours(36) }, /must be whole days, from 1 to 35/],
    ['a token', { continuous: days(Token.asNumber({ Ref: 'Days' })) }, /must be known at synthesis/],
    [
      'no time beside the tiers',
      { startWindow: Duration.minutes(1_381), completionWindow: days(2) },
      /startWindow of backup tiers is 1381 minutes, and continuous backups need 60 of the day beside it: the most is 1380/,
    ],
  ])('%s', (_, options, message) => {
    expect(() => continuous(options)).toThrow(message);
  });

  test.each<[string, Parameters<typeof database>[1], RegExp]>([
    [
      'a retention that AWS Backup would change',
      { backupRetention: days(7) },
      /backupRetention of Gold\/Orders is 7 days, and its plan's continuous backups keep 14, which AWS Backup sets itself: leave backupRetention out, or give both the same/,
    ],
    [
      'a window that AWS Backup would change',
      { preferredBackupWindow: '05:00-05:30' },
      /preferredBackupWindow of Gold\/Orders is given, and AWS Backup chooses it for continuous backups: leave it out/,
    ],
  ])('%s', (_, props, message) => {
    expect(() => protectedBy(continuous(), props)).toThrow(message);
  });

  const unmanaged =
    /is not managed, and for continuous backups AWS Backup changes its retention and backup window: let it be managed, or protect it under a plan without/;

  test('what is not to be changed', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup: continuous() });
    expect(() => plan.protectInstance('Orders', database(stack), { manage: false })).toThrow(unmanaged);
    expect(() => plan.protectInstanceById('Orders', 'x', { engine: Engine.POSTGRES })).toThrow(unmanaged);
    expect(() => plan.protectClusterById('Orders', 'x', { engine: Engine.AURORA_MYSQL })).toThrow(unmanaged);
  });

  test('a Multi-AZ DB cluster', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup: continuous() });
    expect(() => plan.protectCluster('Ledger', new CfnDBCluster(stack, 'Ledger', { engine: 'mysql' }))).toThrow(
      'Gold/Ledger is a Multi-AZ DB cluster, which AWS Backup takes as snapshots only: protect it under a plan without continuous backups',
    );
  });

  test('a vault lock that does not take its retention', () => {
    const stack = newStack();
    const vault = { lockMode: VaultLockMode.GOVERNANCE, minRetention: days(30) };
    const site = new RecoverySite(stack, 'Recovery', { vault });
    const plan = newPlan(stack, { site, backup: continuous() });
    expect(() => plan.protectInstance('Orders', database(stack))).toThrow(
      /continuous backups of plan Gold are kept for 14 days, and the vault lock .* takes 30 or more/,
    );
  });
});
