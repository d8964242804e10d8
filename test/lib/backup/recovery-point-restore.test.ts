import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BackupTiers, DrillSchedule, Engine, type RecoveryPlan, RecoverySite, RecoverySource } from '../../../lib';
import { newApp } from '../app';
import {
  actionsOf,
  expectRoleOfBackup,
  flatten,
  inputOf,
  newPlan,
  newStack,
  orders,
  type Statement,
  statementsOf,
} from '../support';
import { database } from './support';

const env = { account: '111122223333', region: 'eu-west-1' };
const backup = BackupTiers.grandfatherFatherSon();
const objectives = { rpo: Duration.days(1), rto: Duration.hours(2) };
const fromRecoveryPoint = { schedule: DrillSchedule.weekly(), sources: [RecoverySource.recoveryPoint()] };

function drilledFromRecoveryPoints(more: object = {}) {
  const stack = newStack(env);
  const plan = newPlan(stack, { backup, objectives });
  const drill = plan
    .protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES, ...more })
    .addDrill('Weekly', fromRecoveryPoint);
  return { stack, plan, drill, site: plan.site };
}

const resourcesOf = ({ Resource }: Statement) =>
  [Resource].flat().map((arn) => flatten(arn).split(':').slice(5).join(':'));
const allowing = (statements: Statement[], action: string) =>
  statements.filter(({ Action, Effect }) => Effect === 'Allow' && [Action].flat().includes(action));
const environmentsOf = (plan: RecoveryPlan) =>
  Object.values(Template.fromStack(plan.site.stateMachine.stack).findResources('AWS::Lambda::Function'))
    .filter(({ Properties }) => Properties.Environment?.Variables.RESTORE_ROLE !== undefined)
    .map(({ Properties }) => flatten(Properties.FunctionName).replace(/^.*-/, ''));

test('a drill says which vault and whose recovery points, by ARN', () => {
  const { stack, drill, site } = drilledFromRecoveryPoints();
  expect(inputOf(stack, drill.scheduleName).definition.sources).toEqual([
    {
      kind: 'recovery-point',
      vault: site.vault().vaultName,
      resourceArn: 'arn:<AWS.Partition>:rds:eu-west-1:111122223333:db:orders-prod',
    },
  ]);
  Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
});

test('nothing is there for it unless a drill restores from recovery points', () => {
  const stack = newStack(env);
  const plan = newPlan(stack, { backup });
  orders(plan).addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  expect(environmentsOf(plan)).toEqual([]);
  expect(JSON.stringify(Template.fromStack(stack))).not.toMatch(/backup:(Start|Describe)RestoreJob"|iam:PassRole/);
});

describe('the role of AWS Backup', () => {
  test('makes copies of drills in the drill network, and changes nothing else', () => {
    const { stack, site } = drilledFromRecoveryPoints();
    const { role } = site.recoveryPointRestore();
    const statements = statementsOf(stack, role);
    const { prefix } = site;
    expect(actionsOf(statements)).toEqual([
      'kms:CreateGrant',
      'kms:DescribeKey',
      'rds:AddTagsToResource',
      'rds:DescribeDBInstances',
      'rds:DescribeDBSnapshots',
      'rds:ListTagsForResource',
      'rds:RestoreDBInstanceFromDBSnapshot',
    ]);
    expect(allowing(statements, 'rds:RestoreDBInstanceFromDBSnapshot').map(resourcesOf)).toEqual([
      [
        'snapshot:awsbackup:*',
        `db:${prefix}*`,
        `subgrp:${prefix}drill`,
        'og:default:postgres-*',
        'pg:default.postgres*',
      ],
    ]);
    expect(allowing(statements, 'rds:AddTagsToResource').map(resourcesOf)).toEqual([[`db:${prefix}*`]]);
    const [deny] = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(deny.Action).toEqual(
      expect.arrayContaining(['rds:Add*', 'rds:Delete*', 'rds:Modify*', 'rds:Reboot*', 'rds:Stop*']),
    );
    expect([deny.NotResource].flat().map(flatten)).toContainEqual(
      expect.stringMatching(new RegExp(`:db:${prefix}\\*$`)),
    );
    expectRoleOfBackup(stack, '^Restores recovery points');
  });

  test('uses the key of what is drilled, and no other', () => {
    const stack = newStack(env);
    const plan = newPlan(stack, { backup, objectives });
    const [used, other] = ['used', 'other'].map((id) =>
      Key.fromKeyArn(stack, id, `arn:aws:kms:eu-west-1:111122223333:key/${id}`),
    );
    plan
      .protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES, encryptionKey: used })
      .addDrill('Weekly', fromRecoveryPoint);
    plan
      .protectInstanceById('Ledger', 'ledger', { engine: Engine.POSTGRES, encryptionKey: other })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    const grants = allowing(statementsOf(stack, plan.site.recoveryPointRestore().role), 'kms:CreateGrant');
    expect(grants).toMatchObject([
      { Resource: used.keyArn, Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
    ]);
  });
});

