import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, CfnWaitConditionHandle, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DrillSchedule, Engine, PreDeploymentBackup, RecoveryPlan, RecoverySite } from '../../../lib';
import type { SweepAnswer } from '../../../lambda/drill/sweep/handler';
import type { BackupProperties } from '../../../lib/private/contract/backup';
import type { Faults } from '../../../rehearsal/aws';
import { Functions } from '../../../rehearsal/functions/functions';
import { Machine } from '../../../rehearsal/machine/machine';
import { openAws, type AwsOfSite } from '../../../rehearsal/rehearse/aws';
import { ACCOUNT } from '../../../rehearsal/rehearse/settings';
import { CloudFormation } from '../../../rehearsal/template/cloud-formation';
import { Deployment, type Deployed } from '../../../rehearsal/template/deployment';
import { readTemplate } from '../../../rehearsal/template/template';
import { FakeEngine } from '../aws/fake-engine';

const root = path.resolve(__dirname, '../../..');
const STACK = 'Shop';
export const INSTANCE = 'orders-prod';
export const CLUSTER = 'ledger-prod';

/** A user's app with a migration that must not run without a backup, synthesized once with all its assets. */
export function synthesize(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'recoverable-deployment-'));
  const app = new App({ outdir: folder });
  const stack = new Stack(app, STACK, { env: { region: 'eu-west-1' } });
  const alerts = { ticket: new Topic(stack, 'Tickets') };
  const plan = new RecoveryPlan(stack, 'Gold', {
    site: new RecoverySite(stack, 'Recovery', { name: 'shop', alerts }),
    owner: 'Payments',
    alerts,
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
  });
  const resource = plan.protectInstanceById('Orders', INSTANCE, { engine: Engine.POSTGRES });
  resource.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  const before = [new CfnWaitConditionHandle(stack, 'Migration')];
  new PreDeploymentBackup(stack, 'BeforeMigration', { resource, version: 'v1', before });
  const cluster = plan.protectClusterById('Ledger', CLUSTER, { engine: Engine.AURORA_POSTGRESQL });
  const later = [new CfnWaitConditionHandle(stack, 'LedgerMigration')];
  new PreDeploymentBackup(stack, 'BeforeLedger', { resource: cluster, version: 'v1', before: later });
  app.synth();
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Deploying {
  readonly account: AwsOfSite;
  /** Deploys a version and, when its backup is there, the migration. Answers what CloudFormation was told, in order. */
  deploy(
    version: string,
    migration?: () => Promise<void>,
    properties?: Partial<BackupProperties>,
  ): Promise<{ status: string; reason: string }[]>;
  /** Runs the site's sweeper once. */
  sweep(): Promise<SweepAnswer>;
  close(): Promise<void>;
}

/**
 * The synthesized custom resource as it runs: the provider framework's own functions and machine, the bundled handlers, each
 * under its own role. Smaller than on AWS are the wait between two questions and, where asked for, the patience.
 */
export async function openDeployment(
  cloudAssembly: string,
  faults: Faults,
  environment: Record<string, string> = {},
  database = INSTANCE,
): Promise<Deploying> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recoverable-account-'));
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const place = { stack: STACK, region: 'eu-west-1', account: ACCOUNT };
  const deployment = new Deployment(readTemplate(path.join(cloudAssembly, `${STACK}.template.json`)), place);
  const engine = new FakeEngine();
  const later: { account?: AwsOfSite; machine?: Machine } = {};
  const cloudFormation = await CloudFormation.open(() => functions);
  const functions = new Functions({
    deployment,
    cloudAssembly,
    bootstrap: path.join(root, 'assets', 'command', 'bootstrap.mjs'),
    logs,
    environment: (deployed: Deployed) => ({
      AWS_REGION: place.region,
      AWS_ENDPOINT_URL: later.account!.aws.url,
      AWS_ACCESS_KEY_ID: deployed.logicalId,
      AWS_SECRET_ACCESS_KEY: deployed.logicalId,
      // Lambda's own copy of the SDK, which the framework's functions use.
      NODE_PATH: path.join(root, 'node_modules'),
      NODE_OPTIONS: `--import ${pathToFileURL(path.join(__dirname, 'answer-address.mjs')).href}`,
      CLOUDFORMATION_PORT: String(cloudFormation.port),
      ...environment,
    }),
  });
  const account = await openAws({
    deployment,
    engine,
    faults,
    folder: path.join(folder, 'buckets'),
    invoke: (arn, payload) => functions.invoke(arn, JSON.parse(payload)),
    start: (_, name, input) => later.machine!.start(name, JSON.parse(input)).execution,
  });
  later.account = account;
  const waiter = deployment.one('AWS::StepFunctions::StateMachine', 'waiter');
  later.machine = new Machine({
    arn: waiter.arn,
    definition: quicker(JSON.parse(String(waiter.properties.DefinitionString))),
    functions,
    region: place.region,
    authorize: () => undefined,
    executions: account.states.executions,
  });
  await account.rds.adoptSource({ identifier: INSTANCE, database: await engine.create() });
  account.rds.adoptCluster({ identifier: CLUSTER, engine: 'aurora-postgresql', status: 'available' });
  const backup = deployment
    .all('Custom::PreDeploymentBackup')
    .find(({ properties }) => properties.Identifier === database)!;
  return {
    account,
    deploy: async (Version, migration, properties) => {
      const asked = { ...backup.properties, Version, ...properties };
      const answers = await cloudFormation.deploy(backup, asked, migration);
      return answers.map(({ Status, Reason }) => ({ status: Status, reason: Reason.split('\n')[0] }));
    },
    sweep: async () => {
      const { arn } = deployment.one('AWS::Lambda::Function', 'FunctionsSweep');
      return JSON.parse((await functions.invoke(arn, {})).payload) as SweepAnswer;
    },
    close: async () => {
      later.machine!.abort();
      await functions.close();
      await account.rds.close();
      await account.aws.close();
      await cloudFormation.close();
      rmSync(folder, { recursive: true, force: true });
      expect(account.aws.problems).toEqual([]);
    },
  };
}

interface Definition {
  readonly States: Record<string, { Retry?: { IntervalSeconds: number }[] }>;
}

function quicker(definition: Definition): Record<string, unknown> {
  for (const { Retry } of Object.values(definition.States)) {
    for (const retrier of Retry ?? []) retrier.IntervalSeconds = 1;
  }
  return definition as unknown as Record<string, unknown>;
}
