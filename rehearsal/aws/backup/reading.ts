import * as sdk from '@aws-sdk/client-backup';
import { operation, type Operation } from '../service';
import type { BackupJob, CopyJob, RecoveryPoint, Vault } from './model';
import { page } from './page';
import { describeBackupJob, describeCopyJob, describePoint, typeOf } from './shapes';

/** What somebody who only looks is shown. */
export interface Shown {
  readonly account: string;
  readonly points: readonly RecoveryPoint[];
  readonly backupJobs: readonly BackupJob[];
  readonly copyJobs: readonly CopyJob[];
  readonly optIn: Readonly<Record<string, boolean>>;
  /** Throws where there is none. */
  vault(name: string): Vault;
  vaultArn(name: string): string;
  statusOf(point: RecoveryPoint): RecoveryPoint['status'];
}

export function readingOperations(shown: Shown): Operation[] {
  return [
    listRecoveryPoints(shown),
    describeVault(shown),
    listBackupJobs(shown),
    listCopyJobs(shown),
    describeRegionSettings(shown),
  ];
}

function listRecoveryPoints(shown: Shown): Operation {
  return operation<sdk.ListRecoveryPointsByBackupVaultInput, sdk.ListRecoveryPointsByBackupVaultOutput>(
    sdk.ListRecoveryPointsByBackupVault$,
    [
      'BackupVaultName',
      'ByResourceArn',
      'ByResourceType',
      'ByCreatedAfter',
      'ByCreatedBefore',
      'MaxResults',
      'NextToken',
    ],
    ({ BackupVaultName }) => [
      { action: 'backup:ListRecoveryPointsByBackupVault', resource: shown.vaultArn(BackupVaultName ?? '') },
    ],
    (input) => {
      const { name } = shown.vault(input.BackupVaultName ?? '');
      const found = shown.points.filter(
        ({ vault, resourceArn, createdAt }) =>
          vault === name &&
          resourceArn === (input.ByResourceArn ?? resourceArn) &&
          typeOf(resourceArn) === (input.ByResourceType ?? typeOf(resourceArn)) &&
          within(createdAt, input.ByCreatedAfter, input.ByCreatedBefore),
      );
      const { items, NextToken } = page(found, input);
      return {
        RecoveryPoints: items.map((point) => describePoint(point, shown.statusOf(point))),
        ...(NextToken && { NextToken }),
      };
    },
  );
}

function describeVault(shown: Shown): Operation {
  return operation<sdk.DescribeBackupVaultInput, sdk.DescribeBackupVaultOutput>(
    sdk.DescribeBackupVault$,
    ['BackupVaultName'],
    ({ BackupVaultName }) => [
      { action: 'backup:DescribeBackupVault', resource: shown.vaultArn(BackupVaultName ?? '') },
    ],
    ({ BackupVaultName }) => {
      const { name, arn, keyArn } = shown.vault(BackupVaultName ?? '');
      return {
        BackupVaultName: name,
        BackupVaultArn: arn,
        VaultType: 'BACKUP_VAULT',
        ...(keyArn && { EncryptionKeyArn: keyArn }),
        NumberOfRecoveryPoints: shown.points.filter(({ vault }) => vault === name).length,
        Locked: false,
      };
    },
  );
}

function listBackupJobs(shown: Shown): Operation {
  return operation<sdk.ListBackupJobsInput, sdk.ListBackupJobsOutput>(
    sdk.ListBackupJobs$,
    [
      'ByState',
      'ByResourceArn',
      'ByResourceType',
      'ByCreatedAfter',
      'ByCreatedBefore',
      'ByCompleteAfter',
      'ByCompleteBefore',
      'MaxResults',
      'NextToken',
    ],
    () => [{ action: 'backup:ListBackupJobs', resource: '*' }],
    (input) => {
      const found = shown.backupJobs.filter(
        ({ state, resourceArn, createdAt, completedAt }) =>
          state === (input.ByState ?? state) &&
          resourceArn === (input.ByResourceArn ?? resourceArn) &&
          typeOf(resourceArn) === (input.ByResourceType ?? typeOf(resourceArn)) &&
          within(createdAt, input.ByCreatedAfter, input.ByCreatedBefore) &&
          within(completedAt, input.ByCompleteAfter, input.ByCompleteBefore),
      );
      const { items, NextToken } = page(found, input);
      return {
        BackupJobs: items.map((job) => describeBackupJob(job, shown.account)),
        ...(NextToken && { NextToken }),
      };
    },
  );
}

function listCopyJobs(shown: Shown): Operation {
  return operation<sdk.ListCopyJobsInput, sdk.ListCopyJobsOutput>(
    sdk.ListCopyJobs$,
    [
      'ByState',
      'ByResourceArn',
      'ByResourceType',
      'ByDestinationVaultArn',
      'ByCreatedAfter',
      'ByCreatedBefore',
      'ByCompleteAfter',
      'ByCompleteBefore',
      'MaxResults',
      'NextToken',
    ],
    () => [{ action: 'backup:ListCopyJobs', resource: '*' }],
    (input) => {
      const found = shown.copyJobs.filter(
        ({ state, resourceArn, vaultArn, createdAt, completedAt }) =>
          state === (input.ByState ?? state) &&
          resourceArn === (input.ByResourceArn ?? resourceArn) &&
          typeOf(resourceArn) === (input.ByResourceType ?? typeOf(resourceArn)) &&
          vaultArn === (input.ByDestinationVaultArn ?? vaultArn) &&
          within(createdAt, input.ByCreatedAfter, input.ByCreatedBefore) &&
          within(completedAt, input.ByCompleteAfter, input.ByCompleteBefore),
      );
      const { items, NextToken } = page(found, input);
      return {
        CopyJobs: items.map((job) => describeCopyJob(job, shown.account)),
        ...(NextToken && { NextToken }),
      };
    },
  );
}

function describeRegionSettings(shown: Shown): Operation {
  return operation<sdk.DescribeRegionSettingsInput, sdk.DescribeRegionSettingsOutput>(
    sdk.DescribeRegionSettings$,
    [],
    () => [{ action: 'backup:DescribeRegionSettings', resource: '*' }],
    () => ({ ResourceTypeOptInPreference: { ...shown.optIn } }),
  );
}

/** What has no such moment yet is in no such span. */
export function within(moment: Date | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (!after && !before) return true;
  return moment !== undefined && moment > (after ?? new Date(0)) && moment < (before ?? new Date(8.64e15));
}
