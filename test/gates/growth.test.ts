import { Duration, Stack } from 'aws-cdk-lib';
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
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../lib';
import { newApp } from '../lib/app';

const ENV = { region: 'eu-west-1', account: '111122223333' };
const drill = { schedule: DrillSchedule.weekly() };

type Protect = (plan: RecoveryPlan, stack: Stack, index: number) => void;

/** Protects the nth database of a kind, drilled where that kind can be. */
const KINDS: Record<string, Protect> = {
  'an observed instance': (plan, _, index) => {
    plan.protectInstanceById(`Db${index}`, `db-${index}`, { engine: Engine.POSTGRES }).addDrill('Weekly', drill);
  },
  'an owned instance': (plan, stack, index) => {
    plan.protectInstance(`Db${index}`, instance(stack, index)).addDrill('Weekly', drill);
  },
  'an observed cluster': (plan, _, index) => {
    plan.protectClusterById(`Db${index}`, `db-${index}`, { engine: Engine.AURORA_MYSQL });
  },
  'an owned cluster': (plan, stack, index) => {
    plan.protectCluster(`Db${index}`, cluster(stack, index));
  },
};

function vpcOf(stack: Stack) {
  return {
    vpc:
      (stack.node.tryFindChild('Vpc') as Vpc | undefined) ??
      new Vpc(stack, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false }),
    vpcSubnets: { subnetType: SubnetType.PUBLIC },
  };
}

function instance(stack: Stack, index: number): DatabaseInstance {
  return new DatabaseInstance(stack, `Instance${index}`, {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    ...vpcOf(stack),
  });
}

function cluster(stack: Stack, index: number): DatabaseCluster {
  return new DatabaseCluster(stack, `Cluster${index}`, {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
    writer: ClusterInstance.serverlessV2('Writer'),
    ...vpcOf(stack),
  });
}

interface Size {
  readonly resources: number;
  readonly bytes: number;
}

/** Databases under a plan with everything that AWS Backup can do for it, its site in the same stack or in one of its own. */
function synthesized(
  count: number,
  protect: Protect,
  siteOf: 'same stack' | 'own stack',
): { readonly size: Size; readonly types: string[] } {
  const app = newApp();
  const stack = new Stack(app, 'Data', { env: ENV });
  const siteStack = siteOf === 'own stack' ? new Stack(app, 'Site', { env: ENV }) : stack;
  const site = new RecoverySite(siteStack, 'Recovery', {
    name: 'acme',
    alerts: { ticket: new Topic(siteStack, 'SiteTickets') },
  });
  const plan = new RecoveryPlan(stack, 'Gold', {
    site,
    owner: 'Payments',
    alerts: { page: new Topic(stack, 'Page'), ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
    backup: BackupTiers.grandfatherFatherSon(),
  });
  for (let index = 0; index < count; index++) protect(plan, stack, index);
  const { template } = app.synth().getStackByName('Data');
  const types = Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  return { size: { resources: types.length, bytes: JSON.stringify(template).length }, types };
}

/** What the databases are themselves, whoever protects them. */
const OF_DATABASES = /^AWS::(RDS|EC2|SecretsManager)::/;

test.each(Object.entries(KINDS))('%s more is at most four resources more, its drill included', (_, protect) => {
  const resources = [1, 2, 12].map(
    (count) => synthesized(count, protect, 'own stack').types.filter((type) => !OF_DATABASES.test(type)).length,
  );
  expect(resources[1] - resources[0]).toBeLessThanOrEqual(4);
  // Some are for several databases at once, such as a policy for twenty.
  expect((resources[2] - resources[0]) / 11).toBeLessThanOrEqual(4);
});

test('a hundred databases fit a stack beside that of their site, far within the limits of CloudFormation', () => {
  const { size } = synthesized(100, KINDS['an observed instance'], 'own stack');
  expect(size.resources).toBeLessThan(400);
  expect(size.bytes).toBeLessThan(800_000);
});

test('and one stack with everything in it', () => {
  const { size } = synthesized(100, KINDS['an observed instance'], 'same stack');
  expect(size.resources).toBeLessThan(500);
  expect(size.bytes).toBeLessThan(1_000_000);
});
