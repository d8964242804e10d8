import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateJobCommand,
  DescribeJobCommand,
  ListJobsCommand,
  S3ControlClient,
  type CreateJobCommandInput,
  type JobManifestGeneratorFilter,
} from '@aws-sdk/client-s3-control';
import { accountEndpoint, resolveAccountNames } from '../../../../rehearsal/functions/account-names';
import type { PolicyDocument } from '../../../../rehearsal/aws';
import { account, clientOf, policy, rejection, role } from '../support';
import { openRegions, SOURCE, type Changes, type Regions } from './replicated';

/* Batch Replication: what is older than the rule, or failed, is replicated once somebody asks, with the rights of two roles. */

resolveAccountNames();

const BATCH = `arn:aws:iam::${account}:role/batch`;
const trust = (service: string): PolicyDocument => ({
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } },
});
const objects = `arn:aws:s3:::${SOURCE}/*`;
const bucket = `arn:aws:s3:::${SOURCE}`;
const RIGHTS = [
  policy(['s3:GetReplicationConfiguration', 's3:PutInventoryConfiguration'], bucket),
  policy('s3:InitiateReplication', objects),
  policy('s3:PutObject', `${bucket}/jobs/*`),
  policy('kms:GenerateDataKey', '*'),
];

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function open(rights = RIGHTS, service = 'batchoperations.s3.amazonaws.com', changes: Changes = {}) {
  const regions = await openRegions({
    ruleLater: true,
    roles: new Map([[BATCH, { principal: role('batch', ...rights), trust: trust(service) }]]),
    callers: { AKIAASKER: role('asker', policy('s3:CreateJob', '*'), policy('iam:PassRole', '*', PASSED_ELSEWHERE)) },
    ...changes,
  });
  const control = (accessKeyId = 'AKIAADMIN') =>
    new S3ControlClient({ ...clientOf(regions.aws, accessKeyId), endpoint: accountEndpoint(regions.aws.url) });
  opened.push(async () => {
    await regions.close();
    expect(regions.aws.problems).toEqual([]);
  });
  const job = async (
    more: Partial<CreateJobCommandInput> = {},
    Filter: JobManifestGeneratorFilter = FILTER,
    as?: string,
  ) => {
    const client = control(as);
    const ManifestGenerator = {
      S3JobManifestGenerator: { SourceBucket: bucket, EnableManifestOutput: false, Filter },
    };
    const answer = await client.send(
      new CreateJobCommand({
        AccountId: account,
        Operation: { S3ReplicateObject: {} },
        Report: { Enabled: false },
        ClientRequestToken: 'token',
        ConfirmationRequired: false,
        Priority: 1,
        RoleArn: BATCH,
        ManifestGenerator,
        ...more,
      }),
    );
    client.destroy();
    return answer.JobId!;
  };
  const describe = async (JobId: string) =>
    (await control().send(new DescribeJobCommand({ AccountId: account, JobId }))).Job!;
  return { regions, control, job, describe };
}

const PASSED_ELSEWHERE = { Condition: { StringEquals: { 'iam:PassedToService': 's3.amazonaws.com' } } };
const FILTER: JobManifestGeneratorFilter = {
  EligibleForReplication: true,
  ObjectReplicationStatuses: ['NONE', 'FAILED'],
};

const put = (regions: Regions, Key: string) =>
  regions.client().send(new PutObjectCommand({ Bucket: SOURCE, Key, Body: Key }));
const statusOf = async (regions: Regions, Key: string) =>
  (await regions.client().send(new HeadObjectCommand({ Bucket: SOURCE, Key }))).ReplicationStatus;

test('a job replicates what is older than the rule and what failed, and nothing twice', async () => {
  const { regions, job, describe } = await open();
  for (const key of ['old/1', 'old/2']) await put(regions, key);
  regions.near.s3.replicate(SOURCE, regions.configuration);
  regions.faults.replication = { fails: 'failed' };
  await put(regions, 'failed');
  await put(regions, 'fine');
  regions.pass(60);
  delete regions.faults.replication;
  expect(await statusOf(regions, 'failed')).toBe('FAILED');
  const id = await job();
  expect(await describe(id)).toMatchObject({ Status: 'Preparing', ProgressSummary: { TotalNumberOfTasks: 0 } });
  expect(await job()).toBe(id);
  regions.pass(1);
  expect(await describe(id)).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 3, NumberOfTasksFailed: 0 },
    RoleArn: BATCH,
  });
  expect(regions.far.s3.keys(regions.replica)).toEqual(['failed', 'fine', 'old/1', 'old/2']);
  const second = await job({ ClientRequestToken: 'another' });
  regions.pass(1);
  expect(await describe(second)).toMatchObject({
    Status: 'Failed',
    FailureReasons: [{ FailureReason: 'Manifest generation found no keys matching the filter criteria.' }],
  });
});

