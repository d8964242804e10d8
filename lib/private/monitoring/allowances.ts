import { Duration } from 'aws-cdk-lib';
import type { MonitoringOptions } from '../../plan/monitoring-options';
import type { Objectives } from '../../plan/objectives';
import type { SourceInventory } from '../contract/inventory';
import type { WatchedSource } from '../contract/monitoring';
import { requireText, show, ValidationError } from '../validation';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Twice as far as RDS nominally lags behind: a promise as short as the lag itself would be broken every few minutes. */
const LEAST_POINT_IN_TIME = 10 * MINUTE;
const LEAST_REPLICATED = 20 * MINUTE;

/** The replica of a bucket, as far as its lag is measured. */
export interface MeasuredReplica {
  readonly region: string;
  /** How far it may be behind, whatever is promised. */
  readonly lagSeconds: number;
}

/** Minutes between two runs: they divide an hour, so that a schedule and an alarm's periods keep step. */
const CADENCES = [60, 30, 20, 15, 10, 5];

/** A third of the strictest objective: seldom enough to be cheap, often enough that two late points come soon. */
export function cadence({ rpo, regionLossRpo = rpo }: Objectives): Duration {
  const third = Math.min(rpo.toSeconds(), regionLossRpo.toSeconds()) / MINUTE / 3;
  return Duration.minutes(CADENCES.find((minutes) => minutes <= third) ?? 5);
}

/** What is watched of each recovery source of a resource, and how old its newest may become. */
export function watchedSources(
  sources: readonly SourceInventory[],
  home: string,
  objectives: Objectives,
  slack: Duration | undefined,
): WatchedSource[] {
  return sources.map((source) => {
    const { known, vaultArn, tier, retentionDays, completionSeconds, region, otherAccount } = source;
    const kind = source.kind === 'point-in-time' && region !== home ? 'replicated' : source.kind;
    return {
      name: region === home ? source.name : `${source.name} in ${region}`,
      kind,
      allowedSeconds: allowed(kind, source, objectives, slack),
      known,
      ...(region !== home && { region }),
      ...(vaultArn !== undefined && { vaultArn, retentionDays, tier }),
      ...(completionSeconds !== undefined && { completionSeconds }),
      ...(otherAccount && { otherAccount }),
    };
  });
}

/** What a bucket keeps beside its backups: every version, and a replica. */
export function watchedFiles(replica: MeasuredReplica | undefined, objectives: Objectives): WatchedSource[] {
  const { rpo, regionLossRpo = rpo } = objectives;
  const allowedSeconds = Math.max(rpo.toSeconds(), LEAST_POINT_IN_TIME);
  const versions: WatchedSource = { name: 'versions', kind: 'versions', allowedSeconds, known: true };
  if (!replica) return [versions];
  const { region, lagSeconds } = replica;
  return [
    versions,
    {
      ...{ name: `replica in ${region}`, kind: 'replica', region, known: true },
      allowedSeconds: Math.max(regionLossRpo.toSeconds(), lagSeconds),
    },
  ];
}

function allowed(
  kind: WatchedSource['kind'],
  { oldestSeconds, everyDays = 1, completionSeconds = 0 }: SourceInventory,
  { rpo, regionLossRpo = rpo }: Objectives,
  slack: Duration | undefined,
): number {
  if (kind === 'point-in-time') return Math.max(rpo.toSeconds(), LEAST_POINT_IN_TIME);
  if (kind === 'replicated') return Math.max(regionLossRpo.toSeconds(), LEAST_REPLICATED);
  const late = slack?.toSeconds() ?? Math.min(Math.max((everyDays * DAY) / 12, HOUR), DAY);
  // Begun by a rule that runs once a day, also anew where AWS Backup stopped it, and of use once all of the bucket is taken.
  if (kind === 'continuous') return DAY + completionSeconds + oldestSeconds + late;
  // A copy begins when its original is complete, and may be as late again.
  return oldestSeconds + (kind === 'copy' ? 2 * late : late);
}

export function requireMonitoring(planName: string, { slack, runbook }: MonitoringOptions): void {
  if (slack !== undefined) requireSlack(planName, slack);
  if (runbook === undefined) return;
  requireText(runbook, `runbook of plan ${planName}`, 500);
  if (!URL.canParse(runbook) || new URL(runbook).protocol !== 'https:') {
    throw new ValidationError(
      `runbook of plan ${planName} must be an address that begins with https://, got: ${show(runbook)}`,
    );
  }
}

function requireSlack(planName: string, slack: Duration): void {
  if (slack.isUnresolved()) {
    throw new ValidationError(
      `slack of plan ${planName} must be known at synthesis, got a value known only at deployment`,
    );
  }
  if (slack.toSeconds() < 10 * MINUTE || slack.toSeconds() > 7 * DAY) {
    throw new ValidationError(
      `slack of plan ${planName} must be from 10 minutes to 7 days, got: ${slack.toHumanString()}`,
    );
  }
}
