import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RecoveryPlan, type RecoveryPlanProps, RecoverySite } from '../../../lib';
import { newApp } from '../app';

export const ENV = { region: 'eu-west-1', account: '111122223333' };
export const THERE = { region: 'eu-central-1', account: '111122223333' };
export const OTHER_ACCOUNT = { region: 'eu-central-1', account: '444455556666' };

export interface Regions {
  readonly home: Stack;
  readonly there: Stack;
  readonly site: RecoverySite;
  readonly dr: RecoverySite;
  readonly plan: RecoveryPlan;
}

/** A plan at home, and a site in another place that it copies to. */
export function regions(
  there: Environment = THERE,
  props: Partial<RecoveryPlanProps> = {},
  home: Environment = ENV,
): Regions {
  const app = newApp();
  const drStack = new Stack(app, 'Dr', { env: there });
  const stack = new Stack(app, 'Prod', { env: home });
  const alerts = (scope: Stack) => ({ ticket: new Topic(scope, 'SiteTickets') });
  const dr = new RecoverySite(drStack, 'Site', { name: 'acme', alerts: alerts(drStack) });
  const site = new RecoverySite(stack, 'Site', { name: 'acme', alerts: alerts(stack) });
  const plan = new RecoveryPlan(stack, 'Gold', {
    site,
    owner: 'Payments',
    alerts: { ticket: new Topic(stack, 'Tickets') },
    objectives: { rpo: Duration.hours(1), rto: Duration.hours(2) },
    copyTo: [dr],
    ...props,
  });
  return { home: stack, there: drStack, site, dr, plan };
}

type Properties = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The only resource of a type whose logical id says so. */
export function found(stack: Stack, type: string, id: RegExp): Properties {
  const all = Object.entries(Template.fromStack(stack).findResources(type)).filter(([name]) => id.test(name));
  if (all.length !== 1) throw new Error(`found ${all.map(([name]) => name).join()} for ${id}`);
  return all[0][1];
}

export function ruleOf(stack: Stack, id: RegExp): Properties {
  return found(stack, 'AWS::S3::Bucket', id).Properties.ReplicationConfiguration.Rules.at(-1);
}
