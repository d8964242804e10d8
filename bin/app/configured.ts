import { type App, Duration, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../lib';
import type { AppConfig } from '../config';
import { alertTopic } from './topic';

/** Drills for databases that exist already, from a small configuration. */
export function configured(app: App, config: AppConfig): void {
  if (config.databases.length === 0) {
    throw new Error('bin/config.ts lists no databases: list at least one, or try -c example=true');
  }
  const stack = new Stack(app, 'Recoverable', { env: { region: config.region } });
  const topic = alertTopic(stack, 'Alerts', 'Restore drills');
  topic.addSubscription(new EmailSubscription(config.email));
  const site = new RecoverySite(stack, 'Recovery', { name: config.site, alerts: { ticket: topic } });
  const plan = new RecoveryPlan(stack, 'Plan', {
    site,
    owner: config.owner,
    alerts: { ticket: topic },
    objectives: {
      rpo: Duration.minutes(config.objectives.rpoMinutes),
      rto: Duration.minutes(config.objectives.rtoMinutes),
    },
  });
  for (const { name, identifier } of config.databases) {
    plan
      .protectInstanceById(name, identifier, { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  }

  const dr = new Stack(app, 'RecoverableDr', { env: { region: config.recoveryRegion } });
  const drTopic = alertTopic(dr, 'Alerts', 'Restore drills');
  drTopic.addSubscription(new EmailSubscription(config.email));
  new RecoverySite(dr, 'Recovery', { name: config.site, alerts: { ticket: drTopic } });
}
