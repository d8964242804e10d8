import { Duration } from 'aws-cdk-lib';
import type { SourceInventory } from '../contract/inventory';
import type { CopyTarget } from './copy-target';
import { type CopiedKind, type CopiedTier, copyInterval, isCopied, retentionOfCopy } from './copied-tiers';
import { automatedBackupDays, type DatabaseFacts } from '../databases/database-facts';
import { placeOf } from '../objectives/inventory';

/** RDS ships transaction logs every five minutes, and then to the other Region. */
const REPLICATION_LAG = Duration.minutes(10);

/** Points in time of another Region. Of an instance that is not managed only the account knows whether there are any. */
export function replicatedSource(target: CopyTarget, { declared, managed, key }: DatabaseFacts): SourceInventory {
  return {
    kind: 'point-in-time',
    name: 'point in time',
    storage: 'rds',
    ...placeOf(target),
    oldestSeconds: REPLICATION_LAG.toSeconds(),
    known: managed,
    retentionDays: managed ? automatedBackupDays(declared) : undefined,
    key: key === 'none' ? key : target.keyArn,
  };
}

/**
 * What AWS Backup copies of one kind of database. A copy begins when its original is complete, so that it is a little older than
 * one.
 */
export function copySources(
  target: CopyTarget,
  kind: CopiedKind,
  all: readonly (CopiedTier & { readonly startWindow: Duration })[],
): SourceInventory[] {
  const tiers = all.filter((tier) => isCopied(kind, tier, all));
  return tiers.map((tier) => ({
    kind: 'copy',
    name: `${tier.name} copies`,
    storage: 'aws-backup',
    ...placeOf(target),
    oldestSeconds: copyInterval(kind, tier, all).toSeconds() + tier.startWindow.toSeconds(),
    known: true,
    retentionDays: retentionOfCopy(tier, target).toDays(),
    key: target.keyArn,
    tier: tier.name,
    vaultArn: target.vaultArn,
    ...(!target.sameAccount && { otherAccount: true }),
    everyDays: tier.interval.toDays(),
  }));
}
