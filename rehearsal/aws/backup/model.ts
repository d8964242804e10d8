import type { BackupJobState, CopyJobState, RecoveryPointStatus, RestoreJobStatus } from '@aws-sdk/client-backup';
import type { Authorize } from '../authorization';
import type { Faults } from '../faults';
import type { RdsForBackup } from '../rds/for-backup';
import type { Contents, Followed, S3ForBackup } from '../s3/for-backup';
import type { Place } from '../service';
import type { ServiceRole } from '../service-roles';
import type { Copying } from './copies';

export interface BackupDelays {
  /** How long a restore job is PENDING at least, milliseconds. */
  readonly pending: number;
  /** Between two looks at what a job restores, milliseconds. */
  readonly poll: number;
}

export interface Vault {
  readonly name: string;
  readonly arn: string;
  /** Encrypts what is copied into it. */
  readonly keyArn?: string;
}

/** The AWS Backup of a Region, as copies reach it. */
export interface CopyDestination {
  readonly vaults: readonly Vault[];
  receive(vaultArn: string, copying: Copying): RecoveryPoint;
}

export interface BackupOptions extends Place {
  readonly rds: RdsForBackup;
  /** Absent where no bucket is backed up. */
  readonly s3?: S3ForBackup;
  /** How far continuous backups of buckets lag, milliseconds; on AWS 15 minutes. */
  readonly continuousLag?: number;
  readonly vaults: readonly Vault[];
  /** Other Regions of the account, as far as copies go there. */
  readonly elsewhere?: readonly CopyDestination[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, ServiceRole>;
  readonly authorize: Authorize;
  /** Kinds of resources that the Region has opted in to; default: all that are rehearsed. */
  readonly optIn?: Readonly<Record<string, boolean>>;
  readonly delays?: Partial<BackupDelays>;
  readonly clock?: () => Date;
  readonly faults?: Faults;
}

export interface RecoveryPoint {
  readonly arn: string;
  readonly vault: string;
  readonly vaultArn: string;
  readonly resourceArn: string;
  readonly roleArn: string;
  readonly createdAt: Date;
  /** Of a copy: the vault that its original is in. */
  readonly copiedFrom?: string;
  readonly deleteAfterDays?: number;
  /** What is in it, of a bucket. */
  readonly bucket?: Contents | Followed;
  status: RecoveryPointStatus;
  completedAt?: Date;
}

/** What a rule of a backup plan says of what it takes, as far as it is rehearsed. */
export interface BackupRule {
  readonly Lifecycle?: Lifecycle;
  readonly CopyActions?: readonly CopyAction[];
  /** Named in what it asks for. */
  readonly RuleName?: string;
  /** Kept so that any moment of its time can be restored. */
  readonly EnableContinuousBackup?: boolean;
}

export interface CopyAction {
  readonly DestinationBackupVaultArn: string;
  readonly Lifecycle?: Lifecycle;
}

interface Lifecycle {
  readonly DeleteAfterDays?: number;
}

/** A backup job as it ended. */
export interface BackupJob {
  readonly id: string;
  readonly resourceArn: string;
  readonly vaultArn: string;
  readonly roleArn: string;
  /** Of the plan that asked for it. */
  readonly rule?: string;
  readonly createdAt: Date;
  /** Absent, whatever its state: AWS says nothing of it. */
  readonly completedAt?: Date;
  /** Past this one that has not begun expires. */
  readonly startBy?: Date;
  readonly state: BackupJobState;
  readonly message?: string;
  /** ARN of what it made. */
  readonly made?: string;
}

export interface CopyJob {
  readonly id: string;
  /** ARN of the recovery point that is copied. */
  readonly from: string;
  /** The vault that it is in. */
  readonly fromVaultArn: string;
  readonly resourceArn: string;
  readonly roleArn: string;
  readonly vaultArn: string;
  /** How long the copy is kept; absent: for ever. */
  readonly deleteAfterDays?: number;
  /** Of the plan that asked for it. */
  readonly rule?: string;
  readonly createdAt: Date;
  completedAt?: Date;
  state: CopyJobState;
  message?: string;
  /** ARN of the copy. */
  made?: string;
}

export interface RestoreJob {
  readonly id: string;
  readonly point: RecoveryPoint;
  readonly roleArn: string;
  readonly createdAt: Date;
  status: RestoreJobStatus;
  message?: string;
  createdArn?: string;
  completedAt?: Date;
  /** Roles that have asked after this job. */
  readonly askedBy: Set<string>;
}
