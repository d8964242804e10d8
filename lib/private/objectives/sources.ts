import { Duration } from 'aws-cdk-lib';
import type { BackupTiers } from '../../backup/backup-tiers';
import type { SourceInventory } from '../contract/inventory';

/** How far point-in-time recovery nominally lags behind: RDS ships transaction logs every five minutes. */
export const POINT_IN_TIME_LAG = Duration.minutes(5);

/** Automated snapshots are taken once a day. */
export const SNAPSHOT_AGE = Duration.days(1);

/** How far a continuous backup of a bucket lags behind, as AWS Backup says. */
export const CONTINUOUS_LAG = Duration.minutes(15);

/** What the recovery sources of a resource follow from. */
export interface BackedUp {
  readonly account: string;
  readonly region: string;
  /** Days that RDS keeps automated backups, 0 for none; nothing where only the account knows. */
  readonly retentionDays?: number;
  /** Key that encrypts the resource, and so its snapshots; nothing where only the account knows. */
  readonly key?: unknown;
  readonly tiers: BackupTiers;
  /** Where AWS Backup keeps what the tiers take; nothing where they take nothing. */
  readonly vaultArn?: string;
  /** What is kept elsewhere of what is kept here. */
  readonly copies: readonly SourceInventory[];
}

/** Every recovery source that a resource has, what RDS keeps itself first. */
export function recoverySources(of: BackedUp): SourceInventory[] {
  return [...automated(of), ...recoveryPoints(of), ...of.copies];
}

function automated({ account, region, retentionDays, key }: BackedUp): SourceInventory[] {
  if (retentionDays === 0) return [];
  const common = { storage: 'rds', account, region, known: retentionDays !== undefined, retentionDays, key } as const;
  return [
    { kind: 'point-in-time', name: 'point in time', oldestSeconds: POINT_IN_TIME_LAG.toSeconds(), ...common },
    { kind: 'snapshot', name: 'automated snapshots', oldestSeconds: SNAPSHOT_AGE.toSeconds(), everyDays: 1, ...common },
  ];
}

/** A backup of RDS stays under the key of its database. Where two tiers are due at once, the longer one stands in. */
function recoveryPoints({ account, region, key, tiers, vaultArn }: BackedUp): SourceInventory[] {
  // What is continuous is the point in time of RDS itself, whose retention AWS Backup then sets.
  const periodic = tiers._render().filter(({ continuous }) => !continuous);
  return periodic.map(({ name, interval, startWindow, completionWindow, retention }) => ({
    kind: 'recovery-point',
    name: `${name} recovery points`,
    storage: 'aws-backup',
    account,
    region,
    oldestSeconds: interval.toSeconds() + startWindow.toSeconds(),
    known: true,
    retentionDays: retention.toDays(),
    key,
    tier: name,
    vaultArn,
    completionSeconds: completionWindow.toSeconds(),
    everyDays: interval.toDays(),
  }));
}

/** What AWS Backup keeps of a bucket; of a database, what is continuous is its own point in time. */
export function bucketRecoverySources(
  of: Pick<BackedUp, 'account' | 'region' | 'tiers' | 'vaultArn'>,
): SourceInventory[] {
  const { account, region, tiers, vaultArn } = of;
  const periodic = recoveryPoints({ ...of, copies: [] });
  const continuous = tiers._render().filter((tier) => tier.continuous);
  return [
    ...continuous.map(({ name, retention, completionWindow }): SourceInventory => ({
      kind: 'continuous',
      name: 'continuous backup',
      ...{ storage: 'aws-backup', account, region, known: true, tier: name, vaultArn },
      oldestSeconds: CONTINUOUS_LAG.toSeconds(),
      retentionDays: retention.toDays(),
      completionSeconds: completionWindow.toSeconds(),
    })),
    ...periodic,
  ];
}
