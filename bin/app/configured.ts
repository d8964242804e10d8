import { type App, Duration, Stack } from 'aws-cdk-lib';
import { AlertTopics, BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite, RecoverySource } from '../../lib';
import type { AppConfig } from '../config';
import { requireSound } from './requirements';

/** Drills for databases that exist already, from a small configuration; with a second Region, copies in it. */
export function configured(app: App, config: AppConfig): void {
  requireSound(config);
  const home = siteIn(app, 'Recoverable', config.region, config);
  const recovery = config.recoveryRegion ? siteIn(app, 'RecoverableDr', config.recoveryRegion, config).site : undefined;
  const { rpoMinutes, rtoMinutes, regionLossRpoMinutes } = config.objectives;
  const plan = new RecoveryPlan(home.stack, 'Plan', {
    site: home.site,
    owner: config.owner,
    alerts: home.alerts,
    objectives: {
      rpo: Duration.minutes(rpoMinutes),
      rto: Duration.minutes(rtoMinutes),
      ...(regionLossRpoMinutes !== undefined && { regionLossRpo: Duration.minutes(regionLossRpoMinutes) }),
    },
    ...(recovery && { backup: BackupTiers.grandfatherFatherSon(), copyTo: [recovery] }),
  });
  for (const { name, identifier } of config.databases) {
    const database = plan.protectInstanceById(name, identifier, { engine: Engine.POSTGRES });
    database.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    if (recovery) {
      database.addDrill('Copies', { schedule: DrillSchedule.monthly(), sources: [RecoverySource.copyIn(recovery)] });
    }
  }
}

function siteIn(app: App, id: string, region: string, { site: name, email }: AppConfig) {
  const stack = new Stack(app, id, { env: { region } });
  const { alerts } = new AlertTopics(stack, 'Alerts', { emails: [email] });
  return { stack, alerts, site: new RecoverySite(stack, 'Recovery', { name, alerts }) };
}
