import { Annotations, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketArn, digest } from '../private/buckets/names';
import { RestoreToBuckets, restoreUnder } from '../private/permissions/bucket-restore';
import { describeRestoreJobs, listRestoreJobs, passToBackup } from '../private/permissions/recovery-points';
import { objectsUnder } from '../private/permissions/storage';
import { expiringBucket } from '../private/private-bucket';
import type { SiteFunctions } from '../site/site-functions';
import type { RecoveryVault } from './recovery-vault';

/** What restores of buckets are made with. */
export interface BucketRestoreProps {
  /** The site's name. */
  readonly siteName: string;
  /** What the names of the buckets that are restored to begin with. */
  readonly prefix: string;
  /** The functions of the site. */
  readonly functions: SiteFunctions;
  /** Holds the recovery points. */
  readonly vault: RecoveryVault;
  /** Where a drill notes that it asked for a restore. */
  readonly stateBucket: IBucket;
  /** Encrypts the state bucket, and what is restored. */
  readonly encryptionKey: IKey;
  /** What happens to the buckets when they are removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/** Buckets with the longest names whose statements fit the inline policies of the function that restores. */
const ROOM = 20;

/**
 * Lets the drills of a site restore buckets from recovery points of AWS Backup, each to a bucket of its own: AWS Backup keeps the
 * keys and overwrites nothing, so nothing else may be there. It works under a role that can write to these buckets alone.
 */
export class BucketRestore extends Construct {
  /** What AWS Backup may do for a drill: write to the buckets that drills restore to. */
  public readonly role: Role;

  private readonly props: BucketRestoreProps;
  private readonly allowed = new RestoreToBuckets();
  private readonly names = new Map<string, string>();
  private readonly buckets: Construct;

  constructor(scope: Construct, id: string, props: BucketRestoreProps) {
    super(scope, id);
    this.props = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Restores buckets for drills of recovery site ${props.siteName}`,
    });
    this.buckets = new Construct(this, 'Buckets');
  }

  /**
   * Where drills of a bucket are restored to; made with the first of them.
   * @param resourceName `<plan>/<resource>`
   * @returns the name
   * @internal
   */
  public _bucketOf(resourceName: string): string {
    const known = this.names.get(resourceName);
    if (known !== undefined) return known;
    const { prefix, encryptionKey, removalPolicy } = this.props;
    const stack = Stack.of(this);
    const bucketName = `${prefix}r-${digest(resourceName)}-${stack.account}`;
    if (this.names.size === 0) this.grant();
    this.names.set(resourceName, bucketName);
    if (this.names.size === ROOM + 1) this.warnOfRoom();
    const [planName, id] = resourceName.split('/');
    const plan = (this.buckets.node.tryFindChild(planName) as Construct) ?? new Construct(this.buckets, planName);
    new Bucket(plan, id, { bucketName, ...expiringBucket(encryptionKey, removalPolicy) });
    this.allowed.add(bucketArn(stack, bucketName));
    return bucketName;
  }

  private warnOfRoom(): void {
    Annotations.of(this).addWarningV2(
      'cdk-recoverable:bucketRestorePolicies',
      `site ${this.props.siteName} drills more than ${ROOM} buckets from backups, which may be more than IAM lets the policies of one role say: drill the others from replica or versions`,
    );
  }

  private grant(): void {
    const { functions, vault, stateBucket, encryptionKey: key } = this.props;
    const { choose, restore, teardown, sweep } = functions;
    const { allowed, role } = this;
    const { backupVaultArn } = vault.vault;
    for (const statement of [allowed.look, allowed.write, ...restoreUnder(vault.key.keyArn, key.keyArn)]) {
      role.addToPolicy(statement);
    }
    const notes = () => objectsUnder(stateBucket, key, { read: ['restores/*'], write: ['restores/*'] });
    choose._allow(
      new PolicyStatement({ actions: ['backup:ListRecoveryPointsByBackupVault'], resources: [backupVaultArn] }),
    );
    restore._allow(passToBackup(role.roleArn), describeRestoreJobs(), ...allowed.read, ...notes());
    for (const each of [teardown, sweep]) each._allow(listRestoreJobs(), ...allowed.remove(), ...notes());
    for (const { lambdaFunction } of [restore, teardown, sweep]) {
      lambdaFunction.addEnvironment('BUCKET_RESTORE_ROLE', role.roleArn);
    }
    restore.lambdaFunction.addEnvironment('RESTORE_KEY', key.keyArn);
  }
}
