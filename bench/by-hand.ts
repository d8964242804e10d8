import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, Dashboard, GraphWidget, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FlowLogDestination, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, CfnEventInvokeConfig, Code, Function as Handler, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type DatabaseInstance, SubnetGroup } from 'aws-cdk-lib/aws-rds';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Chain, DefinitionBody, Fail, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { databases } from './app';

/**
 * The machinery of restore drills as one would write it in one's own app, once, without a library: the same kinds of resources
 * and as many of them. It has no checks of what it is given, and deployed it would not work: only its synthesis is compared.
 */
const HANDLERS = path.resolve(__dirname, '..', '..', 'assets', 'handlers');
/** Made for an app that asks for them, which neither side does. */
const ON_REQUEST = ['backup-start', 'backup-done', 'coverage', 'existing', 'heartbeat', 'webhook'];
const OF_EVERY_SITE = readdirSync(HANDLERS).filter((name) => !ON_REQUEST.includes(name));
const STATES = ['declare', 'choose', 'restore', 'ready', 'access', 'verify', 'teardown', 'record', 'announce'];
const PER_POLICY = 20;

databases(Number(process.argv[2]), (stack, all) => {
  const tickets = new Topic(stack, 'Tickets');
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const [state, evidence] = ['State', 'Evidence'].map((id) => bucket(stack, id, key));
  const network = drillNetwork(stack);
  const handlers = new Map(OF_EVERY_SITE.map((name) => [name, handler(stack, name, [state, evidence], network)]));
  const machine = stateMachine(stack, handlers);
  const group = new ScheduleGroup(stack, 'Schedules', { removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(stack, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  machine.grantStartExecution(role);
  const schedule = scheduler(stack, group, role);
  for (const name of ['sweep', 'monitor', 'history', 'digest']) {
    handlers.get(name)!.grantInvoke(role);
    const resources = all.map((_, index) => ({ name: `Gold/Db${index + 1}`, intervalSeconds: 691_200 }));
    schedule(name, 'rate(1 hour)', handlers.get(name)!.functionArn, { resources });
  }
  const recorder = handlers.get('recorder')!;
  new Rule(stack, 'Ended', {
    eventPattern: { source: ['aws.states'], detail: { stateMachineArn: [machine.stateMachineArn] } },
    targets: [new LambdaFunction(recorder)],
  });
  const notify = handlers.get('notify')!;
  new CfnEventInvokeConfig(stack, 'FallBack', { functionName: notify.functionName, qualifier: '$LATEST' });
  for (const name of ['Jobs', 'BackupsDisabled', 'Calls']) {
    new Rule(stack, name, { eventPattern: { source: ['aws.backup'] } }).addTarget({
      bind: () => ({ arn: notify.functionArn }),
    });
  }
  for (const service of ['events', 'lambda.alarms.cloudwatch']) {
    notify.addPermission(service, { principal: new ServicePrincipal(`${service}.amazonaws.com`) });
  }
  alarm(stack, 'MonitorSilent', tickets, handlers.get('monitor')!.metricInvocations());
  alarm(stack, 'DrillFailed', tickets, machine.metricFailed());
  alarm(stack, 'Leftovers', tickets, metric('Leftovers', 'site'));
  const charts = [metric('DrillAgeRatio', 'site'), machine.metricFailed()].map(
    (each) => new GraphWidget({ left: [each] }),
  );
  new Dashboard(stack, 'Dashboard', { widgets: [charts] });
  all.forEach((database, index) => protect(stack, `Db${index + 1}`, database, { machine, tickets, schedule }));
  mayRestore(stack, all, handlers.get('restore')!);
});

function bucket(stack: Stack, id: string, encryptionKey: Key): Bucket {
  return new Bucket(stack, id, {
    encryption: BucketEncryption.KMS,
    encryptionKey,
    enforceSSL: true,
    versioned: true,
    blockPublicAccess: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function drillNetwork(stack: Stack) {
  const vpc = new Vpc(stack, 'DrillVpc', {
    maxAzs: 3,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Drill', subnetType: SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const logGroup = new LogGroup(stack, 'FlowLog');
  const flowRole = new Role(stack, 'FlowRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') });
  vpc.addFlowLog('Flow', { destination: FlowLogDestination.toCloudWatchLogs(logGroup, flowRole) });
  const verifier = new SecurityGroup(stack, 'Verifier', { vpc, allowAllOutbound: false });
  const restored = new SecurityGroup(stack, 'Restored', { vpc, allowAllOutbound: false });
  restored.connections.allowFrom(verifier, Port.tcpRange(1024, 65_535));
  new SubnetGroup(stack, 'DrillSubnets', { description: 'Drills', vpc, vpcSubnets: { subnets: vpc.isolatedSubnets } });
  const lists = ['rds.amazonaws.com', '*'].map(
    (domain, index) => new CfnFirewallDomainList(stack, `Domains${index}`, { domains: [domain] }),
  );
  const rules = new CfnFirewallRuleGroup(stack, 'FirewallRules', {
    firewallRules: lists.map(({ attrId }, index) => ({
      action: index === 0 ? 'ALLOW' : 'BLOCK',
      firewallDomainListId: attrId,
      priority: index + 1,
      ...(index === 1 && { blockResponse: 'NXDOMAIN' }),
    })),
  });
  new CfnFirewallRuleGroupAssociation(stack, 'Firewall', {
    firewallRuleGroupId: rules.attrId,
    priority: 101,
    vpcId: vpc.vpcId,
  });
  return { vpc, verifier };
}

function handler(stack: Stack, name: string, buckets: Bucket[], network: ReturnType<typeof drillNetwork>): Handler {
  const logGroup = new LogGroup(stack, `${name}Log`);
  const role = new Role(stack, `${name}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots'],
      resources: [
        stack.formatArn({ service: 'rds', resource: 'db', resourceName: '*' }),
        stack.formatArn({ service: 'rds', resource: 'snapshot', resourceName: '*' }),
      ],
    }),
  );
  for (const each of buckets) each.grantReadWrite(role);
  const made = new Handler(stack, name, {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(path.join(HANDLERS, name)),
    handler: 'index.handler',
    memorySize: 256,
    timeout: Duration.minutes(5),
    environment: { STATE_BUCKET: buckets[0].bucketName, EVIDENCE_BUCKET: buckets[1].bucketName },
    ...{ role, logGroup },
    ...(name === 'query' && {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.verifier],
    }),
  });
  if (STATES.includes(name) || name === 'query') made.currentVersion.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}

function stateMachine(stack: Stack, handlers: ReadonlyMap<string, Handler>): StateMachine {
  const tasks = STATES.map(
    (name) =>
      new LambdaInvoke(stack, `${name}State`, {
        lambdaFunction: handlers.get(name)!.currentVersion,
        resultPath: `$.${name}`,
        payloadResponseOnly: true,
      }),
  );
  const failed = new Fail(stack, 'Failed');
  for (const task of tasks) task.addCatch(failed, { resultPath: '$.failure' });
  return new StateMachine(stack, 'Drill', {
    definitionBody: DefinitionBody.fromChainable(
      tasks.slice(1).reduce((chain, task) => chain.next(task), Chain.start(tasks[0])),
    ),
    logs: { destination: new LogGroup(stack, 'DrillLog'), level: LogLevel.ALL },
    tracingEnabled: true,
  });
}

type Scheduler = (id: string, expression: string, arn: string, input: object) => void;

function scheduler(stack: Stack, group: ScheduleGroup, role: Role): Scheduler {
  return (id, scheduleExpression, arn, input) => {
    const schedule = new CfnSchedule(stack, `${id}Schedule`, {
      groupName: group.scheduleGroupName,
      scheduleExpression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn, roleArn: role.roleArn, input: stack.toJsonString(input) },
    });
    schedule.node.addDependency(group, role);
  };
}

interface Shared {
  readonly machine: StateMachine;
  readonly tickets: Topic;
  readonly schedule: Scheduler;
}

function protect(stack: Stack, name: string, database: DatabaseInstance, { machine, tickets, schedule }: Shared): void {
  alarm(stack, `${name}Recoverable`, tickets, metric('RestorableAgeRatio', name));
  alarm(stack, `${name}Proven`, tickets, metric('DrillAgeRatio', name));
  schedule(name, 'cron(0 4 ? * SUN *)', machine.stateMachineArn, {
    schedule: `${name}-weekly`,
    scheduledTime: '<aws.scheduler.scheduled-time>',
    definition: {
      schema: 'drill/v1',
      drill: `Gold/${name}/Weekly`,
      owner: 'Payments',
      resource: { name: `Gold/${name}`, identifier: database.instanceIdentifier, engine: 'postgres' },
      objectives: { rpoSeconds: 900, rtoSeconds: 7200 },
      sources: [{ kind: 'point-in-time' }],
      checks: [
        { kind: 'freshness', id: 'freshness', table: 'orders', column: 'created_at' },
        { kind: 'row-count', id: 'row-count', table: 'orders', atLeast: 100_000 },
      ],
      alerts: { ticket: tickets.topicArn },
    },
  });
}

function mayRestore(stack: Stack, all: readonly DatabaseInstance[], restore: Handler): void {
  for (let from = 0; from < all.length; from += PER_POLICY) {
    const part = all.slice(from, from + PER_POLICY);
    new ManagedPolicy(stack, `MayRestore${from}`, {
      roles: [restore.role!],
      statements: [
        new PolicyStatement({
          actions: ['rds:RestoreDBInstanceToPointInTime', 'rds:RestoreDBInstanceFromDBSnapshot'],
          resources: part.flatMap(({ instanceArn, instanceIdentifier }) => [
            instanceArn,
            stack.formatArn({ service: 'rds', resource: 'snapshot', resourceName: `rds:${instanceIdentifier}-*` }),
          ]),
        }),
      ],
    });
  }
}

function metric(metricName: string, resource: string): Metric {
  return new Metric({
    namespace: 'Drills',
    metricName,
    dimensionsMap: { Resource: resource },
    period: Duration.hours(1),
  });
}

function alarm(stack: Stack, id: string, topic: Topic, watched: Metric): void {
  new Alarm(stack, id, {
    alarmDescription: `What happened: ${id}. Next step: read the newest evidence.`,
    metric: watched,
    threshold: 1,
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.BREACHING,
  }).addAlarmAction(new SnsAction(topic));
}
