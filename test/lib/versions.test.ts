import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const LIB = path.resolve(__dirname, '..', '..', 'lib');

/** Every entry of the CDK that lib and this test use. */
const entries = new Set(
  readdirSync(LIB, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(path.join(LIB, file), 'utf8').matchAll(/from '(aws-cdk-lib[^']*)'/g)])
    .map(([, entry]) => entry)
    .concat(...['assertions', 'aws-ec2', 'aws-rds', 'aws-sns'].map((entry) => `aws-cdk-lib/${entry}`)),
);

interface Versioned {
  readonly cdk: typeof import('aws-cdk-lib');
  readonly assertions: typeof import('aws-cdk-lib/assertions');
  readonly ec2: typeof import('aws-cdk-lib/aws-ec2');
  readonly rds: typeof import('aws-cdk-lib/aws-rds');
  readonly sns: typeof import('aws-cdk-lib/aws-sns');
  readonly lib: typeof import('../../lib');
}

/** The library on another CDK: the module registry answers for `aws-cdk-lib` with the package of that name. */
function on(cdkPackage: string): Versioned {
  jest.resetModules();
  for (const entry of entries) {
    const other = entry.replace('aws-cdk-lib', cdkPackage);
    jest.doMock(entry, () => jest.requireActual(other));
  }
  return {
    cdk: jest.requireMock('aws-cdk-lib'),
    assertions: jest.requireMock('aws-cdk-lib/assertions'),
    ec2: jest.requireMock('aws-cdk-lib/aws-ec2'),
    rds: jest.requireMock('aws-cdk-lib/aws-rds'),
    sns: jest.requireMock('aws-cdk-lib/aws-sns'),
    lib: jest.requireActual('../../lib'),
  };
}

function synthesize({ cdk, assertions, ec2, rds, sns, lib }: Versioned, context: Record<string, unknown>) {
  const app = new cdk.App({ context: { ...context, 'aws:cdk:disable-asset-staging': true } });
  const away = new cdk.Stack(app, 'Away', { env: { region: 'eu-central-1' } });
  const alerts = { ticket: new sns.Topic(away, 'Ticket') };
  const dr = new lib.RecoverySite(away, 'Recovery', { name: 'acme', alerts });
  const stack = new cdk.Stack(app, 'Test', { env: { region: 'eu-west-1' } });
  const ticket = new sns.Topic(stack, 'Ticket');
  const plan = new lib.RecoveryPlan(stack, 'Gold', {
    owner: 'Payments',
    alerts: { ticket },
    objectives: { rpo: cdk.Duration.minutes(15), rto: cdk.Duration.hours(2) },
    backup: lib.BackupTiers.grandfatherFatherSon({ yearly: cdk.Duration.days(2_557) }),
    copyTo: [dr],
  });
  plan
    .protectInstanceById('Orders', 'orders-prod', { engine: lib.Engine.POSTGRES })
    .addDrill('Weekly', { schedule: lib.DrillSchedule.weekly() });
  const owned = new rds.DatabaseInstance(stack, 'Owned', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false }),
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    preferredMaintenanceWindow: 'sat:01:00-sat:02:00',
    storageEncrypted: true,
  });
  plan.protectInstance('Owned', owned).addDrill('Weekly', { schedule: lib.DrillSchedule.weekly() });
  const cluster = new rds.DatabaseCluster(stack, 'Ledger', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc: owned.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
  });
  const ledger = plan.protectCluster('Ledger', cluster);
  cdk.Annotations.of(ledger).acknowledgeWarning('cdk-recoverable:notProven', 'clusters cannot be drilled yet');
  const artifact = app.synth().getStackByName('Test');
  return {
    said: artifact.findMetadataByType('cdk-recoverable:resource').map(({ data }) => JSON.stringify(data)),
    template: assertions.Template.fromStack(stack),
    key: dr.vault().keyArnOutput,
    messages: assertions.Annotations.fromStack(stack),
    assertions,
  };
}

const recommended = (cdkPackage: string) =>
  jest.requireActual<Record<string, unknown>>(`${cdkPackage}/recommended-feature-flags.json`);

