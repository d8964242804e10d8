import { DeleteDBSnapshotCommand, paginateDescribeDBSnapshots, type RDSClient } from '@aws-sdk/client-rds';
import { nameOf } from '../../shared/named-error';
import { expiryOf } from '../../recovery/snapshots';

/** In these nothing is being made or removed. */
const SETTLED = ['available', 'failed'];

/**
 * Snapshots that the site took before deployments or on demand, past the time that their own tag names. What lacks the prefix,
 * a tag or a time that can be read is left alone: whoever wants to keep a snapshot longer changes its tag.
 */
export async function expiredSnapshots(rds: RDSClient, prefix: string, site: string, time: string): Promise<string[]> {
  const expired: string[] = [];
  for await (const page of paginateDescribeDBSnapshots({ client: rds }, { SnapshotType: 'manual' })) {
    for (const { DBSnapshotIdentifier: identifier = '', Status: status = '', TagList } of page.DBSnapshots ?? []) {
      const expires = expiryOf(TagList, site);
      const over = expires !== undefined && Date.parse(expires) < Date.parse(time);
      if (over && identifier.startsWith(prefix) && SETTLED.includes(status)) expired.push(identifier);
    }
  }
  return expired;
}

export async function removeSnapshot(rds: RDSClient, identifier: string): Promise<void> {
  try {
    await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: identifier }));
  } catch (error) {
    if (nameOf(error) !== 'DBSnapshotNotFoundFault') throw error;
  }
}
