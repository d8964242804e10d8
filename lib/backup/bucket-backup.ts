import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import type { BackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { backupPlan, backupRole, backupSelection } from '../private/backup/parts';
import type { BucketBackupSourceDefinition } from '../private/contract/drill';
import type { SourceKey } from '../private/buckets/source-key';
import { CONTINUOUS_LAG } from '../private/objectives/sources';
import { useVault } from '../private/permissions/backup';
import { restorePoints } from '../private/permissions/bucket-restore';
import { BackUpBuckets, decryptFor, followBuckets } from '../private/permissions/backup-buckets';
import { ValidationError } from '../private/validation';
import { requireLockTakes } from '../private/vault-lock';
import type { RecoverySite } from '../site/recovery-site';
import type { BackupTiers } from './backup-tiers';

/** What the backups of a plan's buckets are made with. */
export interface BucketBackupProps {
  /** Where recovery points are kept: continuous and periodic ones of a bucket must share a vault. */
  readonly site: RecoverySite;
  /** The plan's name. */
  readonly planName: string;
  /** What is taken, and for how long it is kept. */
  readonly tiers: BackupTiers;
}

/** Where recovery points of a bucket are. */
type RestorableBucket = Pick<BucketBackupSourceDefinition, 'vault' | 'resourceArn'>;

/** Buckets in one statement, so that a role of many can be split into policies. */
const TOGETHER = 16;

/** Buckets with the longest names, each under a key of its own, whose statements fit the ten managed policies of a role. */
const ROOM = 60;

/**
 * AWS Backup for exactly the buckets of one plan, in the vault of its site, under a role of its own. Recovery points are not
 * copied: the replica is what is kept elsewhere.
 */
export class BucketBackup extends Construct {
  /** The backup plan: a rule for each tier. */
  public readonly backupPlan: BackupPlan;
  /** What AWS Backup may do: read what the plan protects, and follow its changes. */
  public readonly role: Role;
  /** Names each bucket by its ARN. */
  public readonly selection: CfnBackupSelection;

  private readonly arns: string[] = [];
  private readonly tiers: BackupTiers;
  private readonly planName: string;
  private readonly site: RecoverySite;
  private together?: BackUpBuckets;
  private restorable?: PolicyStatement;

  constructor(scope: Construct, id: string, { site, planName, tiers }: BucketBackupProps) {
    super(scope, id);
    this.tiers = tiers;
    this.planName = planName;
    this.site = site;
    const stack = Stack.of(this);
    for (const tier of tiers._render()) {
      const what = `${tier.name} backups of plan ${planName}`;
      requireLockTakes(site._vaultLock(), tier.retention, what, `site ${site.siteName}`);
    }
    const { vault, key } = site.vault();
    this.backupPlan = backupPlan(this, planName, tiers._render(), vault);
    this.role = backupRole(this, `Takes and expires the bucket backups of recovery plan ${planName}`);
    const statements = [...followBuckets(stack, key.keyArn), ...useVault(vault.backupVaultArn)];
    for (const statement of statements) this.role.addToPolicy(statement);
    this.selection = backupSelection(this, planName, this.backupPlan, this.role, this.arns);
  }

  /** @internal */
  public _protect(name: string, bucketArn: string, key: SourceKey): void {
    if (this.tiers._isCold()) {
      throw new ValidationError(
        `backups of ${name} cannot move to cold storage: AWS Backup ignores it for S3; leave moveToColdStorageAfter out`,
      );
    }
    // One bucket under two names is taken once.
    if (this.arns.includes(bucketArn)) return;
    this.arns.push(bucketArn);
    this.warnOfRoom();
    if ((this.arns.length - 1) % TOGETHER === 0) {
      this.together = new BackUpBuckets();
      for (const statement of this.together.statements) this.role.addToPolicy(statement);
    }
    this.together!.add(bucketArn);
    for (const statement of decryptFor(Stack.of(this), bucketArn, key)) this.role.addToPolicy(statement);
  }

  /**
   * Where drills of a bucket find its recovery points; lets the site restore them.
   * @internal
   */
  public _restorable(bucketName: string, bucketArn: string): RestorableBucket {
    const { restore } = this.site.functions;
    this.restorable ??= this.letRestore(restore.role);
    this.restorable.addResources(...restorePoints(Stack.of(this), bucketName));
    return { vault: this.site.vault().vaultName, resourceArn: bucketArn };
  }

  /**
   * How old the newest state that can be restored may become while everything works.
   * @internal
   */
  public _oldest(): Duration {
    if (this.tiers._isContinuous()) return CONTINUOUS_LAG;
    return Duration.days(Math.min(...this.tiers._render().map(({ interval }) => interval.toDays())));
  }

  private letRestore(role: Role): PolicyStatement {
    const start = new PolicyStatement({ actions: ['backup:StartRestoreJob'] });
    new Policy(this, 'Restorable', { roles: [role], statements: [start] });
    return start;
  }

  private warnOfRoom(): void {
    if (this.arns.length !== ROOM + 1) return;
    Annotations.of(this).addWarningV2(
      'cdk-recoverable:backupRolePolicies',
      `plan ${this.planName} backs up more than ${ROOM} buckets, whose role may take more managed policies than IAM lets a role have unless its quota is raised: use two plans`,
    );
  }
}
