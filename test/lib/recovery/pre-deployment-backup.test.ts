import { Aws, CfnResource, CfnWaitConditionHandle, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DrillSchedule, Engine, PreDeploymentBackup, type PreDeploymentBackupProps, RecoverySite } from '../../../lib';
import { RULES } from '../../gates/limits';
import type { Template as SomeTemplate } from '../../gates/stacks';
import { newApp } from '../app';
import { drilled, flatten, newPlan, newStack, statementsOf } from '../support';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string[];
  readonly Properties: Record<string, unknown>;
}

const resources = (stack: Stack) => Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;

function backedUp(
  stack: Stack,
  props: Partial<PreDeploymentBackupProps> = {},
  plan = props.resource?.plan ?? newPlan(stack),
) {
  return new PreDeploymentBackup(stack, 'BeforeMigration', {
    resource: props.resource ?? drilled(plan),
    version: '2026-11-20-orders',
    ...props,
    before: props.before ?? [new CfnWaitConditionHandle(stack, 'Migration')],
  });
}

/** Everything that CloudFormation creates or changes before a resource: what it names and what it refers to. */
function comesAfter(all: Record<string, Resource>, id: string, seen = new Set<string>()): Set<string> {
  const { DependsOn, ...rest } = all[id];
  const text = JSON.stringify(rest);
  const named = [...text.matchAll(/\{"(?:Ref":"(\w+)"|Fn::GetAtt":\["(\w+)")/g)].map(([, ref, att]) => ref ?? att);
  for (const next of [...[DependsOn ?? []].flat(), ...named]) {
    if (!(next in all) || seen.has(next)) continue;
    seen.add(next);
    comesAfter(all, next, seen);
  }
  return seen;
}

const only = (all: Record<string, Resource>, type: string) =>
  Object.entries(all).filter(([, { Type }]) => Type === type);

test('every resource of the migration comes after the backup, and the backup after its permission', () => {
  const stack = newStack();
  const migration = new Construct(stack, 'Migration');
  new CfnResource(migration, 'Code', { type: 'AWS::SNS::Topic' });
  new CfnResource(new Construct(migration, 'Run'), 'Trigger', { type: 'AWS::SNS::Topic' });
  new CfnResource(stack, 'Other', { type: 'AWS::SQS::Queue' });
  backedUp(stack, { before: [migration] });
  const all = resources(stack);
  const [[backup]] = only(all, 'Custom::PreDeploymentBackup');
  const migrations = Object.keys(all).filter((id) => id.startsWith('Migration'));
  expect(migrations).toHaveLength(2);
  for (const id of migrations) expect([id, comesAfter(all, id).has(backup)]).toEqual([id, true]);
  expect(comesAfter(all, 'Other').has(backup)).toBe(false);
  const [policy] = Object.keys(all).filter((id) => /^BeforeMigrationSources/.test(id));
  expect(all[backup].DependsOn).toContain(policy);
  expect([...comesAfter(all, backup)]).not.toEqual(expect.arrayContaining(migrations));
});

test('an instance of the app is made before it is backed up', () => {
  const stack = newStack();
  const instance = new DatabaseInstance(stack, 'Database', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    vpc: new Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false }),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  });
  const resource = newPlan(stack).protectInstance('Orders', instance);
  resource.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  const before = [new CfnWaitConditionHandle(stack, 'Migration')];
  new PreDeploymentBackup(stack, 'Backup', { resource, version: '1', before });
  const all = resources(stack);
  const [[database]] = only(all, 'AWS::RDS::DBInstance');
  expect(comesAfter(all, 'Migration').has(database)).toBe(true);
  expect(() => new PreDeploymentBackup(stack, 'Circle', { resource, version: '1', before: [instance] })).toThrow(
    'backup Test/Circle cannot come before Test/Database, since it needs Test/Database/Resource: name the migration itself',
  );
});

test('a migration in another stack waits for the whole stack of the backup', () => {
  const app = newApp();
  const [stack, migration] = ['Data', 'Migration'].map((id) => newStack(undefined, app, id));
  backedUp(stack, { before: [new CfnWaitConditionHandle(migration, 'Run')] });
  app.synth();
  expect(migration.dependencies).toEqual([stack]);
});

