import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite } from '../../lib';

export const HOME = 'eu-west-1';
export const ELSEWHERE = 'eu-central-1';

export interface SimulatedApp {
  /** Identifiers of the databases, each protected under a name of the same kind. */
  readonly databases: readonly string[];
  readonly rpo: Duration;
  /** Given: copies are kept in another Region. */
  readonly regionLossRpo?: Duration;
  /** Databases that are drilled every Sunday, the others are of an engine that cannot be; default: all. */
  readonly drilled?: readonly string[];
  /** Default: AWS Backup takes nothing. */
  readonly backup?: BackupTiers;
}

/** `orders-7` is protected as `Plan/orders-7`. @returns the folder of the cloud assembly */
export function synthesize({ databases, rpo, regionLossRpo, drilled = databases, backup }: SimulatedApp): string {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const there = regionLossRpo && new Stack(app, 'There', { env: { region: ELSEWHERE } });
  const copyTo = there && [
    new RecoverySite(there, 'Recovery', { name: 'acme', alerts: { ticket: new Topic(there, 'Tickets') } }),
  ];
  const stack = new Stack(app, 'Home', { env: { region: HOME } });
  const alerts = {
    page: new Topic(stack, 'Pages'),
    ticket: new Topic(stack, 'Tickets'),
    digest: new Topic(stack, 'Digest'),
  };
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts });
  const plan = new RecoveryPlan(stack, 'Plan', {
    site,
    owner: 'Payments',
    alerts,
    objectives: { rpo, rto: Duration.hours(4), ...(regionLossRpo && { regionLossRpo }) },
    backup: backup ?? BackupTiers.none(),
    ...(copyTo && { copyTo }),
  });
  for (const identifier of databases) {
    const isDrilled = drilled.includes(identifier);
    const engine = isDrilled ? Engine.POSTGRES : Engine.ORACLE_SE2;
    const resource = plan.protectInstanceById(identifier, identifier, { engine });
    if (isDrilled) resource.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  }
  return app.synth().directory;
}
