import { createHash } from 'node:crypto';
import type { ExistingObjectsDefinition } from '../../../lib/private/contract/existing';

/** What is asked of S3, kept before it is asked, so that a repetition asks for exactly the same. */
export interface Asked {
  /** S3 takes two requests of one token for one. */
  readonly token: string;
  readonly account: string;
  readonly description: string;
  readonly bucketArn: string;
  readonly roleArn: string;
  readonly reports: ExistingObjectsDefinition['reports'];
  /** Of the job after deployment: what is older goes whatever became of it elsewhere. */
  readonly createdBefore?: string;
}

/** One job, from before it is asked for until people know how it ended. */
export interface JobRecord {
  readonly schema: 'cdk-recoverable/existing-job/v1';
  readonly resource: string;
  /** Why a person asked; absent for the one after deployment. */
  readonly reason?: string;
  readonly requestedAt: string;
  readonly asked: Asked;
  /** Absent until S3 has answered. */
  readonly job?: string;
  /** As S3 says it. */
  readonly status?: string;
  readonly objects?: { readonly total: number; readonly replicated: number; readonly failed: number };
  /** In S3's words. */
  readonly why?: string;
  readonly endedAt?: string;
  /** People have been told how it ended. */
  readonly told?: boolean;
}

/** From these a job does not go on. `Gone` is ours: S3 keeps jobs for 90 days after they ended, and this one was not looked at. */
const ENDED = ['Complete', 'Failed', 'Cancelled', 'Gone'];

export function hasEnded({ status = '' }: Pick<JobRecord, 'status'>): boolean {
  return ENDED.includes(status);
}

/** S3 says of a job that found nothing to replicate that it failed. */
export function foundNothing({ status, why = '' }: JobRecord): boolean {
  return status === 'Failed' && /ManifestGenerationFoundNoObjects|found no keys matching/i.test(why);
}

/**
 * A job is known by what it replicates: this bucket by this rule to that replica, and why a person asked once more. A definition
 * that says the same again, after another deployment, is the same job.
 */
export function newRecord(definition: ExistingObjectsDefinition, reason: string | undefined, at: string): JobRecord {
  const { resource, account, bucketArn, rule, replica, roleArn, reports } = definition;
  const token = createHash('sha256')
    .update(JSON.stringify([bucketArn, rule, replica, reason ?? null]))
    .digest('hex')
    .slice(0, 32);
  return {
    schema: 'cdk-recoverable/existing-job/v1',
    resource,
    ...(reason !== undefined && { reason }),
    requestedAt: at,
    asked: {
      token,
      account,
      description: `Objects of ${resource} older than rule ${rule}`,
      bucketArn,
      roleArn,
      reports,
      ...(reason === undefined && { createdBefore: at }),
    },
  };
}
