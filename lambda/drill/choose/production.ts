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
  };
}
