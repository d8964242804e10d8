import { type Environment, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { BackupTiers, DrillSchedule, Engine, RecoverySite, VaultLockMode } from '../../../lib';
import { newApp } from '../app';
import { drilled, flatten, newPlan, newStack, statementsOf } from '../support';
import { database, days, only } from './support';

const weekly = { schedule: DrillSchedule.weekly() };
const backup = BackupTiers.grandfatherFatherSon();

const selectionOf = (stack: Stack) =>
  only(stack, 'AWS::Backup::BackupSelection').Properties.BackupSelection as Record<string, unknown>;

test('a plan takes nothing unless it says so, and asks for no vault', () => {
  const stack = newStack();
  const [silent, none] = [newPlan(stack), newPlan(stack, { backup: BackupTiers.none() }, 'Silver')];
  [silent, none].forEach(drilled);
  expect([silent.tieredBackup, none.tieredBackup]).toEqual([undefined, undefined]);
  for (const type of ['BackupVault', 'BackupPlan', 'BackupSelection']) {
    Template.fromStack(stack).resourceCountIs(`AWS::Backup::${type}`, 0);
  }
});

test('a rule for each tier, in the vault of the site', () => {
  const stack = newStack();
  const plan = newPlan(stack, { backup });
  drilled(plan);
  const { BackupPlanRule: rules } = only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan;
  const vault = stack.resolve(plan.site.vault().vault.backupVaultName);
  const rule = (name: string, schedule: string, retention: number) => ({
    RuleName: name,
    ScheduleExpression: schedule,
    ScheduleExpressionTimezone: 'Etc/UTC',
    StartWindowMinutes: 60,
    CompletionWindowMinutes: 480,
    Lifecycle: { DeleteAfterDays: retention },
    TargetBackupVault: vault,
  });
  expect(rules).toEqual([
    rule('daily', 'cron(0 5 ? * * *)', 30),
    rule('weekly', 'cron(0 5 ? * SUN *)', 90),
    rule('monthly', 'cron(0 5 1 * ? *)', 365),
  ]);
});

test('plans of one site share its vault, also from another stack', () => {
  const app = newApp();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const home = newStack(env, app, 'Home');
  const site = new RecoverySite(home, 'Recovery');
  const names = new Set<string>();
  const stacks = ['Gold', 'Silver'].map((id) => {
    const stack = newStack(env, app, `${id}Stack`);
    drilled(newPlan(stack, { site, backup, name: `${id}${'x'.repeat(60 - id.length)}` }, 'Plan'));
    return stack;
  });
  app.synth();
  for (const stack of stacks) {
    names.add(only(stack, 'AWS::Backup::BackupPlan').Properties.BackupPlan.BackupPlanName);
  }
  expect(names.size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_.-]{1,50}$/);
  Template.fromStack(home).resourceCountIs('AWS::Backup::BackupVault', 1);
  for (const stack of stacks) {
    Template.fromStack(stack).resourceCountIs('AWS::Backup::BackupVault', 0);
    expect(stack.dependencies).toContain(home);
  }
});

describe.each<[string, Environment | undefined, RegExp]>([
  ['concrete', { account: '111122223333', region: 'eu-west-1' }, /^arn:<AWS.Partition>:rds:eu-west-1:111122223333:db:/],
  ['token', undefined, /^arn:<AWS.Partition>:rds:<AWS.Region>:<AWS.AccountId>:db:/],
  [
    'GovCloud',
    { account: '111122223333', region: 'us-gov-west-1' },
    /^arn:(aws-us-gov|<AWS.Partition>):rds:us-gov-west-1:/,
  ],
  ['China', { account: '111122223333', region: 'cn-north-1' }, /^arn:(aws-cn|<AWS.Partition>):rds:cn-north-1:/],
])('%s environment', (_, env, arn) => {
  test.each<[string, (stack: Stack, plan: ReturnType<typeof newPlan>) => void, RegExp]>([
    [
      'owned',
      (stack, plan) => plan.protectInstance('Orders', database(stack)).addDrill('Weekly', weekly),
      /:db:<Db[0-9A-F]{8}>$/,
    ],
    ['observed', (_stack, plan) => drilled(plan), /:db:orders-prod$/],
  ])('selects exactly the %s instance, under a role that may take no other', (_kind, protect, end) => {
    const stack = newStack(env);
    const plan = newPlan(stack, { backup });
    protect(stack, plan);
    const selection = selectionOf(stack);
    const selected = (selection.Resources as unknown[]).map(flatten);
    expect(selected).toHaveLength(1);
    expect(selected[0]).toMatch(arn);
    expect(selected[0]).toMatch(end);
    expect(Object.keys(selection).sort()).toEqual(['IamRoleArn', 'Resources', 'SelectionName']);
    const takes = statementsOf(stack, plan.tieredBackup!.role).filter(({ Action }) =>
      [Action].flat().includes('rds:CreateDBSnapshot'),
    );
    const snapshots = expect.stringMatching(/^arn:[^:]+:rds:[^:]+:[^:]+:snapshot:awsbackup:\*$/);
    const automated = selected[0].replace(':db:', ':snapshot:rds:') + '-20??-??-??-??-??';
    expect(takes.map(({ Resource }) => [Resource].flat().map(flatten))).toEqual([[snapshots, selected[0], automated]]);
    // No ARN names a partition of its own.
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/arn:aws:(rds|backup|kms)/);
  });
});