test('the functions may start, watch and find restore jobs, and hand on this one role', () => {
  const { stack, plan, site } = drilledFromRecoveryPoints();
  const { functions } = site;
  const of = (name: 'choose' | 'restore' | 'ready' | 'teardown' | 'sweep') => statementsOf(stack, functions[name].role);
  expect(allowing(of('restore'), 'backup:StartRestoreJob').map(resourcesOf)).toEqual([['snapshot:awsbackup:*']]);
  expect(allowing(of('restore'), 'iam:PassRole')).toEqual([
    {
      Action: 'iam:PassRole',
      Effect: 'Allow',
      Resource: stack.resolve(site.recoveryPointRestore().role.roleArn),
      Condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    },
  ]);
  expect(allowing(of('choose'), 'backup:ListRecoveryPointsByBackupVault')[0].Resource).toEqual(
    stack.resolve(site.vault().vault.backupVaultArn),
  );
  expect(allowing(of('ready'), 'rds:AddTagsToResource')).toMatchObject([
    { Condition: { StringEquals: { 'aws:RequestTag/cdk-recoverable:site': site.siteName } } },
  ]);
  for (const name of ['ready', 'restore', 'teardown', 'sweep'] as const) {
    expect(of(name).some(({ Effect, Sid }) => Effect === 'Deny' && Sid === 'NothingOutsideThePrefix')).toBe(true);
  }
  const backupActions = (name: Parameters<typeof of>[0]) =>
    actionsOf(of(name)).filter((each) => each.startsWith('backup:'));
  expect(backupActions('ready')).toEqual(['backup:DescribeRestoreJob']);
  expect(backupActions('teardown')).toEqual(['backup:ListRestoreJobs']);
  expect(backupActions('sweep')).toEqual(['backup:ListRestoreJobs']);
  expect(environmentsOf(plan).sort()).toEqual(['restore', 'sweep', 'teardown']);
});

test('a site in another stack gets the role, the plan’s stack grants its keys', () => {
  const app = newApp();
  const home = newStack(env, app, 'Home');
  const site = new RecoverySite(home, 'Recovery');
  const stack = newStack(env, app, 'Plans');
  orders(newPlan(stack, { site, backup, objectives })).addDrill('Weekly', fromRecoveryPoint);
  app.synth();
  expect(stack.dependencies).toEqual([home]);
  expect(home.dependencies).toEqual([]);
  expect(JSON.stringify(Template.fromStack(stack))).toContain('kms:CreateGrant');
  const { role } = site.recoveryPointRestore();
  expect(allowing(statementsOf(home, role), 'kms:CreateGrant')).toEqual([]);
});

describe('fails', () => {
  test('where AWS Backup takes nothing', () => {
    const resource = orders(newPlan(newStack(), { objectives }));
    expect(() => resource.addDrill('Weekly', fromRecoveryPoint)).toThrow(
      /Gold\/Orders has no recovery points: plan Gold has no backup tiers, daily or longer; give it some/,
    );
  });

  test('where all that AWS Backup takes is continuous', () => {
    const none = Duration.days(0);
    const continuous = { continuous: Duration.days(7), daily: none, weekly: none, monthly: none };
    const stack = newStack();
    const plan = newPlan(stack, { objectives, backup: BackupTiers.grandfatherFatherSon(continuous) });
    const resource = plan.protectInstance('Orders', database(stack));
    expect(() => resource.addDrill('Weekly', fromRecoveryPoint)).toThrow(/has no recovery points/);
  });

  test.each<[string, BackupTiers, RegExp]>([
    ['daily', backup, /from recovery points, which are up to 1 day old: add RecoverySource.pointInTime\(\)/],
    [
      'weekly',
      BackupTiers.grandfatherFatherSon({ daily: Duration.days(0) }),
      /from recovery points, which are up to 7 days old.* with an rpo of 7 days/,
    ],
  ])('where the %s tier is older than the rpo', (_, tiers, message) => {
    const resource = orders(newPlan(newStack(), { backup: tiers }));
    expect(() => resource.addDrill('Weekly', fromRecoveryPoint)).toThrow(message);
  });
});

test('warns where a recovery point in turn is older than the rpo, and tells it from a snapshot', () => {
  const stack = newStack();
  const tiers = BackupTiers.grandfatherFatherSon({ daily: Duration.days(0) });
  const sources = [RecoverySource.pointInTime(), RecoverySource.snapshot(), RecoverySource.recoveryPoint()];
  orders(newPlan(stack, { backup: tiers })).addDrill('Weekly', { schedule: DrillSchedule.weekly(), sources });
  Annotations.fromStack(stack).hasWarning(
    '/Test/Gold/Orders/Weekly',
    Match.stringLikeRegexp(
      "from snapshots, which are up to 1 day old, nor recovery points, which are up to 7 days old: .* the snapshot's turn or the recovery point's turn.* rpo of 7 days",
    ),
  );
});
