import type { RecoveryPointStatus, RestoreJobStatus } from '@aws-sdk/client-backup';
import type { Authorize, PolicyDocument } from '../authorization';
import type { Principal } from '../authorization/principal';
import type { Faults } from '../faults';
import type { RdsForBackup } from '../rds/for-backup';
import type { Place } from '../service';

/** A role that a service may assume, and what its trust policy says. */
export interface ServiceRole {
  readonly principal: Principal;
  readonly trust: PolicyDocument;
}

export interface BackupDelays {
  /** How long a restore job is PENDING at least, milliseconds. */
  readonly pending: number;
  /** Between two looks at what a job restores, milliseconds. */
  readonly poll: number;
}

export interface BackupOptions extends Place {
  readonly rds: RdsForBackup;
  readonly vaults: readonly { readonly name: string; readonly arn: string }[];
  /** By ARN. */
  readonly roles: ReadonlyMap<string, ServiceRole>;
  readonly authorize: Authorize;
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
  status: RecoveryPointStatus;
  completedAt?: Date;
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
