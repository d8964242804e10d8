import type * as sdk from '@aws-sdk/client-s3-control';
import type { Place } from '../../service';

/** A batch job as S3 keeps it. */
export interface BatchJob {
  readonly id: string;
  readonly input: sdk.CreateJobCommandInput;
  readonly createdAt: Date;
  status: sdk.JobStatus;
  total: number;
  succeeded: number;
  failed: number;
  endedAt?: Date;
  failure?: sdk.JobFailure;
}

export function jobArn({ region, account }: Place, id: string): string {
  return `arn:aws:s3:${region}:${account}:job/${id}`;
}

function progressOf({ total, succeeded, failed, createdAt, endedAt }: BatchJob): sdk.JobProgressSummary {
  const seconds = endedAt ? Math.round((endedAt.getTime() - createdAt.getTime()) / 1000) : 0;
  return {
    TotalNumberOfTasks: total,
    NumberOfTasksSucceeded: succeeded,
    NumberOfTasksFailed: failed,
    Timers: { ElapsedTimeInActiveSeconds: seconds },
  };
}

/** As DescribeJob shows it. */
export function describeJob(place: Place, job: BatchJob): sdk.JobDescriptor {
  const { id, input, status, createdAt, endedAt, failure } = job;
  return {
    JobId: id,
    JobArn: jobArn(place, id),
    ConfirmationRequired: false,
    ...(input.Description !== undefined && { Description: input.Description }),
    Status: status,
    Operation: input.Operation,
    Priority: input.Priority,
    ProgressSummary: progressOf(job),
    ...(failure && { FailureReasons: [failure] }),
    Report: input.Report,
    CreationTime: createdAt,
    ...(endedAt && { TerminationDate: endedAt }),
    RoleArn: input.RoleArn,
    ManifestGenerator: input.ManifestGenerator,
  };
}

/** As ListJobs shows it. */
export function listedJob(job: BatchJob): sdk.JobListDescriptor {
  const { id, input, status, createdAt, endedAt } = job;
  return {
    JobId: id,
    ...(input.Description !== undefined && { Description: input.Description }),
    Operation: 'S3ReplicateObject',
    Priority: input.Priority,
    Status: status,
    CreationTime: createdAt,
    ...(endedAt && { TerminationDate: endedAt }),
    ProgressSummary: progressOf(job),
  };
}