describe('the role', () => {
  function roleOf(props: Parameters<typeof database>[1] = {}) {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    plan.protectInstance('Orders', database(stack, props)).addDrill('Weekly', weekly);
    return { stack, statements: statementsOf(stack, plan.tieredBackup!.role), plan };
  }

  test('is for AWS Backup in this account, with no managed policy of AWS', () => {
    const { stack, plan } = roleOf();
    const id = stack.getLogicalId(plan.tieredBackup!.role.node.defaultChild as never);
    const { Properties } = Template.fromStack(stack).findResources('AWS::IAM::Role')[id];
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'backup.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('changes and removes nothing but snapshots of AWS Backup', () => {
    const { statements } = roleOf({ storageEncrypted: false });
    const changes = statements.filter(({ Action }) =>
      [Action].flat().some((each) => /:(Add|Create|Delete|Copy|Modify)/.test(each)),
    );
    const resources = changes.flatMap(({ Resource }) => [Resource].flat().map(flatten));
    expect(
      resources.filter((each) => !/:snapshot:awsbackup:\*$|:(db|snapshot:rds):<Db[0-9A-F]{8}>(-20[?-]+)?$/.test(each)),
    ).toEqual([]);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'backup:DescribeBackupVault',
      'rds:AddTagsToResource',
      'rds:CopyDBSnapshot',
      'rds:CreateDBSnapshot',
      'rds:DeleteDBSnapshot',
      'rds:DescribeDBInstances',
      'rds:DescribeDBSnapshots',
      'rds:ListTagsForResource',
      'rds:ListTagsForResource',
      'tag:GetResources',
    ]);
  });

  test('lets RDS and AWS Backup use the key of the instance, for resources of AWS', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    const key = new Key(stack, 'Key');
    for (const id of ['One', 'Two']) {
      plan.protectInstance(id, database(stack, { storageEncryptionKey: key }, `${id}Db`)).addDrill('Weekly', weekly);
    }
    const grants = statementsOf(stack, plan.tieredBackup!.role).filter(({ Action }) => Action === 'kms:CreateGrant');
    expect(grants).toHaveLength(1);
    expect(grants[0].Resource).toEqual(stack.resolve(key.keyArn));
    expect(grants[0].Condition).toMatchObject({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    expect((grants[0].Condition!.StringEquals['kms:ViaService'] as unknown[]).map(flatten)).toEqual([
      'backup.<AWS.Region>.<AWS.URLSuffix>',
      'rds.<AWS.Region>.<AWS.URLSuffix>',
    ]);
  });

  test('is complete before anything is selected, also for as many instances with the longest names as one role has room for', () => {
    const stack = newStack({ account: '111122223333', region: 'ap-southeast-2' }, roomy());
    const plan = newPlan(stack, { backup });
    for (let index = 0; index < 150; index++) {
      const identifier = `a${String(index).padStart(3, '0')}${'b'.repeat(59)}`;
      plan.protectInstanceById(`R${index}`, identifier, { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    }
    expect(selectionOf(stack).Resources).toHaveLength(150);
    const role = stack.resolve(plan.tieredBackup!.role.roleName);
    const template = Template.fromStack(stack);
    const of = (type: string) =>
      Object.entries(template.findResources(type)).filter(([, { Properties }]) =>
        JSON.stringify(Properties.Roles ?? []).includes(JSON.stringify(role)),
      );
    const size = ([, { Properties }]: [string, { [key: string]: Record<string, unknown> }]) =>
      flattenAll(Properties.PolicyDocument).length;
    const inline = of('AWS::IAM::Policy');
    const managed = of('AWS::IAM::ManagedPolicy');
    expect(inline.map(size).reduce((sum, each) => sum + each, 0)).toBeLessThan(10_240);
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const each of managed) expect(size(each)).toBeLessThan(6_144);
    const warned = () =>
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('more than 150 resources'));
    expect(warned()).toEqual([]);
    const { DependsOn } = only(stack, 'AWS::Backup::BackupSelection');
    expect(DependsOn).toEqual(expect.arrayContaining([...inline, ...managed].map(([id]) => id)));
  });

  test('warns of more instances than one role has room for', () => {
    const stack = newStack(undefined, roomy());
    const plan = newPlan(stack, { backup });
    for (let index = 0; index < 151; index++) {
      plan.protectInstanceById(`R${index}`, `orders-${index}`, { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    }
    expect(warned(stack)).toHaveLength(1);
  });
});

/** So many, with their site, outgrow a stack of CloudFormation; asked is what one role has room for. */
function roomy() {
  const app = newApp();
  app.node.setContext('@aws-cdk/core:stackResourceLimit', 0);
  return app;
}

const warned = (stack: Stack) =>
  Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('more than 150 resources'));

