import type { Duration } from 'aws-cdk-lib';
import { type CopyTarget, siteTarget, vaultTarget } from '../private/copies/copy-target';
import type { RecoverySite } from '../site/recovery-site';

/** Where the copies of a plan go: a recovery site, or what `CopyDestination` makes. */
export interface ICopyDestination {
  /** The destination, with how copies are kept there. */
  asCopyDestination(): CopyDestination;
}

/** How copies are kept. */
export interface CopyOptions {
  /**
   * How long a copy of an AWS Backup recovery point is kept, whole days, 1 to 36,500, whatever its tier.
   * @default - as long as the recovery point that it is a copy of
   */
  readonly retention?: Duration;
  /**
   * Whether RDS replicates the automated backups of managed instances there, so that a point in time can be restored without
   * the home Region. RDS does it within one account, to one other Region for each instance, between the Regions that it pairs,
   * for 20 instances in each Region unless the quota is raised. They are kept as long as the instance keeps its own.
   * @default true
   */
  readonly replicateAutomatedBackups?: boolean;
}

/** How copies are kept in a vault that is given by its ARN. */
export interface VaultCopyOptions extends CopyOptions {
  /**
   * ARN of the customer-managed key of the vault, in its Region. In the plan's own account it is what copies and replicated
   * automated backups are encrypted under; without it nothing is replicated there, and AWS Backup may use any key of that
   * Region through RDS. In another account it is not needed.
   * @default - not known
   */
  readonly encryptionKeyArn?: string;
}

/**
 * Where the copies of a plan go, in another Region or another account, or both.
 *
 * Another account must be of the same organization, whose management account must have turned on cross-account backup; the
 * destination vault must let the plan's account copy into it (`copiesFrom` of its site; a site of the same app does by
 * itself), and databases must be encrypted under customer-managed keys that the other account may use.
 */
export class CopyDestination implements ICopyDestination {
  /** The vault of a recovery site of this app. `copyTo: [site]` says the same with all defaults. */
  public static site(site: RecoverySite, options: CopyOptions = {}): CopyDestination {
    return new CopyDestination((home) => siteTarget(home, site, options));
  }

  /**
   * A vault in another account or Region, under a key that is customer-managed.
   * @param vaultArn `arn:aws:backup:<region>:<account>:backup-vault:<name>`, known at synthesis
   */
  public static vault(vaultArn: string, options: VaultCopyOptions = {}): CopyDestination {
    return new CopyDestination((home) => vaultTarget(home, vaultArn, options));
  }

  private constructor(private readonly resolve: (home: RecoverySite) => CopyTarget) {}

  /** Itself. */
  public asCopyDestination(): CopyDestination {
    return this;
  }

  /** @internal */
  public _resolve(home: RecoverySite): CopyTarget {
    return this.resolve(home);
  }
}
