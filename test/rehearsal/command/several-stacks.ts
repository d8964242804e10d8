import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  CfnDBInstance,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan } from '../../../lib';

const REGION = 'eu-west-1';
const ACCOUNT = '111122223333';
const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
const instanceType = InstanceType.of(InstanceClass.M6G, InstanceSize.LARGE);

/**
 * An app as large ones are: two stages; databases in a nested stack, some protected, the others under no plan; and a platform
 * stack that protects what another stack and another app created.
 */
export function severalStacks(outdir: string, options: { readonly tiers?: BackupTiers } = {}): void {
  const app = new App({ outdir, context: { 'aws:cdk:disable-asset-staging': true } });
  for (const name of ['Beta', 'Prod']) stage(new Stage(app, name), options.tiers);
  platform(app);
  new Stack(app, 'Empty');
  app.synth();
}

function stage(scope: Stage, tiers = BackupTiers.grandfatherFatherSon()): void {
  const stack = new Stack(scope, 'Data', { env: { region: REGION, account: ACCOUNT } });
  const nested = new NestedStack(stack, 'Nested');
  const vpc = new Vpc(nested, 'Vpc', { natGateways: 0 });
  const vpcSubnets = { subnets: vpc.isolatedSubnets.length > 0 ? vpc.isolatedSubnets : vpc.publicSubnets };
  const orders = new DatabaseInstance(nested, 'Orders', {
    ...{ engine, instanceType, vpc, vpcSubnets, allocatedStorage: 100 },
    storageEncrypted: true,
  });
  new DatabaseInstance(nested, 'Forgotten', { engine, instanceType, vpc, vpcSubnets });
  new DatabaseInstanceReadReplica(nested, 'Replica', {
    ...{ sourceDatabaseInstance: orders, instanceType, vpc, vpcSubnets },
  });
  const ledger = new DatabaseCluster(nested, 'Ledger', {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    writer: ClusterInstance.provisioned('Writer'),
    ...{ vpc, vpcSubnets },
  });
  const plan = new RecoveryPlan(stack, 'Gold', {
    owner: 'Payments',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
    backup: tiers,
  });
  plan.protectInstance('Orders', orders).addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  if (scope.stageName === 'Prod') plan.protectCluster('Ledger', ledger);
}

function platform(app: App): void {
  const stack = new Stack(app, 'Platform', { env: { region: REGION, account: ACCOUNT } });
  new CfnDBInstance(stack, 'Named', { dbInstanceIdentifier: 'Legacy-Prod', engine: 'postgres' });
  const plan = new RecoveryPlan(stack, 'Silver', {
    owner: 'Platform',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.hours(1), rto: Duration.hours(8) },
  });
  for (const identifier of ['legacy-prod', 'elsewhere-prod']) {
    plan
      .protectInstanceById(identifier, identifier, { engine: Engine.POSTGRES })
      .addDrill('Monthly', { schedule: DrillSchedule.monthly() });
  }
}
