import {
  CreateJobCommand,
  DescribeJobCommand,
  type JobDescriptor,
  type S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { nameOf } from '../../shared/named-error';
import type { Asked, JobRecord } from './record';

/** S3 works on jobs of a higher one first; nothing here is in a hurry. */
const PRIORITY = 1;

/** Reasons that a message holds. */
const WHY = 500;

/** What was replicated to somewhere else, or came from there, S3 does not replicate again by itself. */
const WHATEVER = ['NONE', 'FAILED', 'COMPLETED', 'REPLICA'] as const;

/**
 * Has S3 list what the rule would replicate and has not, or failed to, and replicate that; of what is older than the rule all.
 * Repeated with the same token it answers with the same job.
 */
export async function createJob(s3: S3ControlClient, asked: Asked): Promise<string> {
  const { account, token, description, bucketArn, roleArn, reports, createdBefore } = asked;
  const answer = await s3.send(
    new CreateJobCommand({
      AccountId: account,
      ClientRequestToken: token,
      ConfirmationRequired: false,
      Description: description,
      Operation: { S3ReplicateObject: {} },
      Priority: PRIORITY,
      RoleArn: roleArn,
      ManifestGenerator: {
        S3JobManifestGenerator: {
          ExpectedBucketOwner: account,
          SourceBucket: bucketArn,
          EnableManifestOutput: false,
          Filter: {
            EligibleForReplication: true,
            ...(createdBefore === undefined
              ? { ObjectReplicationStatuses: ['NONE', 'FAILED'] }
              : { ObjectReplicationStatuses: [...WHATEVER], CreatedBefore: new Date(createdBefore) }),
          },
        },
      },
      Report: {
        Enabled: true,
        Bucket: reports.bucketArn,
        ExpectedBucketOwner: account,
        Prefix: reports.prefix,
        Format: 'Report_CSV_20180820',
        ReportScope: 'FailedTasksOnly',
      },
    }),
  );
  return answer.JobId!;
}

/** How far a job is. */
export async function describeJob(
  s3: S3ControlClient,
  { account }: Asked,
  job: string,
): Promise<Pick<JobRecord, 'status' | 'objects' | 'why' | 'endedAt'>> {
  const Job = await find(s3, account, job);
  if (!Job) return { status: 'Gone', why: 'S3 knows the job no more' };
  const { Status: status, ProgressSummary: progress, TerminationDate: ended, StatusUpdateReason: reason } = Job;
  const failures = (Job.FailureReasons ?? []).map(({ FailureCode, FailureReason }) =>
    [FailureCode, FailureReason].filter(Boolean).join(': '),
  );
  const why = [...failures, ...(reason ? [reason] : [])].join('; ').slice(0, WHY);
  return {
    status,
    ...(progress && {
      objects: {
        total: progress.TotalNumberOfTasks ?? 0,
        replicated: progress.NumberOfTasksSucceeded ?? 0,
        failed: progress.NumberOfTasksFailed ?? 0,
      },
    }),
    ...(why && { why }),
    ...(ended && { endedAt: ended.toISOString() }),
  };
}

async function find(s3: S3ControlClient, AccountId: string, JobId: string): Promise<JobDescriptor | undefined> {
  try {
    return (await s3.send(new DescribeJobCommand({ AccountId, JobId }))).Job;
  } catch (error) {
    if (nameOf(error) === 'NotFoundException') return undefined;
    throw error;
  }
}
