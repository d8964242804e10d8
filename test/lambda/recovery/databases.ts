import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';

export interface Shown {
  readonly identifier?: string;
  readonly database?: string;
  readonly status?: string;
  readonly createdAt?: Date;
  readonly tags?: Tag[];
}

/** What a test does with the snapshots of one kind of database, past the functions that it tests. */
export interface Database {
  readonly kind: 'db-instance' | 'db-cluster';
  readonly identifier: string;
  /** Whether names of snapshots have room for the database's. */
  readonly named: boolean;
  /** Rights to take a snapshot. */
  readonly create: string;
  readonly describe: string;
  take(rds: RDSClient, snapshot: string, tags?: Tag[], database?: string): Promise<unknown>;
  remove(rds: RDSClient, snapshot?: string): Promise<unknown>;
  manual(rds: RDSClient): Promise<Shown[]>;
}

const instance: Database = {
  kind: 'db-instance',
  identifier: 'orders',
  named: true,
  create: 'rds:CreateDBSnapshot',
  describe: 'rds:DescribeDBSnapshots',
  take: (rds, DBSnapshotIdentifier, Tags, DBInstanceIdentifier = 'orders') =>
    rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier, Tags })),
  remove: (rds, DBSnapshotIdentifier) => rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })),
  manual: async (rds) =>
    (await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }))).DBSnapshots!.map((one) => ({
      identifier: one.DBSnapshotIdentifier,
      database: one.DBInstanceIdentifier,
      status: one.Status,
      createdAt: one.SnapshotCreateTime,
      tags: one.TagList,
    })),
};

const cluster: Database = {
  kind: 'db-cluster',
  identifier: 'ledger',
  named: false,
  create: 'rds:CreateDBClusterSnapshot',
  describe: 'rds:DescribeDBClusterSnapshots',
  take: (rds, DBClusterSnapshotIdentifier, Tags, DBClusterIdentifier = 'ledger') =>
    rds.send(new CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier, Tags })),
  remove: (rds, DBClusterSnapshotIdentifier) =>
    rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier })),
  manual: async (rds) =>
    (await rds.send(new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual' }))).DBClusterSnapshots!.map(
      (one) => ({
        identifier: one.DBClusterSnapshotIdentifier,
        database: one.DBClusterIdentifier,
        status: one.Status,
        createdAt: one.SnapshotCreateTime,
        tags: one.TagList,
      }),
    ),
};

export const DATABASES: readonly Database[] = [instance, cluster];