test('says what, which version and how long, and nothing that changes with anything else', () => {
  const stack = newStack();
  backedUp(stack);
  const [[, { Properties }]] = only(resources(stack), 'Custom::PreDeploymentBackup');
  expect({ ...Properties, ServiceToken: flatten(Properties.ServiceToken) }).toEqual({
    ServiceToken: expect.stringMatching(/^<\w*DeploymentBackupsProviderframeworkonEvent\w{8}\.Arn>$/),
    Resource: 'Gold/Orders',
    Kind: 'db-instance',
    Identifier: 'orders-prod',
    Backup: expect.stringMatching(/^[0-9a-f]{42}$/),
    Version: '2026-11-20-orders',
    RetentionDays: '90',
  });
});

/** What a role may do with RDS, with the ARNs' last parts. */
function rightsOn(stack: Stack, role: { readonly roleName: string }): [string, string[], string[]][] {
  return statementsOf(stack, role)
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('rds:')))
    .map(({ Effect, Action, Resource }) => [
      Effect,
      [Action].flat(),
      [Resource].flat().map((arn) => flatten(arn).split(':rds:<AWS.Region>:<AWS.AccountId>:')[1]),
    ]);
}

test('takes snapshots of the protected databases alone, under the prefix alone', () => {
  const stack = newStack();
  const plan = newPlan(stack);
  backedUp(stack, {}, plan);
  const resource = plan.protectClusterById('Ledger', 'ledger-prod', { engine: Engine.AURORA_POSTGRESQL });
  const before = [new CfnWaitConditionHandle(stack, 'Other')];
  new PreDeploymentBackup(stack, 'BeforeOther', { resource, version: '1', before });
  const { prefix } = plan.site;
  const { start, done } = plan.site.deploymentBackups();
  const describe = ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'];
  const make = ['rds:AddTagsToResource', 'rds:CreateDBClusterSnapshot', 'rds:CreateDBSnapshot', ...describe];
  expect(rightsOn(stack, done.role)).toEqual(
    expect.arrayContaining([
      ['Allow', make, [`cluster-snapshot:${prefix}*`, `snapshot:${prefix}*`]],
      ['Allow', ['rds:CreateDBSnapshot'], ['db:orders-prod']],
      ['Allow', ['rds:CreateDBClusterSnapshot'], ['cluster:ledger-prod']],
    ]),
  );
  expect(rightsOn(stack, done.role)).toHaveLength(3);
  expect(rightsOn(stack, start.role)).toEqual([
    ['Allow', describe, ['cluster:*', 'cluster-snapshot:*', 'db:*', 'snapshot:*']],
  ]);
});

test('a cluster of the app is made before it is backed up, and named as one', () => {
  const stack = newStack();
  const cluster = new DatabaseCluster(stack, 'Database', {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    writer: ClusterInstance.serverlessV2('Writer'),
    vpc: new Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false }),
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    storageEncrypted: true,
  });
  const resource = newPlan(stack).protectCluster('Orders', cluster);
  backedUp(stack, { resource });
  const all = resources(stack);
  const [[database]] = only(all, 'AWS::RDS::DBCluster');
  const [[, { Properties }]] = only(all, 'Custom::PreDeploymentBackup');
  expect([Properties.Kind, flatten(Properties.Identifier)]).toEqual(['db-cluster', `<${database}>`]);
  expect(comesAfter(all, 'Migration').has(database)).toBe(true);
  expect(() => new PreDeploymentBackup(stack, 'Circle', { resource, version: '1', before: [cluster] })).toThrow(
    'cannot come before Test/Database, since it needs Test/Database/Resource: name the migration itself',
  );
});

describe('the role that all backups of a site share', () => {
  const env = { region: 'ap-southeast-2', account: '111122223333' };
  const WARNING = 'more than 36 backups before deployments share a role';

  /** Each of a cluster of its own, with the longest name there is. */
  function many(count: number): Stack {
    const stack = newStack(env);
    const plan = newPlan(stack, { site: new RecoverySite(stack, 'Recovery', { name: 's'.repeat(20) }) });
    for (let index = 0; index < count; index++) {
      const identifier = `c${index}`.padEnd(63, 'x');
      const resource = plan.protectClusterById(`C${index}`, identifier, { engine: Engine.AURORA_MYSQL });
      const before = [new CfnWaitConditionHandle(stack, `Migration${index}`)];
      new PreDeploymentBackup(stack, `Backup${index}`, { resource, version: '1', before });
    }
    return stack;
  }

  test('takes as many as are allowed without a word', () => {
    const stack = many(36);
    expect(RULES['policy sizes'](Template.fromStack(stack).toJSON() as SomeTemplate)).toEqual([]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
  });

  test('is warned of, once, where it may become too large', () => {
    const stack = many(50);
    expect(RULES['policy sizes'](Template.fromStack(stack).toJSON() as SomeTemplate)).not.toEqual([]);
    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(WARNING));
    expect(found.map(({ id }) => id)).toEqual(['/Test/Backup36']);
  });
});

