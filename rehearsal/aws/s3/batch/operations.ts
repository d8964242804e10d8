import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-s3-control';
import { modelled, type AwsError } from '../../protocol/types';
import { notRehearsed, operation, type Check, type Operation } from '../../service';
import type { S3Account } from '../account';
import { describeJob, jobArn, listedJob, type BatchJob } from './job';
import { generatorOf, nameOf, run } from './run';

/** How long a job is prepared before it runs, milliseconds. */
const PREPARING = 200;

/** Batch jobs of a Region: S3 Control's part of S3. */
export class BatchJobs {
  private readonly all: BatchJob[] = [];

  constructor(private readonly account: S3Account) {}

  operations(): Operation[] {
    return [this.createJob(), this.describeJob(), this.listJobs()];
  }

  /** Runs what is prepared by now. */
  settle(): void {
    const now = this.account.clock().getTime();
    for (const job of this.all) {
      const due = job.createdAt.getTime() + (this.account.options.jobDelay ?? PREPARING);
      if (job.status === 'Preparing' && due <= now) run(this.account, job);
    }
  }

  private createJob(): Operation {
    return operation<sdk.CreateJobCommandInput, sdk.CreateJobCommandOutput | object>(
      sdk.CreateJob$,
      [
        'AccountId',
        'ConfirmationRequired',
        'Operation',
        'Report',
        'ClientRequestToken',
        'ManifestGenerator',
        'Description',
        'Priority',
        'RoleArn',
      ],
      ({ RoleArn = '', Priority }) => [
        this.check('s3:CreateJob', '*', {
          's3:RequestJobOperation': 'S3ReplicateObject',
          's3:RequestJobPriority': String(Priority),
        }),
        {
          action: 'iam:PassRole',
          resource: RoleArn,
          context: { 'iam:PassedToService': 'batchoperations.s3.amazonaws.com' },
        },
      ],
      (input) => {
        const known = this.all.find((job) => job.input.ClientRequestToken === input.ClientRequestToken);
        if (known) {
          if (sameRequest(known.input, input)) return { JobId: known.id };
          const message = 'The request token was used before with other parameters.';
          throw modelled(sdk.IdempotencyException$, message);
        }
        this.requireSound(input);
        const counts = { total: 0, succeeded: 0, failed: 0 };
        const job: BatchJob = {
          id: randomUUID(),
          input,
          createdAt: this.account.clock(),
          status: 'Preparing',
          ...counts,
        };
        this.all.push(job);
        return { JobId: job.id };
      },
    );
  }

  private describeJob(): Operation {
    return operation<sdk.DescribeJobCommandInput, sdk.DescribeJobCommandOutput | object>(
      sdk.DescribeJob$,
      ['AccountId', 'JobId'],
      ({ JobId = '' }) => [this.check('s3:DescribeJob', jobArn(this.account.place, JobId))],
      ({ JobId }) => {
        const job = this.all.find(({ id }) => id === JobId);
        if (!job) throw modelled(sdk.NotFoundException$, `There is no job ${JobId}.`);
        return { Job: describeJob(this.account.place, job) };
      },
    );
  }

  /** The newest first. */
  private listJobs(): Operation {
    return operation<sdk.ListJobsCommandInput, sdk.ListJobsCommandOutput | object>(
      sdk.ListJobs$,
      ['AccountId', 'JobStatuses', 'MaxResults', 'NextToken'],
      () => [this.check('s3:ListJobs', '*')],
      ({ JobStatuses, MaxResults = 1000, NextToken }) => {
        const start = NextToken === undefined ? 0 : Number(/^at-(\d+)$/.exec(NextToken)?.[1]);
        if (Number.isNaN(start)) throw invalid(`NextToken is not one of ours: ${NextToken}`);
        if (!(MaxResults >= 1 && MaxResults <= 1000)) throw invalid(`MaxResults must be 1 to 1000, got ${MaxResults}`);
        const found = this.all.filter(({ status }) => !JobStatuses?.length || JobStatuses.includes(status)).reverse();
        const end = start + MaxResults;
        return {
          Jobs: found.slice(start, end).map(listedJob),
          ...(end < found.length && { NextToken: `at-${end}` }),
        };
      },
    );
  }

  private requireSound(input: sdk.CreateJobCommandInput): void {
    const { Operation, Report, ManifestGenerator, ConfirmationRequired } = input;
    if (input.AccountId !== this.account.place.account) throw invalid(`${input.AccountId} is not the account`);
    if (!Operation?.S3ReplicateObject) throw notRehearsed('of batch operations S3ReplicateObject alone is rehearsed');
    if (ConfirmationRequired !== false) throw notRehearsed('a job that waits for somebody to confirm is not rehearsed');
    if (!ManifestGenerator?.S3JobManifestGenerator) throw notRehearsed('a manifest of one’s own is not rehearsed');
    if (Report?.Enabled && !(Report.Bucket && Report.Format && Report.ReportScope)) {
      throw invalid('A report needs Bucket, Format and ReportScope');
    }
    const { SourceBucket, Filter = {}, EnableManifestOutput, ExpectedBucketOwner } = generatorOf(input);
    for (const owner of [ExpectedBucketOwner, Report?.ExpectedBucketOwner]) {
      if (owner !== undefined && owner !== input.AccountId) throw invalid(`${owner} does not own the bucket`);
    }
    if (EnableManifestOutput) throw notRehearsed('a manifest that is kept is not rehearsed');
    const known = ['EligibleForReplication', 'ObjectReplicationStatuses', 'CreatedAfter', 'CreatedBefore'];
    const unknown = Object.keys(Filter).find((name) => !known.includes(name));
    if (unknown) throw notRehearsed(`a manifest filtered by ${unknown} is not rehearsed`);
    const bucket = nameOf(SourceBucket);
    if (!this.account.names.includes(bucket)) throw invalid(`The bucket ${bucket} is not in this Region`);
    if (!this.account.replication.configurationOf(bucket)) throw invalid(`The bucket ${bucket} is not replicated`);
  }

  private check(action: string, resource: string, context: Record<string, string> = {}): Check {
    return { action, resource, context };
  }
}

function sameRequest(one: sdk.CreateJobCommandInput, other: sdk.CreateJobCommandInput): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function invalid(message: string): AwsError {
  return modelled(sdk.BadRequestException$, message);
}
