import { Duration } from 'aws-cdk-lib';
import type { LockConfiguration } from 'aws-cdk-lib/aws-backup';
import { VaultLockMode, type VaultOptions } from '../backup/vault-options';
import { LONGEST_RETENTION, requireDays } from './days';
import { ValidationError } from './validation';

/** AWS Backup leaves three days to change one's mind; a duration to do so is what makes a lock one of compliance. */
const SHORTEST_GRACE = 3;

/** The lock that the options ask for; none for the mode that has none. */
export function lockOf(options: VaultOptions = {}): LockConfiguration | undefined {
  const mode = options.lockMode ?? VaultLockMode.NONE;
  if (mode === VaultLockMode.NONE) {
    refuseWithoutLock(options);
    return undefined;
  }
  const least = requireDays(
    options.minRetention ?? Duration.days(1),
    'minRetention of a vault lock',
    1,
    LONGEST_RETENTION,
  );
  const most =
    options.maxRetention && requireDays(options.maxRetention, 'maxRetention of a vault lock', 1, LONGEST_RETENTION);
  if (most !== undefined && most <= least) {
    throw new ValidationError(
      `maxRetention of a vault lock must be more than its minRetention of ${least} days, got: ${most} days`,
    );
  }
  const range = {
    minRetention: Duration.days(least),
    maxRetention: most === undefined ? undefined : Duration.days(most),
  };
  if (mode === VaultLockMode.GOVERNANCE) {
    if (options.changeableFor) {
      throw new ValidationError(
        'changeableFor would make a governance lock one of compliance: leave it out, or choose VaultLockMode.COMPLIANCE',
      );
    }
    return range;
  }
  if (options.acknowledgeRecoveryPointsCannotBeDeletedByAnyone !== true) {
    throw new ValidationError(
      'a vault under lock COMPLIANCE can be emptied and deleted by nobody before its retentions end: set acknowledgeRecoveryPointsCannotBeDeletedByAnyone to true, or choose GOVERNANCE',
    );
  }
  const grace = requireDays(
    options.changeableFor ?? Duration.days(SHORTEST_GRACE),
    'changeableFor of a vault lock',
    SHORTEST_GRACE,
    LONGEST_RETENTION,
  );
  return { ...range, changeableFor: Duration.days(grace) };
}

/** AWS Backup fails every job whose retention a lock does not take. */
export function requireLockTakes(
  lock: LockConfiguration | undefined,
  retention: Duration,
  what: string,
  vaultOf: string,
): void {
  if (!lock) return;
  const days = retention.toDays();
  const least = lock.minRetention.toDays();
  const most = lock.maxRetention?.toDays();
  if (days >= least && (most === undefined || days <= most)) return;
  throw new ValidationError(
    `${what} are kept for ${days} days, and the vault lock of ${vaultOf} takes ${least} ${most === undefined ? 'or more' : `to ${most}`}: AWS Backup would fail every job`,
  );
}

function refuseWithoutLock({ minRetention, maxRetention, changeableFor }: VaultOptions): void {
  const given = Object.entries({ minRetention, maxRetention, changeableFor }).find(([, value]) => value !== undefined);
  if (given) {
    throw new ValidationError(
      `${given[0]} belongs to a vault lock, and this vault has none: choose a lock, or leave it out`,
    );
  }
}