test('gives up before CloudFormation does, and outside every network', () => {
  const stack = newStack();
  backedUp(stack);
  const all = resources(stack);
  const own = only(all, 'AWS::Lambda::Function').filter(([id]) => id.includes('DeploymentBackups'));
  expect(own).toHaveLength(5);
  for (const [, { Properties }] of own) expect(Properties.VpcConfig).toBeUndefined();
  const done = own.map(([, { Properties }]) => Properties.Environment as { Variables: Record<string, string> });
  const patience = done.map(({ Variables }) => Variables.SNAPSHOT_SECONDS).filter((value) => value !== undefined);
  expect(patience).toEqual(['3300']);
  const [[, machine]] = only(all, 'AWS::StepFunctions::StateMachine').filter(([id]) => id.includes('waiter'));
  const { States } = JSON.parse(flatten(machine.Properties.DefinitionString));
  const { IntervalSeconds, MaxAttempts, BackoffRate } = States['framework-isComplete-task'].Retry[0];
  expect([IntervalSeconds, BackoffRate]).toEqual([30, 1]);
  const waited = IntervalSeconds * MaxAttempts;
  expect(waited).toBeGreaterThan(3300);
  // Each question takes a second or so.
  expect(waited + 2 * MaxAttempts).toBeLessThan(3600);
});

test('all backups of a site share its functions', () => {
  const stack = newStack();
  const plan = newPlan(stack);
  const { resource } = backedUp(stack, {}, plan);
  new PreDeploymentBackup(stack, 'Second', {
    resource,
    version: '1',
    before: [new CfnWaitConditionHandle(stack, 'M')],
  });
  const all = resources(stack);
  expect(only(all, 'AWS::Lambda::Function').filter(([id]) => id.includes('DeploymentBackups'))).toHaveLength(5);
  const backups = only(all, 'Custom::PreDeploymentBackup').map(([, { Properties }]) => Properties.Backup);
  expect(new Set(backups).size).toBe(2);
});

test('a site without one has none of its machinery', () => {
  const stack = newStack();
  drilled(newPlan(stack));
  expect(Object.keys(resources(stack)).filter((id) => id.includes('DeploymentBackups'))).toEqual([]);
});

test.each<[string, (stack: Stack) => Partial<PreDeploymentBackupProps>, string | RegExp]>([
  [
    'no version',
    () => ({ version: '' }),
    'version of backup Test/BeforeMigration must be 1 to 128 characters, got: ""',
  ],
  ['a long version', () => ({ version: 'x'.repeat(129) }), /must be 1 to 128 characters/],
  [
    'a version that no tag takes',
    () => ({ version: 'a;b' }),
    /must be letters, digits, spaces and _\.:\/=\+-@ only, got: "a;b"/,
  ],
  ['a version of two lines', () => ({ version: 'a\nb' }), /must be letters, digits, spaces/],
  ['a version known only at deployment', () => ({ version: Aws.STACK_ID }), /must be known at synthesis/],
  [
    'nothing to come before',
    () => ({ before: [] }),
    'before of backup Test/BeforeMigration must name at least one construct',
  ],
  [
    'its own stack',
    (stack) => ({ before: [stack] }),
    'backup Test/BeforeMigration cannot come before Test, since it needs Test/BeforeMigration',
  ],
  [
    'hours',
    () => ({ retention: Duration.hours(36) }),
    'retention of backup Test/BeforeMigration must be whole days, from 1 to 3650, got: ',
  ],
  ['no days', () => ({ retention: Duration.days(0) }), /must be whole days, from 1 to 3650/],
  ['more than ten years', () => ({ retention: Duration.days(3_651) }), /must be whole days, from 1 to 3650/],
])('%s is one clear error', (_, props, says) => {
  const stack = newStack();
  expect(() => backedUp(stack, props(stack))).toThrow(says);
});