/** As IAM counts it, in the longest partition. */
const flattenAll = (document: unknown) =>
  JSON.stringify(document, (_, value) =>
    typeof value === 'object' && value !== null && 'Fn::Join' in value ? flatten(value) : value,
  ).replaceAll('<AWS.Partition>', 'aws-us-gov');

describe('fails', () => {
  test('for a plan that protects nothing', () => {
    const app = newApp();
    newPlan(newStack(undefined, app), { backup });
    expect(() => app.synth()).toThrow(/plan Gold has backup tiers and protects nothing: protect a resource, or leave/);
  });

  test('for cold storage', () => {
    const cold = BackupTiers.grandfatherFatherSon({ moveToColdStorageAfter: days(30) });
    expect(() => drilled(newPlan(newStack(), { backup: cold }))).toThrow(
      'backups of Gold/Orders cannot move to cold storage: AWS Backup ignores it for RDS; leave moveToColdStorageAfter out',
    );
  });

  test.each([
    ['shorter', { minRetention: days(31) }, /daily backups of plan Gold are kept for 30 days, .* takes 31 or more/],
    ['longer', { maxRetention: days(364) }, /monthly backups of plan Gold are kept for 365 days, .* takes 1 to 364/],
  ])('for retention %s than the vault lock takes', (_, range, message) => {
    const stack = newStack();
    const site = new RecoverySite(stack, 'Recovery', { vault: { lockMode: VaultLockMode.GOVERNANCE, ...range } });
    expect(() => drilled(newPlan(stack, { site, backup }))).toThrow(message);
  });
});

describe('an instance of the app', () => {
  const managed = (props: Parameters<typeof database>[1], manage?: boolean) => {
    const stack = newStack();
    newPlan(stack).protectInstance('Orders', database(stack, props), { manage }).addDrill('Weekly', weekly);
    return only(stack, 'AWS::RDS::DBInstance').Properties;
  };

  test.each<[string, Parameters<typeof database>[1], object]>([
    ['that says nothing', {}, { BackupRetentionPeriod: 7 }],
    ['that keeps more', { backupRetention: days(35) }, { BackupRetentionPeriod: 35 }],
    ['that is retained', { removalPolicy: RemovalPolicy.RETAIN }, { BackupRetentionPeriod: 7 }],
    [
      'that says the same',
      { backupRetention: days(7), deletionProtection: true, deleteAutomatedBackups: false, copyTagsToSnapshot: true },
      { BackupRetentionPeriod: 7 },
    ],
  ])('%s is set so that it can be recovered', (_, props, expected) => {
    expect(managed(props)).toMatchObject({
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      DeleteAutomatedBackups: false,
      ...expected,
    });
  });

  test.each<[string, Parameters<typeof database>[1], string]>([
    ['no backups', { backupRetention: days(0) }, 'its automated backups are off'],
    [
      'few days',
      { backupRetention: days(6) },
      'backupRetention of Gold/Orders is 6 days, .* allowed is 7 days or more',
    ],
    ['tags', { copyTagsToSnapshot: false }, 'copyTagsToSnapshot of Gold/Orders is false, .* allowed is true'],
    ['protection', { deletionProtection: false }, 'deletionProtection of Gold/Orders is false, .* allowed is true'],
    ['backups', { deleteAutomatedBackups: true }, 'deleteAutomatedBackups of Gold/Orders is true, .* allowed is false'],
    ['its end', { removalPolicy: RemovalPolicy.DESTROY }, 'removalPolicy of Gold/Orders is DESTROY, .* SNAPSHOT or'],
  ])('that says less of %s fails', (_, props, message) => {
    expect(() => managed(props)).toThrow(new RegExp(message));
  });

  test('that is imported cannot be managed', () => {
    const stack = newStack();
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', {
      instanceIdentifier: 'legacy',
      instanceEndpointAddress: 'x',
      port: 5432,
      securityGroups: [],
    });
    const protect = (manage?: boolean) =>
      newPlan(stack, {}, `Plan${manage}`).protectInstance('Orders', imported, { manage, engine: Engine.POSTGRES });
    expect(() => protect(true)).toThrow('Plantrue/Orders is imported, and what is not of this app is never changed');
    expect(() => [protect(false), protect()]).not.toThrow();
  });

  test('under two names is taken once', () => {
    const stack = newStack();
    const plan = newPlan(stack, { backup });
    for (const id of ['One', 'Two']) {
      plan.protectInstanceById(id, 'orders-prod', { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    }
    expect(selectionOf(stack).Resources).toHaveLength(1);
  });

  test('that is not managed is left as it is', () => {
    const props = { backupRetention: days(1), deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY };
    const { BackupRetentionPeriod, DeletionProtection, DeleteAutomatedBackups } = managed(props, false);
    expect([BackupRetentionPeriod, DeletionProtection, DeleteAutomatedBackups]).toEqual([1, false, undefined]);
  });
});
