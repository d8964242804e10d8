import { paginateDescribeDBInstanceAutomatedBackups, type RDSClient } from '@aws-sdk/client-rds';
import { chunks, type Asking } from './asking';
import { timeOf } from './facts';

/** The window of an instance's automated backups in one Region. */
export interface AutomatedBackups {
  readonly resourceId?: string;
  readonly newest?: string;
  readonly oldest?: string;
  /** Key that they are under there. */
  readonly keyArn?: string;
}

/** Windows by ARN of the instance, of every identity that RDS keeps backups of under it. */
export type BackupsByArn = Map<string, AutomatedBackups[]>;

/**
 * Automated backups of instances, in their own Region or in one that RDS replicates to.
 * @returns what was found, and the identifiers that RDS answered for
 */
export async function automatedBackups(
  client: RDSClient,
  asking: Asking,
  region: string,
  identifiers: readonly string[],
): Promise<{ readonly found: BackupsByArn; readonly answered: ReadonlySet<string> }> {
  const found: BackupsByArn = new Map();
  const answered = new Set<string>();
  const ask = (chunk: readonly string[]) =>
    asking.ask(`automated backups of ${chunk.length} instances in ${region}`, async (options) => {
      const input = { Filters: [{ Name: 'db-instance-id', Values: [...chunk] }] };
      const pages = paginateDescribeDBInstanceAutomatedBackups({ client, pageSize: 100 }, input, options);
      for await (const page of pages) {
        for (const { DBInstanceArn, DbiResourceId, RestoreWindow, KmsKeyId } of page.DBInstanceAutomatedBackups ?? []) {
          const arn = DBInstanceArn?.toLowerCase() ?? '';
          found.set(arn, [
            ...(found.get(arn) ?? []),
            {
              resourceId: DbiResourceId,
              newest: timeOf(RestoreWindow?.LatestTime),
              oldest: timeOf(RestoreWindow?.EarliestTime),
              keyArn: KmsKeyId,
            },
          ]);
        }
      }
      chunk.forEach((each) => answered.add(each));
    });
  await Promise.all(chunks(identifiers).map(ask));
  return { found, answered };
}

/** What RDS retains of a database that is gone bears the name of the one that took its place: its identity tells them apart. */
export function ofIdentity(backups: readonly AutomatedBackups[] = [], resourceId: string | undefined) {
  return backups.find(
    (one) => one.resourceId === undefined || resourceId === undefined || one.resourceId === resourceId,
  );
}
