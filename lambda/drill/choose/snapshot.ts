import { paginateDescribeDBSnapshots, type DBInstance, type DBSnapshot, type RDSClient } from '@aws-sdk/client-rds';
import type { SourceFacts } from '../../../lib/private/contract/drill';
import { NamedError } from '../../shared/named-error';
import { productionFacts } from './production';

/** The newest automated snapshot that was complete before the declared disaster. */
export async function snapshot(rds: RDSClient, instance: DBInstance, disasterAt: string): Promise<SourceFacts> {
  const identifier = instance.DBInstanceIdentifier ?? '';
  const found = await newestSnapshot(rds, identifier, new Date(disasterAt));
  if (!found?.SnapshotCreateTime) {
    throw new NamedError(
      'NoRecoverySource',
      `instance ${identifier} has no available automated snapshot from before ${disasterAt}`,
    );
  }
  return {
    kind: 'snapshot',
    identifier: found.DBSnapshotIdentifier ?? '',
    arn: found.DBSnapshotArn ?? '',
    restorePoint: found.SnapshotCreateTime.toISOString(),
    latestRestorableTime: found.SnapshotCreateTime.toISOString(),
    engineVersion: found.EngineVersion ?? '',
    instanceClass: instance.DBInstanceClass ?? '',
    allocatedStorageGib: found.AllocatedStorage ?? 0,
    production: productionFacts(instance),
  };
}

async function newestSnapshot(rds: RDSClient, identifier: string, before: Date): Promise<DBSnapshot | undefined> {
  let newest: DBSnapshot | undefined;
  const pages = paginateDescribeDBSnapshots(
    { client: rds },
    { DBInstanceIdentifier: identifier, SnapshotType: 'automated' },
  );
  for await (const page of pages) {
    for (const candidate of page.DBSnapshots ?? []) {
      const time = candidate.SnapshotCreateTime;
      if (candidate.Status !== 'available' || !time || time > before) continue;
      if (!newest?.SnapshotCreateTime || time > newest.SnapshotCreateTime) newest = candidate;
    }
  }
  return newest;
}
