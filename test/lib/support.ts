import { type Environment, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  DrillSchedule,
  Engine,
  type ProtectedInstance,
  RecoveryPlan,
  type RecoveryPlanProps,
  type RecoverySite,
} from '../../lib';
import type { MonitorDefinition } from '../../lib/private/contract/monitoring';
import { newApp } from './app';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

export function newStack(env?: Environment, app = newApp(), id = 'Test'): Stack {
  return new Stack(app, id, { env });
}

export function newPlan(stack: Stack, props: Partial<RecoveryPlanProps> = {}, id = 'Gold'): RecoveryPlan {
  return new RecoveryPlan(stack, id, {
    owner: 'Payments',
    alerts: { ticket: new Topic(stack, `${id}Tickets`) },
    objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
    ...props,
  });
}

/** An observed instance under a plan, with no drill yet. */
export function orders(plan: RecoveryPlan): ProtectedInstance {
  return plan.protectInstanceById('Orders', 'orders-prod', { engine: Engine.POSTGRES });
}

export function drilled(plan: RecoveryPlan): ProtectedInstance {
  const resource = orders(plan);
  resource.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  return resource;
}

/** The input of a drill's schedule, its tokens replaced by their logical ids in angle brackets. */
export function inputOf(stack: Stack, scheduleName: string): { schedule: string; definition: Record<string, unknown> } {
  const schedules = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
  const found = schedules.find((schedule) => schedule.Properties.Name === scheduleName);
  return JSON.parse(flatten(found?.Properties.Target.Input));
}

/** What the monitors of a stack are told, with the names of their tokens. */
export function monitorsOf(stack: Stack): MonitorDefinition[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))
    .map(({ Properties }) => JSON.parse(flatten(Properties.Target.Input)))
    .filter(({ schema }) => schema === 'cdk-recoverable/monitor/v1');
}

/** A CloudFormation value as text: references as `<Id>` or `<Id.Attribute>`. */
export function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(flatten).join(',');
  const [[key, argument]] = Object.entries(value);
  if (key === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flatten).join((argument as [string])[0]);
  if (key === 'Ref') return `<${String(argument).replace('::', '.')}>`;
  if (key === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (key === 'Fn::Sub') return String(argument);
  return `<${key}:${flatten(argument)}>`;
}

/** Every statement that a role has in a stack, inline and managed. */
export function statementsOf(stack: Stack, role: { readonly roleName: string }): Statement[] {
  const name = JSON.stringify(stack.resolve(role.roleName));
  const template = Template.fromStack(stack);
  const policies = [
    ...Object.values(template.findResources('AWS::IAM::Policy')),
    ...Object.values(template.findResources('AWS::IAM::ManagedPolicy')),
  ];
  return policies
    .filter((policy) => JSON.stringify(policy.Properties.Roles).includes(name))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement as Statement[]);
}

export function actionsOf(statements: Statement[], effect: Statement['Effect'] = 'Allow'): string[] {
  const actions = statements
    .filter((statement) => statement.Effect === effect)
    .flatMap((statement) => statement.Action);
  return [...new Set(actions)].sort();
}

export function everyFunction(site: RecoverySite) {
  const { functions: f } = site;
  return {
    declare: f.declare,
    choose: f.choose,
    restore: f.restore,
    ready: f.ready,
    access: f.access,
    verify: f.verify,
    query: f.query,
    files: f.files,
    teardown: f.teardown,
    record: f.record,
    recorder: f.recorder,
    announce: f.announce,
    sweep: f.sweep,
    monitor: f.monitor,
    notify: f.notify,
    digest: f.digest,
    history: f.history,
  };
}

/** The bucket's own settings of whatever nobody but this library's functions may see. */
export const PRIVATE_BUCKET = {
  VersioningConfiguration: { Status: 'Enabled' },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
    ],
  },
};

/** AWS Backup may assume the role for the account of the stack, and has no policy of AWS's by it. */
export function expectRoleOfBackup(stack: Stack, description: string): void {
  const [made] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Role', {
      Properties: { Description: Match.stringLikeRegexp(description) },
    }),
  );
  expect(made.Properties.ManagedPolicyArns).toBeUndefined();
  expect(made.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'backup.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    },
  ]);
}
