import { Duration } from 'aws-cdk-lib';
import type { BackupPlanCopyActionProps, IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { CopyTarget } from './copy-target';

/** What a backup rule takes snapshots of. */
export type CopiedKind = 'instance' | 'cluster';

export interface CopiedTier {
  readonly name: string;
  /** Longest time between two starts. */
  readonly interval: Duration;
  readonly retention: Duration;
  readonly continuous: boolean;
}

/**
 * Which tiers are copied, by default and for all destinations. Copies of an instance are incremental. Every copy of a cluster
 * is a full one, so that copying each day would cost many times the storage of the cluster itself. The copy of a continuous
 * backup is a snapshot once a day, which a plan needs where nothing else takes one.
 */
export function isCopied(kind: CopiedKind, tier: CopiedTier, all: readonly CopiedTier[]): boolean {
  if (kind === 'cluster') return tier.name === 'weekly';
  return !tier.continuous || all.every(({ continuous }) => continuous);
}

/**
 * Longest time between two copies of a tier. Where a tier that is not copied is due at the same time and kept longer, as of a
 * cluster on a Sunday that begins a month, AWS Backup takes that one alone, and one copy is left out.
 */
export function copyInterval(kind: CopiedKind, tier: CopiedTier, all: readonly CopiedTier[]): Duration {
  const days = tier.interval.toDays();
  const instead = all.some(
    (other) => !other.continuous && !isCopied(kind, other, all) && other.retention.toDays() >= tier.retention.toDays(),
  );
  return Duration.days(instead ? 2 * days : days);
}

/** A copy is kept as long as its destination says, else as long as what it is a copy of. */
export function retentionOfCopy(tier: CopiedTier, target: CopyTarget): Duration {
  return target.retention ?? tier.retention;
}

/** The copy actions of one rule. */
export function copyActions(
  tier: CopiedTier,
  destinations: readonly { readonly target: CopyTarget; readonly vault: IBackupVault }[],
): BackupPlanCopyActionProps[] | undefined {
  if (destinations.length === 0) return undefined;
  return destinations.map(({ target, vault }) => ({
    destinationBackupVault: vault,
    deleteAfter: retentionOfCopy(tier, target),
  }));
}