test('what cannot be replicated is counted and reported', async () => {
  const { regions, job, describe } = await open();
  for (const key of ['good', 'bad "1", ü']) await put(regions, key);
  regions.near.s3.replicate(SOURCE, regions.configuration);
  regions.faults.replication = { fails: 'bad' };
  const Report = { Enabled: true, Bucket: bucket, Prefix: 'jobs', ReportScope: 'FailedTasksOnly' } as const;
  const id = await job({ Report: { ...Report, Format: 'Report_CSV_20180820' } });
  regions.pass(1);
  expect(await describe(id)).toMatchObject({
    Status: 'Complete',
    ProgressSummary: { TotalNumberOfTasks: 2, NumberOfTasksSucceeded: 1, NumberOfTasksFailed: 1 },
  });
  const listed = await regions.client().send(new ListObjectsV2Command({ Bucket: SOURCE, Prefix: `jobs/job-${id}/` }));
  const read = async (Key: string) =>
    (await regions.client().send(new GetObjectCommand({ Bucket: SOURCE, Key }))).Body!.transformToString();
  const { Results } = JSON.parse(await read(`jobs/job-${id}/manifest.json`)) as { Results: { Key: string }[] };
  expect(listed.Contents!.map(({ Key }) => Key)).toEqual([`jobs/job-${id}/manifest.json`, Results[0].Key]);
  expect(await read(Results[0].Key)).toMatch(
    new RegExp(`^"${SOURCE}","bad%20%221%22%2C%20%C3%BC","\\w+","failed","InternalError"`),
  );
});

test('the role must be one of Batch Operations, and may do what it was given', async () => {
  const foreign = await open(RIGHTS, 's3.amazonaws.com');
  await put(foreign.regions, 'x');
  foreign.regions.near.s3.replicate(SOURCE, foreign.regions.configuration);
  const refused = await foreign.job();
  foreign.regions.pass(1);
  expect(await foreign.describe(refused)).toMatchObject({
    Status: 'Failed',
    FailureReasons: [{ FailureCode: 'AccessDenied' }],
  });
  const bare = await open(RIGHTS.slice(0, 1));
  await put(bare.regions, 'x');
  bare.regions.near.s3.replicate(SOURCE, bare.regions.configuration);
  const id = await bare.job();
  bare.regions.pass(1);
  expect(await bare.describe(id)).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 1 } });
  expect(await statusOf(bare.regions, 'x')).toBeUndefined();
});

test.each<[string, Partial<CreateJobCommandInput>, JobManifestGeneratorFilter, string | undefined, RegExp]>([
  ['of whom may not pass the role', {}, FILTER, 'AKIAASKER', /AccessDenied iam:PassRole|iam:PassRole/],
  ['of another account', { AccountId: '999999999999' }, FILTER, undefined, /not the account/],
  ['that tags', { Operation: { S3PutObjectTagging: {} } }, FILTER, undefined, /S3ReplicateObject alone/],
  ['that waits', { ConfirmationRequired: true }, FILTER, undefined, /not rehearsed/],
  ['by size', {}, { ObjectSizeLessThanBytes: 1 }, undefined, /ObjectSizeLessThanBytes is not rehearsed/],
])('a job %s is refused', async (_, more, filter, as, says) => {
  const { regions, job } = await open();
  regions.near.s3.replicate(SOURCE, regions.configuration);
  expect((await rejection(job(more, filter, as))).message).toMatch(says);
});

test('a bucket that is not replicated has no such jobs, and a token is of one request', async () => {
  const { regions, job } = await open();
  expect((await rejection(job())).message).toMatch(/is not replicated/);
  regions.near.s3.replicate(SOURCE, regions.configuration);
  await job();
  expect((await rejection(job({ Priority: 2 }))).name).toBe('IdempotencyException');
});

test('jobs are listed, the newest first, page by page and by what became of them', async () => {
  const { regions, job, control } = await open();
  regions.near.s3.replicate(SOURCE, regions.configuration);
  const ids = [await job(), await job({ ClientRequestToken: 'two' }), await job({ ClientRequestToken: 'three' })];
  const list = (more: object) => control().send(new ListJobsCommand({ AccountId: account, ...more }));
  const first = await list({ MaxResults: 2 });
  expect(first.Jobs!.map(({ JobId }) => JobId)).toEqual([ids[2], ids[1]]);
  expect((await list({ MaxResults: 2, NextToken: first.NextToken })).Jobs!.map(({ JobId }) => JobId)).toEqual([ids[0]]);
  expect((await list({ JobStatuses: ['Active'] })).Jobs ?? []).toEqual([]);
  regions.pass(1);
  expect((await list({ JobStatuses: ['Failed'] })).Jobs).toHaveLength(3);
});
