import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** How the recovery points of a vault are kept from being deleted before their retention ends. */
export enum VaultLockMode {
  /** No lock: the vault's access policy alone stands before recovery points. */
  NONE = 'NONE',
  /** AWS Backup Vault Lock, governance mode: who holds a right of its own can lift it, and not without trace. */
  GOVERNANCE = 'GOVERNANCE',
  /** AWS Backup Vault Lock, compliance mode: after `changeableFor` nobody can lift it, not even the account's owner. */
  COMPLIANCE = 'COMPLIANCE',
}

/** How a site's vault is kept. */
export interface VaultOptions {
  /**
   * The only role that may delete recovery points, change their lifecycle, change the vault's access policy, lift its lock or
   * delete the vault. Nobody else may, CloudFormation included: whatever changes the policy is deployed with this role.
   * @default - nobody may delete recovery points or change their lifecycle; who may change the policy can end that
   */
  readonly breakGlassRole?: IRole;
  /**
   * Who else may copy recovery points into the vault: ids of accounts, 12 digits, or of an organization, `o-...`. Sites of this
   * app whose plans copy here are let in without it.
   * @default - this account alone
   */
  readonly copiesFrom?: string[];
  /**
   * How recovery points are locked. Without a lock a backup may be kept for any time.
   * @default VaultLockMode.NONE
   */
  readonly lockMode?: VaultLockMode;
  /**
   * Shortest retention that a locked vault takes, whole days, 1 day or more.
   * @default Duration.days(1)
   */
  readonly minRetention?: Duration;
  /**
   * Longest retention that a locked vault takes, whole days, up to 36,500 and more than the shortest.
   * @default - no limit
   */
  readonly maxRetention?: Duration;
  /**
   * How long a compliance lock can still be lifted after it was made, 3 to 36,500 days.
   * @default Duration.days(3)
   */
  readonly changeableFor?: Duration;
  /**
   * Must be true with `VaultLockMode.COMPLIANCE`: once `changeableFor` has passed nobody can delete a recovery point before
   * its retention ends, and so nobody can delete the vault; only closing the account does.
   * @default false
   */
  readonly acknowledgeRecoveryPointsCannotBeDeletedByAnyone?: boolean;
}