// The validator that newer versions bundle is a gate of its own, and slow.
beforeAll(() => (process.env.CDK_VALIDATION = 'false'));
afterAll(() => delete process.env.CDK_VALIDATION);

describe.each(['aws-cdk-lib', 'aws-cdk-lib-latest'])('%s', (cdkPackage) => {
  const versioned = on(cdkPackage);
  jest.requireActual(`${cdkPackage}/testhelpers/jest-autoclean`);

  test('is what the library runs on', () => {
    const { Bucket } = jest.requireActual<typeof import('aws-cdk-lib/aws-s3')>(`${cdkPackage}/aws-s3`);
    const { cdk, lib } = versioned;
    expect(new lib.RecoverySite(new cdk.Stack(), 'Site').stateBucket).toBeInstanceOf(Bucket);
    const version = (name: string) => jest.requireActual<{ version: string }>(`${name}/package.json`).version;
    expect(version('aws-cdk-lib')).toBe('2.257.0');
    expect(version('aws-cdk-lib-latest')).not.toBe('2.257.0');
  });

  test.each([
    ['default flags', {}],
    ['recommended flags', recommended(cdkPackage)],
  ])('%s: the provider framework lets a migration wait for its backup', (_, context) => {
    const { cdk, sns, lib, assertions } = versioned;
    const app = new cdk.App({ context: { ...context, 'aws:cdk:disable-asset-staging': true } });
    const stack = new cdk.Stack(app, 'Test');
    const plan = new lib.RecoveryPlan(stack, 'Gold', {
      owner: 'Payments',
      alerts: { ticket: new sns.Topic(stack, 'Ticket') },
      objectives: { rpo: cdk.Duration.minutes(15), rto: cdk.Duration.hours(2) },
    });
    const resource = plan.protectInstanceById('Orders', 'orders-prod', { engine: lib.Engine.POSTGRES });
    resource.addDrill('Weekly', { schedule: lib.DrillSchedule.weekly() });
    const before = [new cdk.CfnWaitConditionHandle(stack, 'Migration')];
    new lib.PreDeploymentBackup(stack, 'Backup', { resource, version: '1', before });
    const template = assertions.Template.fromStack(stack);
    const [backup] = Object.keys(template.findResources('Custom::PreDeploymentBackup'));
    template.hasResource('AWS::CloudFormation::WaitConditionHandle', { DependsOn: [backup] });
    template.resourceCountIs('AWS::Lambda::Function', 17 + 5);
  });

  test.each([
    ['default flags', {}],
    ['recommended flags', recommended(cdkPackage)],
  ])('%s', (_, context) => {
    const { template, key, said, messages, assertions } = synthesize(versioned, context);
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    template.resourceCountIs('AWS::Lambda::Function', 17);
    template.resourceCountIs('AWS::Backup::BackupVault', 1);
    const rules = template.findResources('AWS::Backup::BackupPlan');
    const { BackupPlanRule } = Object.values(rules)[0].Properties.BackupPlan;
    expect(BackupPlanRule).toHaveLength(4);
    for (const { CopyActions } of BackupPlanRule) expect(CopyActions).toHaveLength(1);
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      BackupRetentionPeriod: 7,
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      DeleteAutomatedBackups: false,
      PreferredBackupWindow: '07:00-07:30',
      AutomaticBackupReplicationRegion: 'eu-central-1',
      AutomaticBackupReplicationKmsKeyId: {
        'Fn::GetStackOutput': { StackName: 'Away', OutputName: key, Region: 'eu-central-1' },
      },
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 7, DeleteAutomatedBackups: false });
    expect(said).toHaveLength(3);
    expect(said[2]).toMatch(/"kind":"db-cluster","engine":"aurora-postgresql".*"logicalId":"Ledger\w+"\}/);
    expect(said[1]).toMatch(/"identifier":\{"Ref":"Owned\w+"\}.*"declared":\{.*"logicalId":"Owned\w+"\}/);
    expect(said.join()).not.toContain('${Token[');
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
    expect(Object.keys(template.findResources('AWS::CloudFormation::CustomResource'))).toEqual([]);
    messages.hasNoWarning('*', assertions.Match.anyValue());
    messages.hasNoError('*', assertions.Match.anyValue());
  });
});
