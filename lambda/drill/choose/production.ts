import type { DBInstance } from '@aws-sdk/client-rds';
import type { ProductionFacts } from '../../../lib/private/contract/drill';

/** What evidence compares the restored copy with. */
export function productionFacts(instance: DBInstance): ProductionFacts {
  return {
    instanceClass: instance.DBInstanceClass ?? '',
    engineVersion: instance.EngineVersion ?? '',
    multiAz: instance.MultiAZ ?? false,
    storageType: instance.StorageType ?? '',
    dbiResourceId: instance.DbiResourceId ?? '',
    settings: {
      backupRetentionDays: instance.BackupRetentionPeriod ?? 0,
      continuousAwsBackup: instance.AwsBackupRecoveryPointArn !== undefined,
      copyTagsToSnapshot: instance.CopyTagsToSnapshot ?? false,
      deletionProtection: instance.DeletionProtection ?? false,
      encrypted: instance.StorageEncrypted ?? false,
    },
  };
}
