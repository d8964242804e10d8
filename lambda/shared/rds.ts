import { DescribeDBInstancesCommand, RDSClient, type DBInstance } from '@aws-sdk/client-rds';
import { nameOf } from './named-error';

/** One instance by identifier; null when RDS says that it does not exist. */
export async function describeInstance(rds: RDSClient, identifier: string): Promise<DBInstance | null> {
  try {
    const answer = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
    return answer.DBInstances?.[0] ?? null;
  } catch (error) {
    if (nameOf(error) === 'DBInstanceNotFoundFault') return null;
    throw error;
  }
}
