import { paginateDescribeDBClusters, paginateDescribeDBInstances, type RDSClient } from '@aws-sdk/client-rds';
import type { Watched } from './watched';

const GIB = 1024 ** 3;
const OF_INSTANCES = ['FreeStorageSpace'];
const OF_AURORA = [
  'VolumeBytesUsed',
  'TotalBackupStorageBilled',
  'BackupRetentionPeriodStorageUsed',
  'SnapshotStorageUsed',
];

/** What CloudWatch is asked about a resource's size. */
export interface Target {
  readonly name: string;
  readonly arn: string;
  readonly dimension: 'DBInstanceIdentifier' | 'DBClusterIdentifier';
  /** Value of the dimension. */
  readonly id: string;
  readonly metrics: readonly string[];
  /** Of what is free, so that what is used can be told. */
  readonly allocatedBytes?: number;
  /** The first day since when as much was allocated as now, where that is known. */
  readonly allocatedSince?: string;
}

/** How much was allocated on which day, by the resource's name. */
export type Allocated = (name: string) => { readonly bytes: number; readonly day: string } | undefined;

/** Instances by what is free of what is allocated, Aurora by its volume, Multi-AZ clusters by their writer; buckets not at all. */
export async function targetsOf(
  rds: RDSClient,
  resources: readonly Watched[],
  allocated: Allocated,
): Promise<Target[]> {
  const wanted = new Map(resources.filter(({ here, kind }) => here && kind !== 'bucket').map((one) => [one.arn, one]));
  const writers = new Map<string, Watched>();
  const targets: Target[] = [];
  if ([...wanted.values()].some(({ kind }) => kind === 'db-cluster')) {
    for await (const { DBClusters } of paginateDescribeDBClusters({ client: rds }, {})) {
      for (const { DBClusterArn = '', Engine = '', DBClusterMembers } of DBClusters ?? []) {
        const resource = wanted.get(DBClusterArn);
        if (!resource) continue;
        const { name, arn, identifier: id } = resource;
        const writer = DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
        if (Engine.startsWith('aurora')) {
          targets.push({ name, arn, dimension: 'DBClusterIdentifier', id, metrics: OF_AURORA });
        } else if (writer) writers.set(writer, resource);
      }
    }
  }
  if (targets.length === wanted.size) return targets;
  for await (const { DBInstances } of paginateDescribeDBInstances({ client: rds }, {})) {
    for (const { DBInstanceArn = '', DBInstanceIdentifier: id = '', AllocatedStorage } of DBInstances ?? []) {
      const resource = wanted.get(DBInstanceArn) ?? writers.get(id);
      if (!resource || !AllocatedStorage) continue;
      const { name, arn } = resource;
      const allocatedBytes = AllocatedStorage * GIB;
      const before = allocated(name);
      const allocatedSince = before?.bytes === allocatedBytes ? before.day : undefined;
      targets.push({
        ...{ name, arn, dimension: 'DBInstanceIdentifier', id, metrics: OF_INSTANCES },
        allocatedBytes,
        allocatedSince,
      });
    }
  }
  return targets;
}
