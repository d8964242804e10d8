import { paginateListRestoreJobs, type BackupClient } from '@aws-sdk/client-backup';

/** From these a restore job does not go on. Any other status, known or not, may still create its database. */
const ENDED = ['COMPLETED', 'FAILED', 'ABORTED'];

export interface Asked {
  /** ARN of the recovery point that was asked to be restored. */
  readonly recoveryPoint: string;
  /** No job of the drill is older, RFC 3339. */
  readonly since: string;
  /** Id of the job, where its answer arrived. */
  readonly job?: string;
  /** What the recovery point is of; default: an instance. */
  readonly type?: 'RDS' | 'S3';
}

/**
 * Restore jobs that may still create a copy: those of the site's own restore role and this recovery point. A resource's drills
 * hold a lock, so they are of one drill. Asked by what was known before the first call: the answer of StartRestoreJob may have
 * been lost. A job whose id is known and that is not listed yet counts as going on.
 */
export async function unfinishedJobs(backup: BackupClient, role: string, asked: Asked): Promise<string[]> {
  const unfinished: string[] = [];
  const seen = new Set<string>();
  const filter = { ByResourceType: asked.type ?? 'RDS', ByCreatedAfter: new Date(asked.since) };
  for await (const page of paginateListRestoreJobs({ client: backup }, filter)) {
    for (const { RestoreJobId: id = '', Status, IamRoleArn, RecoveryPointArn } of page.RestoreJobs ?? []) {
      if (id !== asked.job && (IamRoleArn !== role || RecoveryPointArn !== asked.recoveryPoint)) continue;
      seen.add(id);
      if (!ENDED.includes(Status ?? '')) unfinished.push(id);
    }
  }
  if (asked.job !== undefined && !seen.has(asked.job)) unfinished.push(asked.job);
  return unfinished;
}
