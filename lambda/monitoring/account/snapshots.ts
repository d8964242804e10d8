import { paginateDescribeDBClusterSnapshots, paginateDescribeDBSnapshots, type RDSClient } from '@aws-sdk/client-rds';
import { chunks, type Asking, type CallOptions } from './asking';
import { resourceKey, later, timeOf, type DatabaseKind } from './facts';

interface Snapshot {
  readonly identifier?: string;
  readonly resourceId?: string;
  readonly status?: string;
  readonly createdAt?: Date;
}

/** By `resourceKey` and then by resource id: a database of the same name may have been another one. */
export type NewestSnapshots = Map<string, Map<string, string>>;

/** The newest automated snapshot of each database, read page by page. Databases of chunks without an answer are not in it. */
export async function newestSnapshots(
  rds: RDSClient,
  asking: Asking,
  identifiers: Readonly<Record<DatabaseKind, readonly string[]>>,
): Promise<NewestSnapshots> {
  const newest: NewestSnapshots = new Map();
  const ask = (kind: DatabaseKind, chunk: readonly string[]) =>
    asking.ask(`automated snapshots of ${chunk.length} databases`, async (options) => {
      const own: NewestSnapshots = new Map(chunk.map((each) => [resourceKey(kind, each), new Map()]));
      for await (const page of kind === 'db-instance'
        ? instances(rds, chunk, options)
        : clusters(rds, chunk, options)) {
        for (const snapshot of page) fold(own, kind, snapshot);
      }
      for (const [key, found] of own) newest.set(key, found);
    });
  const kinds: readonly DatabaseKind[] = ['db-instance', 'db-cluster'];
  await Promise.all(kinds.flatMap((kind) => chunks(identifiers[kind]).map((chunk) => ask(kind, chunk))));
  return newest;
}

function fold(
  own: NewestSnapshots,
  kind: DatabaseKind,
  { identifier, resourceId = '', status, createdAt }: Snapshot,
): void {
  const of = own.get(resourceKey(kind, identifier ?? ''));
  if (!of || status !== 'available' || !createdAt) return;
  of.set(resourceId, later(of.get(resourceId), timeOf(createdAt))!);
}

async function* instances(client: RDSClient, chunk: readonly string[], options: CallOptions) {
  const input = { SnapshotType: 'automated', Filters: [{ Name: 'db-instance-id', Values: [...chunk] }] };
  for await (const page of paginateDescribeDBSnapshots({ client, pageSize: 100 }, input, options)) {
    yield (page.DBSnapshots ?? []).map((one): Snapshot => ({
      identifier: one.DBInstanceIdentifier,
      resourceId: one.DbiResourceId,
      status: one.Status,
      createdAt: one.SnapshotCreateTime,
    }));
  }
}

async function* clusters(client: RDSClient, chunk: readonly string[], options: CallOptions) {
  const input = { SnapshotType: 'automated', Filters: [{ Name: 'db-cluster-id', Values: [...chunk] }] };
  for await (const page of paginateDescribeDBClusterSnapshots({ client, pageSize: 100 }, input, options)) {
    yield (page.DBClusterSnapshots ?? []).map((one): Snapshot => ({
      identifier: one.DBClusterIdentifier,
      resourceId: one.DbClusterResourceId,
      status: one.Status,
      createdAt: one.SnapshotCreateTime,
    }));
  }
}
