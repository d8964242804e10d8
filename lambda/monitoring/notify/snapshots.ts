import { DescribeDBClusterSnapshotsCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { nameOf } from '../../shared/named-error';
import type { Asks, Database } from '../messages/event/payload';

const rds = new RDSClient();

/** Asks RDS what a snapshot is of: an event that shares or restores one says its name alone. */
export const databaseOf: Asks['databaseOf'] = async ({ kind, identifier }) => {
  try {
    return kind === 'db-instance' ? await ofInstance(identifier) : await ofCluster(identifier);
  } catch (error) {
    if (/^DB(Cluster)?SnapshotNotFoundFault$/.test(nameOf(error))) return undefined;
    throw error;
  }
};

async function ofInstance(snapshot: string): Promise<Database | undefined> {
  const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: snapshot }));
  const identifier = DBSnapshots?.[0]?.DBInstanceIdentifier;
  return identifier ? { kind: 'db-instance', identifier } : undefined;
}

async function ofCluster(snapshot: string): Promise<Database | undefined> {
  const command = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot });
  const { DBClusterSnapshots } = await rds.send(command);
  const identifier = DBClusterSnapshots?.[0]?.DBClusterIdentifier;
  return identifier ? { kind: 'db-cluster', identifier } : undefined;
}
