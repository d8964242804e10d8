// Draws the dashboard of a site over two weeks of a story, for people and for a picture: dashboard.html, or where it is told.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlertTopics, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../lib';
import { MetricStore } from '../rehearsal/aws/cloudwatch/store';
import type { DashboardBody } from '../rehearsal/dashboard/body';
import { dashboardPage } from '../rehearsal/dashboard/page';
import { tell } from '../rehearsal/dashboard/story';
import { Deployment } from '../rehearsal/template/deployment';
import type { Template as Synthesized } from '../rehearsal/template/template';

const REGION = 'eu-west-1';
const stack = new Stack(new App({ context: { 'aws:cdk:disable-asset-staging': true } }), 'Shop', {
  env: { region: REGION },
});
const { alerts } = new AlertTopics(stack, 'Alerts');
const site = new RecoverySite(stack, 'Recovery', { name: 'shop', alerts });
// Its jobs are shown as well; the first plan with backup tiers would bring it about.
site.vault();
// The alarm of a silent monitor comes with the first that is watched.
const objectives = { rpo: Duration.days(1), rto: Duration.hours(4) };
const gold = new RecoveryPlan(stack, 'Gold', { site, owner: 'Payments', alerts, objectives });
gold
  .protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES })
  .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
const template = Template.fromStack(stack).toJSON() as Synthesized;
const deployment = new Deployment(template, { stack: stack.stackName, region: REGION, account: '000000000000' });
const { name, properties } = deployment.one('AWS::CloudWatch::Dashboard');

const now = new Date('2026-11-20T13:40:00Z');
const store = new MetricStore();
const vault = deployment.one('AWS::Backup::BackupVault').name;
const log = tell(store, site.siteName, deployment.one('AWS::StepFunctions::StateMachine').arn, vault, now);
const states = deployment
  .all('AWS::CloudWatch::Alarm')
  .map(({ arn, logicalId }) => [arn, logicalId.includes('DrillFailed') ? 'ALARM' : 'OK'] as const);
const body = JSON.parse(properties.DashboardBody as string) as DashboardBody;
const out = path.resolve(process.argv[2] ?? 'dashboard.html');
writeFileSync(
  out,
  dashboardPage(String(properties.DashboardName ?? name), body, { store, log, alarms: new Map(states), now }),
);
process.stdout.write(`${out}\n`);
