import type { RDSClient } from '@aws-sdk/client-rds';
import { manualSnapshots, type DatabaseKind } from '../../recovery/database-snapshots';
import { expiryOf } from '../../recovery/snapshots';

/** In these nothing is being made or removed. */
const SETTLED = ['available', 'failed'];

/**
 * Snapshots that the site took before deployments or on demand, past the time that their own tag names. What lacks the prefix,
 * a tag or a time that can be read is left alone: whoever wants to keep a snapshot longer changes its tag.
 */
export async function expiredSnapshots(
  rds: RDSClient,
  kind: DatabaseKind,
  { prefix, site, time }: { readonly prefix: string; readonly site: string; readonly time: string },
): Promise<string[]> {
  const over = (expires: string | undefined) => expires !== undefined && Date.parse(expires) < Date.parse(time);
  return (await manualSnapshots(rds, kind))
    .filter(({ identifier, status }) => identifier.startsWith(prefix) && SETTLED.includes(status))
    .filter(({ tags }) => over(expiryOf(tags, site)))
    .map(({ identifier }) => identifier);
}
