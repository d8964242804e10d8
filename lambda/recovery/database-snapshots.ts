import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBSnapshots,
  type DBClusterSnapshot,
  type DBSnapshot,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { BackupProperties } from '../../lib/private/contract/backup';
import { nameOf } from '../shared/named-error';
import type { Tag } from '../shared/tags';

/**
 * RDS keeps the snapshots of instances and those of clusters apart, each under names of their own for the same things. Here
 * they are one; it is the same for functions and command.
 */
export type DatabaseKind = BackupProperties['Kind'];

export interface DatabaseSnapshot {
  readonly identifier: string;
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly database: string;
  readonly status: string;
  readonly percent: number;
  /** Absent until the snapshot is under way. */
  readonly createdAt?: Date;
  readonly tags: readonly Partial<Tag>[];
}

export interface SnapshotOrder {
  readonly kind: DatabaseKind;
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly database: string;
  readonly snapshot: string;
  readonly tags: Tag[];
}

type Options = Parameters<RDSClient['send']>[1];

const EXISTS = ['DBSnapshotAlreadyExistsFault', 'DBClusterSnapshotAlreadyExistsFault'];
const MISSING = ['DBSnapshotNotFoundFault', 'DBClusterSnapshotNotFoundFault'];
const BUSY = ['InvalidDBInstanceStateFault', 'InvalidDBClusterStateFault'];

/** Asks for a snapshot. One of this name is there when an answer was lost and the call repeated: that is no error. */
export async function createSnapshot(rds: RDSClient, order: SnapshotOrder, options?: Options): Promise<void> {
  const { kind, database, snapshot, tags: Tags } = order;
  try {
    await (kind === 'db-cluster'
      ? rds.send(
          new CreateDBClusterSnapshotCommand({
            DBClusterIdentifier: database,
            DBClusterSnapshotIdentifier: snapshot,
            Tags,
          }),
          options,
        )
      : rds.send(
          new CreateDBSnapshotCommand({ DBInstanceIdentifier: database, DBSnapshotIdentifier: snapshot, Tags }),
          options,
        ));
  } catch (error) {
    if (!EXISTS.includes(nameOf(error))) throw error;
  }
}

/** Whether the database is just being backed up or changed, and may be asked again. */
export function isBusy(error: unknown): boolean {
  return BUSY.includes(nameOf(error));
}

export async function findSnapshot(
  rds: RDSClient,
  kind: DatabaseKind,
  identifier: string,
  options?: Options,
): Promise<DatabaseSnapshot | undefined> {
  try {
    if (kind === 'db-cluster') {
      const input = { DBClusterSnapshotIdentifier: identifier };
      const { DBClusterSnapshots } = await rds.send(new DescribeDBClusterSnapshotsCommand(input), options);
      return DBClusterSnapshots?.map(ofCluster).at(0);
    }
    const input = { DBSnapshotIdentifier: identifier };
    const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand(input), options);
    return DBSnapshots?.map(ofInstance).at(0);
  } catch (error) {
    if (MISSING.includes(nameOf(error))) return undefined;
    throw error;
  }
}

/** Manual snapshots of one database, or of all of a kind. */
export async function manualSnapshots(
  rds: RDSClient,
  kind: DatabaseKind,
  database?: string,
): Promise<DatabaseSnapshot[]> {
  const found: DatabaseSnapshot[] = [];
  const type = { SnapshotType: 'manual' };
  if (kind === 'db-cluster') {
    const input = { ...type, ...(database !== undefined && { DBClusterIdentifier: database }) };
    for await (const { DBClusterSnapshots = [] } of paginateDescribeDBClusterSnapshots({ client: rds }, input)) {
      found.push(...DBClusterSnapshots.map(ofCluster));
    }
    return found;
  }
  const input = { ...type, ...(database !== undefined && { DBInstanceIdentifier: database }) };
  for await (const { DBSnapshots = [] } of paginateDescribeDBSnapshots({ client: rds }, input)) {
    found.push(...DBSnapshots.map(ofInstance));
  }
  return found;
}

/** One that is gone already is no error. */
export async function removeSnapshot(rds: RDSClient, kind: DatabaseKind, identifier: string): Promise<void> {
  try {
    await (kind === 'db-cluster'
      ? rds.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: identifier }))
      : rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: identifier })));
  } catch (error) {
    if (!MISSING.includes(nameOf(error))) throw error;
  }
}

function ofInstance(snapshot: DBSnapshot): DatabaseSnapshot {
  return common(snapshot, snapshot.DBSnapshotIdentifier, snapshot.DBInstanceIdentifier);
}

function ofCluster(snapshot: DBClusterSnapshot): DatabaseSnapshot {
  return common(snapshot, snapshot.DBClusterSnapshotIdentifier, snapshot.DBClusterIdentifier);
}

function common(
  snapshot: Pick<DBSnapshot & DBClusterSnapshot, 'Status' | 'PercentProgress' | 'SnapshotCreateTime' | 'TagList'>,
  identifier = '',
  database = '',
): DatabaseSnapshot {
  return {
    identifier,
    database,
    status: snapshot.Status ?? '',
    percent: snapshot.PercentProgress ?? 0,
    ...(snapshot.SnapshotCreateTime && { createdAt: snapshot.SnapshotCreateTime }),
    tags: snapshot.TagList ?? [],
  };
}
