import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RecoverySite } from '../site/recovery-site';

/** The replica of a bucket that this app does not replicate itself. */
export interface GivenReplica {
  /** The replica's name. */
  readonly bucketName: string;
  /** The replica's Region. */
  readonly region: string;
  /** ARN of the key that every replica is encrypted under. */
  readonly keyArn: string;
  /**
   * Id of the rule in the bucket's replication configuration, if it has metrics, so that failures are an alarm and its age is
   * measured.
   * @default - failures are found by checks alone, and nobody measures how far the replica is behind
   */
  readonly ruleId?: string;
  /**
   * Whether delete markers are replicated.
   * @default false
   */
  readonly deleteMarkers?: boolean;
}

/** How a bucket is protected. */
export interface ProtectBucketOptions {
  /**
   * The site whose stack holds the replica, in another Region or another account.
   * @default - the first site of the plan's `copyTo` that is in another Region
   */
  readonly replicateTo?: RecoverySite;
  /**
   * The replica of a bucket that is not of this app, or not managed: it is watched and drilled, and nothing is changed.
   * @default - the bucket is replicated by this library if it is of this app, else as far as is known here not at all
   */
  readonly replica?: GivenReplica;
  /**
   * Name of the bucket, where its construct does not say it before deployment. Alarms on the replica and drills of it in another
   * Region must know it at synthesis, since they are deployed before the bucket. It names a bucket and changes none.
   * @default - what the bucket's construct says
   */
  readonly bucketName?: string;
  /**
   * The key that objects of the bucket are encrypted under, so that they may be replicated and read with this key and no other.
   * @default - what the bucket's construct says; for a bucket that does not say it any key of the account, through S3 only
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the settings of a bucket of this app are set so that it can be recovered: versioning and replication, under a plan
   * with backup tiers also events to EventBridge. A setting that says otherwise is an error. An imported bucket is never changed.
   * @default true
   */
  readonly manage?: boolean;
  /**
   * What is known of an imported bucket: without versioning nothing of it can be protected.
   * @default - taken to be versioned, with a finding that says how to make sure
   */
  readonly versioned?: boolean;
  /**
   * Priority of the replication rule, where the bucket has rules of its own. S3 wants each once; it decides only between rules that
   * lead to the same bucket (S3 User Guide, "Replication rule priority").
   * @default - one more than the highest of the bucket's own rules
   */
  readonly priority?: number;
  /**
   * Whether S3 promises to replicate within 15 minutes, and measures it. It costs by the gigabyte replicated (about 0.015 dollars)
   * and some custom metrics; without it the lag has no bound, and this library takes a day for late.
   * @default true
   */
  readonly replicationTimeControl?: boolean;
  /**
   * Whether a deletion hides the replica too. An accident then reaches the replica within minutes, though the object's versions
   * stay and drills restore them.
   * @default false
   */
  readonly replicateDeleteMarkers?: boolean;
  /**
   * Whether changes of tags, ACLs and locks that are made to replicas in this bucket are replicated as well: for buckets that
   * replicate to each other.
   * @default false
   */
  readonly replicateModifications?: boolean;
  /**
   * Whether objects that are older than the replication rule are replicated too, once after deployment, by S3 Batch Replication.
   * It costs by the job and the object (about 0.25 dollars, and 1 dollar for a million).
   * @default true
   */
  readonly existingObjects?: boolean;
  /**
   * How long old versions are kept: in the replica, and in the bucket itself if it was not versioned before. Whole days, 1 to
   * 36,500. It bounds how far back a deletion or an overwrite can be undone.
   * @default Duration.days(90)
   */
  readonly oldVersions?: Duration;
}
