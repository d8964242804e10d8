import type { CheckDefinition, StandardCheckName } from './checks';
import type { BucketDefinition } from './files';

/**
 * The drill definition: what the input of a schedule carries, and all that a drill may do. The schedule is the registry:
 * the first state reads the definition from the schedule itself and trusts nothing else of an execution's input.
 */
export interface DrillDefinition {
  readonly schema: 'cdk-recoverable/drill/v1';
  /** `<plan>/<resource>/<drill>`, for people and for `recoverable drill`. */
  readonly drill: string;
  readonly plan: string;
  readonly owner: string;
  readonly resource: ResourceDefinition;
  readonly objectives: ObjectivesDefinition;
  /** Longest time between two passed drills before the *proven* alarm, seconds. */
  readonly intervalSeconds: number;
  /** In rotation order; never empty. */
  readonly sources: readonly SourceDefinition[];
  readonly checks: readonly CheckDefinition[];
  /** Set instead of `checks` when the inline definition would be too large; `checks` is then empty. */
  readonly checksAsset?: AssetPointer;
  /** Buckets that checks of the asset name: of buckets, names and keys may be known at deployment alone. */
  readonly buckets?: readonly BucketDefinition[];
  readonly withoutChecks: readonly { readonly check: StandardCheckName; readonly reason: string }[];
  /** Topic ARNs by severity; at least one. */
  readonly alerts: { readonly page?: string; readonly ticket?: string; readonly digest?: string };
}

export interface ResourceDefinition {
  /** `<plan>/<resource>`: the key of evidence, locks, metrics. */
  readonly name: string;
  /** DBInstanceIdentifier of the source, or the bucket's name. */
  readonly identifier: string;
  /** `s3`: a bucket. */
  readonly engine: 'postgres' | 's3';
  readonly ownership: 'owned' | 'observed';
}

