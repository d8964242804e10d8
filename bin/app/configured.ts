import { type App, Duration, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../lib';
import type { AppConfig } from '../config';
import { requireSound } from './requirements';
import { alertTopic } from './topic';

/** Drills for databases that exist already, from a small configuration; with a second Region, copies in it. */
export function configured(app: App, config: AppConfig): void {
  requireSound(config);
  const home = siteIn(app, 'Recoverable', config.region, config);
  const recovery = config.recoveryRegion ? siteIn(app, 'RecoverableDr', config.recoveryRegion, config).site : undefined;
  const { rpoMinutes, rtoMinutes } = config.objectives;
  const plan = new RecoveryPlan(home.stack, 'Plan', {
    site: home.site,
    owner: config.owner,
    alerts: home.alerts,
    objectives: { rpo: Duration.minutes(rpoMinutes), rto: Duration.minutes(rtoMinutes) },
    ...(recovery && { backup: BackupTiers.grandfatherFatherSon(), copyTo: [recovery] }),
  });
  for (const { name, identifier } of config.databases) {
    plan
      .protectInstanceById(name, identifier, { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  }
}

function siteIn(app: App, id: string, region: string, { site: name, email }: AppConfig) {
  const stack = new Stack(app, id, { env: { region } });
  const topic = alertTopic(stack, 'Alerts', 'Restore drills');
  topic.addSubscription(new EmailSubscription(email));
  const alerts = { ticket: topic };
  return { stack, alerts, site: new RecoverySite(stack, 'Recovery', { name, alerts }) };
}
