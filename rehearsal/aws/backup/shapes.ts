import type {
  BackupJob as BackupJobShape,
  CopyJob as CopyJobShape,
  DescribeRestoreJobOutput,
  RecoveryPointByBackupVault,
} from '@aws-sdk/client-backup';
import type { BackupJob, CopyJob, RecoveryPoint, RestoreJob } from './model';

/** AWS Backup says so of every recovery point of an instance. */
const SIZE = 0;

/** A job as DescribeRestoreJob and ListRestoreJobs show it. */
export function describeJob(job: RestoreJob, account: string): DescribeRestoreJobOutput {
  return {
    AccountId: account,
    RestoreJobId: job.id,
    RecoveryPointArn: job.point.arn,
    SourceResourceArn: job.point.resourceArn,
    BackupVaultArn: job.point.vaultArn,
    CreationDate: job.createdAt,
    ...(job.completedAt && { CompletionDate: job.completedAt }),
    Status: job.status,
    ...(job.message !== undefined && { StatusMessage: job.message }),
    PercentDone: job.status === 'COMPLETED' ? '100.00%' : '0.00%',
    BackupSizeInBytes: SIZE,
    IamRoleArn: job.roleArn,
    ...(job.createdArn && { CreatedResourceArn: job.createdArn }),
    ResourceType: typeOf(job.point.resourceArn),
    RecoveryPointCreationDate: job.point.createdAt,
  };
}

/** A recovery point as ListRecoveryPointsByBackupVault shows it. */
export function describePoint(point: RecoveryPoint, status: RecoveryPoint['status']): RecoveryPointByBackupVault {
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vault,
    BackupVaultArn: point.vaultArn,
    ResourceArn: point.resourceArn,
    ResourceType: typeOf(point.resourceArn),
    IamRoleArn: point.roleArn,
    Status: status,
    CreationDate: point.createdAt,
    ...(point.completedAt && { CompletionDate: point.completedAt }),
    ...(point.copiedFrom && { SourceBackupVaultArn: point.copiedFrom }),
    ...lifecycle(point),
    BackupSizeInBytes: SIZE,
    IsParent: false,
    VaultType: 'BACKUP_VAULT',
  };
}

/** A backup job as ListBackupJobs shows it. */
export function describeBackupJob(job: BackupJob, account: string): BackupJobShape {
  return {
    AccountId: account,
    BackupJobId: job.id,
    BackupVaultArn: job.vaultArn,
    BackupVaultName: job.vaultArn.split(':').at(-1),
    ...(job.made && { RecoveryPointArn: job.made }),
    ResourceArn: job.resourceArn,
    ResourceType: typeOf(job.resourceArn),
    CreationDate: job.createdAt,
    ...(job.completedAt && { CompletionDate: job.completedAt }),
    ...(job.startBy && { StartBy: job.startBy }),
    State: job.state,
    ...(job.message !== undefined && { StatusMessage: job.message }),
    BackupSizeInBytes: SIZE,
    IamRoleArn: job.roleArn,
    ...(job.rule && { CreatedBy: { BackupRuleName: job.rule } }),
    IsParent: false,
  };
}

/** A copy job as ListCopyJobs shows it. */
export function describeCopyJob(job: CopyJob, account: string): CopyJobShape {
  return {
    AccountId: account,
    CopyJobId: job.id,
    SourceBackupVaultArn: job.fromVaultArn,
    SourceRecoveryPointArn: job.from,
    DestinationBackupVaultArn: job.vaultArn,
    ...(job.made && { DestinationRecoveryPointArn: job.made }),
    ...(job.deleteAfterDays && { DestinationRecoveryPointLifecycle: { DeleteAfterDays: job.deleteAfterDays } }),
    ResourceArn: job.resourceArn,
    ResourceType: typeOf(job.resourceArn),
    CreationDate: job.createdAt,
    ...(job.completedAt && { CompletionDate: job.completedAt }),
    State: job.state,
    ...(job.message !== undefined && { StatusMessage: job.message }),
    BackupSizeInBytes: SIZE,
    IamRoleArn: job.roleArn,
    ...(job.rule && { CreatedBy: { BackupRuleName: job.rule } }),
    IsParent: false,
  };
}

/** Of what AWS Backup says that a resource is. */
export function typeOf(resourceArn: string): 'RDS' | 'Aurora' | 'S3' {
  if (/^arn:[^:]+:s3:::/.test(resourceArn)) return 'S3';
  return resourceArn.includes(':cluster:') ? 'Aurora' : 'RDS';
}

const DAY = 86_400_000;

/** A copy, too, is as old as what it is a copy of. */
function lifecycle({ createdAt, deleteAfterDays }: RecoveryPoint) {
  if (deleteAfterDays === undefined) return {};
  return {
    Lifecycle: { DeleteAfterDays: deleteAfterDays },
    CalculatedLifecycle: { DeleteAt: new Date(createdAt.getTime() + deleteAfterDays * DAY) },
  };
}
