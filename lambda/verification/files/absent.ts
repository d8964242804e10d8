import type { FileProblem } from '../../../lib/private/contract/files';
import { seconds, unless } from './object';
import type { Bucket, Listed } from './port';

/** Why an object that has to be in the replica is not, or not as it is now. */
export type Absence =
  | { readonly is: 'bad'; readonly problem: FileProblem; readonly detail: string }
  /** No rule ever took it: whether it is older than the rule, or the rule stopped, shows when all are known. */
  | { readonly is: 'without-status' }
  | { readonly is: 'changed' };

/**
 * Asks S3 why: by the original's status, and by what hides the copy.
 * @param stale whether an older version is in the replica
 * @throws FileError when S3 does not let us know
 */
export async function whyAbsent(object: Listed, stale: boolean, source: Bucket, replica: Bucket): Promise<Absence> {
  const [original, hidden] = await Promise.all([
    source.head(object.key).catch(unless('missing')),
    stale ? false : isHidden(object.key, replica),
  ]);
  if (!original || seconds(original.modified) !== seconds(object.modified)) return { is: 'changed' };
  if (hidden) return bad('deleted', 'hidden behind a delete marker in the replica');
  const older = stale ? '; an older version is in the replica' : '';
  switch (original.replication) {
    case 'failed':
      return bad('failed', `S3 says that its replication failed${older}`);
    case 'pending':
      return bad('late', `waiting to be replicated since ${new Date(object.modified).toISOString()}${older}`);
    case 'completed':
      return bad('missing', `S3 says that it was replicated, and it is not in the replica${older}`);
    case 'replica':
      return bad('older-than-rule', `itself a replica, and S3 replicates no replicas${older}`);
    default:
      return { is: 'without-status' };
  }
}

async function isHidden(key: string, replica: Bucket): Promise<boolean> {
  const versions = await replica.listVersions(key).catch(unless('missing'));
  return versions?.[0]?.marker ?? false;
}

function bad(problem: FileProblem, detail: string): Absence {
  return { is: 'bad', problem, detail };
}