export interface ObjectivesDefinition {
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

export type SourceDefinition =
  | { readonly kind: 'point-in-time' }
  | { readonly kind: 'snapshot' }
  | RecoveryPointSourceDefinition
  | FilesSourceDefinition
  | BucketBackupSourceDefinition;

/** Recovery points of an instance. */
export interface RecoveryPointSourceDefinition {
  readonly kind: 'recovery-point';
  /** Name of the backup vault, in the Region of the drill. */
  readonly vault: string;
  /** ARN of the instance that the recovery points are of; it need not exist any more. */
  readonly resourceArn: string;
}

/** Files, restored into the scratch bucket of the site. */
export interface FilesSourceDefinition {
  /** The newest versions in the replica, or those of the declared disaster in the bucket itself. */
  readonly kind: 'replica' | 'versions';
  readonly bucket: BucketDefinition;
  /** Keys that begin with it are restored; empty: all. */
  readonly prefix: string;
}

/** Recovery points of a bucket, restored into a bucket of their own: AWS Backup keeps the keys, and overwrites nothing. */
export interface BucketBackupSourceDefinition {
  readonly kind: 'recovery-point';
  /** Name of the backup vault, in the Region of the drill. */
  readonly vault: string;
  /** ARN of the bucket that the recovery points are of. */
  readonly resourceArn: string;
  readonly bucket: BucketDefinition;
  /** Keys that begin with it are restored; empty: all. */
  readonly prefix: string;
  /** Name of the bucket that drills of this one restore to, and nobody else. */
  readonly restoreBucket: string;
}

export interface AssetPointer {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** What starts an execution. `scheduledTime` is absent when a person starts it from the console. */
export interface DrillInput {
  readonly schedule: string;
  /** RFC 3339; names the start, so a second start of the same time is recognised, and is the declared disaster. */
  readonly scheduledTime?: string;
}

/** What the machine hands to every state: short facts and pointers, never results. */
export interface DrillState {
  /** Declare disaster */
  readonly drill: DrillFacts;
  /** Choose recovery source */
  readonly source?: SourceFacts;
  /** Restore */
  readonly restore?: RestoreFacts;
  /** Is it ready? (of the last round) */
  readonly instance?: InstanceFacts;
  /** Open access (of the last round) */
  readonly access?: AccessFacts;
  /** Verify (of the last round) */
  readonly verification?: VerificationFacts;
  /** Set by the Catch of any state before Tear down. */
  readonly failure?: StateFailure;
  /** Tear down (of the last round) */
  readonly teardown?: TeardownFacts;
  readonly teardownFailure?: StateFailure;
  /** Record evidence */
  readonly evidence?: EvidenceFacts;
}

/** As Step Functions hands it over; for a Lambda error Cause is JSON with errorType and errorMessage. */
export interface StateFailure {
  readonly Error: string;
  readonly Cause: string;
}

export interface DrillFacts {
  /** Derived from schedule and scheduled time: 20 hexadecimal characters. */
  readonly id: string;
  readonly site: string;
  /** `<plan>/<resource>/<drill>` */
  readonly name: string;
  /** `<plan>/<resource>` */
  readonly resource: string;
  readonly execution: string;
  /** Key of the definition in the state bucket. */
  readonly definition: string;
  /** The declared disaster: the time from which achieved RPO is counted, RFC 3339. */
  readonly disasterAt: string;
  readonly startedAt: string;
  readonly names: DrillNames;
  /** Past this the sweeper may remove what carries the drill's tag, RFC 3339. */
  readonly expiresAt: string;
  /** The RTO objective: a copy that is not available within it is a failed drill. */
  readonly rtoSeconds: number;
  /** Seconds the restore took in the last passed drill, for how long to wait between questions. */
  readonly lastRestoreSeconds?: number;
  /** Another drill holds the resource's lock: a sentence. */
  readonly blockedBy?: string;
}

/** Every name a drill creates under, decided before the first create call. */
export interface DrillNames {
  readonly instance: string;
  readonly secret: string;
}

export interface SourceFacts {
  readonly kind: SourceDefinition['kind'];
  /** DBInstanceIdentifier or DBSnapshotIdentifier. */
  readonly identifier: string;
  /** Of what is restored from. */
  readonly arn: string;
  /** The moment the restored data is from, RFC 3339: the asked time, or the snapshot's. */
  readonly restorePoint: string;
  /** What the source promised as newest at that moment: LatestRestorableTime or SnapshotCreateTime. */
  readonly latestRestorableTime: string;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly allocatedStorageGib: number;
  /** Absent where production could not be described: a recovery point outlives it. */
  readonly production?: ProductionFacts;
  /** Of a recovery point. */
  readonly recoveryPoint?: RecoveryPointFacts;
  /** Of files. */
  readonly files?: FilesFacts;
}

export interface FilesFacts {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  /** Of a recovery point: the bucket that AWS Backup restores to. */
  readonly restoredTo?: string;
}

export interface RecoveryPointFacts {
  readonly vault: string;
  /** ARN of the instance or bucket that it is of; of a copy in another Region or account. */
  readonly resourceArn: string;
  /** When AWS Backup made it, RFC 3339; the data is from the restore point. */
  readonly createdAt: string;
  /** Of a bucket: it can be restored as of any moment since. */
  readonly continuous?: boolean;
}

/** Of the protected instance, for the differences named in evidence. */
export interface ProductionFacts {
  readonly instanceClass: string;
  readonly engineVersion: string;
  readonly multiAz: boolean;
  readonly storageType: string;
  readonly dbiResourceId: string;
  readonly settings: ProductionSettings;
}

/** What recovery depends on and nobody notices until then: the findings of evidence. */
export interface ProductionSettings {
  readonly backupRetentionDays: number;
  /** AWS Backup owns the retention, which RDS then refuses to change. */
  readonly continuousAwsBackup: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly deletionProtection: boolean;
  readonly encrypted: boolean;
}

export interface RestoreFacts {
  readonly startedAt: string;
  /** Name of the copy; of files there is none. */
  readonly instance: string;
  /** Id of the AWS Backup job that restores. */
  readonly job?: string;
  /** Of files (of the last round). */
  readonly files?: RestoredFilesFacts;
}

export interface RestoredFilesFacts {
  readonly done: boolean;
  readonly waitSeconds: number;
  readonly objects: number;
  readonly bytes: number;
}

export interface InstanceFacts {
  readonly status: string;
  readonly ready: boolean;
  readonly waitSeconds: number;
  readonly availableAt?: string;
  readonly address?: string;
  readonly port?: number;
  readonly masterUsername?: string;
}

export interface AccessFacts {
  readonly open: boolean;
  /** The new password has been asked for; open once it is no longer pending. */
  readonly requested: boolean;
  readonly waitSeconds: number;
  readonly openedAt?: string;
  /** First round of opening, for its patience. */
  readonly startedAt: string;
}

export interface VerificationFacts {
  readonly round: number;
  readonly done: boolean;
  readonly waitSeconds: number;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Key of the results in the state bucket (VerificationResults). */
  readonly results: string;
}

export interface TeardownFacts {
  readonly gone: boolean;
  readonly waitSeconds: number;
  /** Since when everything has been absent without interruption, RFC 3339. */
  readonly absentSince?: string;
  readonly startedAt: string;
  readonly removed: readonly Removed[];
  readonly leftBehind: readonly Removed[];
}

/** One thing a drill made. A restore job cannot be removed, only outwaited: it is never more than left behind. */
export interface Removed {
  readonly kind: 'db-instance' | 'secret' | 'restore-job' | 'files';
  readonly identifier: string;
}

export interface EvidenceFacts {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly summary: string;
  readonly key: string;
  readonly page: string;
}

export type Verdict = 'PASSED' | 'FAILED' | 'INCONCLUSIVE';
