import 'aws-cdk-lib/testhelpers/jest-autoclean';
import { setTimeout as pause } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ExistingObjectsDefinition } from '../../../lib/private/contract/existing';
import { scheduleName } from '../../../lambda/replication/existing/definition';
import { Store } from '../../../lambda/shared/store';
import { RehearsedScheduler, RehearsedSns, type Principal, type Statement } from '../../../rehearsal/aws';
import { accountEndpoint, resolveAccountNames } from '../../../rehearsal/functions/account-names';
import { deployed, openRegions, rolesOf, SOURCE, type Regions } from '../../rehearsal/aws/s3/replicated';
import { clientOf, place, rejection } from '../../rehearsal/aws/support';

/* Objects older than the rule: one job, whoever dies between, with the synthesized roles of the function and of its jobs. */

resolveAccountNames();

type Handler = (typeof import('../../../lambda/replication/existing/handler'))['handler'];

const { home } = deployed();
const { name: functionName, properties } = home.one('AWS::Lambda::Function', 'Existing');
const environment = (properties.Environment as { Variables: Record<string, string> }).Variables;
const schedule = home.one('AWS::Scheduler::Schedule', 'ExistingObjects').properties as {
  Name: string;
  GroupName: string;
  Target: { Arn: string; RoleArn: string; Input: string };
};
const definition = JSON.parse(schedule.Target.Input) as ExistingObjectsDefinition;

interface Opened {
  readonly regions: Regions;
  readonly sns: RehearsedSns;
  readonly state: Store;
  readonly handler: Handler;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  jest.restoreAllMocks();
});

async function open(keeps: (statement: Statement) => boolean = () => true): Promise<Opened> {
  const sns = new RehearsedSns({
    ...place,
    topics: home.all('AWS::SNS::Topic').map(({ arn }) => ({ arn })),
  });
  const { Name: name, GroupName: group, Target } = schedule;
  const target = { arn: Target.Arn, roleArn: Target.RoleArn, input: Target.Input };
  const scheduler = new RehearsedScheduler({
    ...place,
    schedules: [{ name, group, expression: 'rate(15 minutes)', target }],
  });
  const caller: Principal = rolesOf(home, keeps).get(properties.Role as string)!.principal;
  const regions = await openRegions({
    callers: { AKIAEXISTING: caller },
    services: [sns.service(), scheduler.service()],
    ruleLater: true,
  });
  regions.near.s3.replicate(SOURCE, regions.configuration);
  const before = process.env;
  process.env = {
    ...before,
    ...environment,
    AWS_ENDPOINT_URL: regions.aws.url,
    AWS_ENDPOINT_URL_S3_CONTROL: accountEndpoint(regions.aws.url),
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: 'AKIAEXISTING',
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_MAX_ATTEMPTS: '1',
    SETTLE_SECONDS: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  jest.resetModules();
  const { handler } = await import('../../../lambda/replication/existing/handler');
  const client = new S3Client(clientOf(regions.aws));
  closers.push(async () => {
    process.env = before;
    client.destroy();
    await regions.close();
    expect(regions.aws.problems).toEqual([]);
  });
  return { regions, sns, state: new Store(environment.STATE_BUCKET, client), handler };
}

const put = ({ regions }: Opened, ...names: string[]) =>
  Promise.all(names.map((Key) => regions.client().send(new PutObjectCommand({ Bucket: SOURCE, Key, Body: Key }))));

/** Objects that were there before the rule. */
async function older(opened: Opened, ...names: string[]): Promise<void> {
  const { near, configuration } = opened.regions;
  const Rules = configuration.Rules.map((rule) => ({ ...rule, Status: 'Disabled' as const }));
  near.s3.replicate(SOURCE, { ...configuration, Rules });
  await put(opened, ...names);
  near.s3.replicate(SOURCE, configuration);
}

/** What the schedule does, again and again. */
async function runs(opened: Opened, count = 1) {
  let outcome = await opened.handler(definition);
  for (let run = 1; run < count; run++) {
    await pause(1100);
    opened.regions.pass(60);
    outcome = await opened.handler(definition);
  }
  return outcome.jobs;
}

const told = ({ sns }: Opened) => sns.published.map(({ subject }) => subject);

test('is found by the schedule that lib makes', () => {
  expect(schedule.Name).toBe(scheduleName('Gold/Uploads'));
  expect(functionName).toBe(`${environment.PREFIX}existing`);
});

test('waits until roles are known, replicates once what is older, tells once, and never begins again', async () => {
  const opened = await open();
  await older(opened, 'a', 'with space', 'with\nline', 'ünï/%25/..');
  expect(await runs(opened)).toEqual([{ job: undefined }]);
  await pause(1100);
  const [{ job, status }] = (await opened.handler(definition)).jobs;
  expect(status).toBe('Preparing');
  opened.regions.pass(60);
  const done = { job, status: 'Complete', objects: { total: 4, replicated: 4, failed: 0 } };
  expect(await runs(opened)).toEqual([done]);
  const replicas = opened.regions.far.s3.keys(opened.regions.replica);
  expect([...replicas].sort()).toEqual(['a', 'with space', 'with\nline', 'ünï/%25/..'].sort());
  await older(opened, 'later');
  expect(await runs(opened, 3)).toEqual([done]);
  // The plan of the tests has nobody who only reads.
  expect(told(opened)).toEqual(['[digest] Gold/Uploads: older objects are replicated']);
  expect(await opened.state.list('replication/jobs/')).toHaveLength(1);
});

test('what was replicated to another replica before is replicated to this one', async () => {
  const opened = await open();
  await older(opened, 'elsewhere', 'from elsewhere');
  for (const [key, replication] of [
    ['elsewhere', 'COMPLETED'],
    ['from elsewhere', 'REPLICA'],
  ] as const) {
    for (const version of opened.regions.near.s3.versions(SOURCE, key)) Object.assign(version, { replication });
  }
  const [{ objects }] = await runs(opened, 4);
  expect(objects).toEqual({ total: 2, replicated: 2, failed: 0 });
  expect([...opened.regions.far.s3.keys(opened.regions.replica)].sort()).toEqual(['elsewhere', 'from elsewhere']);
});

test('a bucket with nothing older is no news', async () => {
  const opened = await open();
  const [{ status }] = await runs(opened, 4);
  expect(status).toBe('Failed');
  expect(told(opened)).toEqual([]);
});

test('objects that could not be replicated are told once, with where the report is', async () => {
  const opened = await open();
  await older(opened, 'a', 'b');
  opened.regions.faults.replication = { fails: 'b' };
  const [{ job, objects }] = await runs(opened, 4);
  expect(objects).toEqual({ total: 2, replicated: 1, failed: 1 });
  expect(told(opened)).toEqual(['[ticket] Gold/Uploads: older objects are not all replicated']);
  const [{ message }] = opened.sns.published;
  expect(message).toContain(`s3://${environment.STATE_BUCKET}/replication/reports/Gold/Uploads/job-${job}/`);
  expect(await opened.state.list(`replication/reports/Gold/Uploads/job-${job}/`)).not.toEqual([]);
});

test('a function that dies after S3 took the job is followed by the same job', async () => {
  const opened = await open();
  await older(opened, 'a');
  await runs(opened);
  await pause(1100);
  const put = jest.spyOn(Store.prototype, 'put');
  const { Store: loaded } = await import('../../../lambda/shared/store');
  jest.spyOn(loaded.prototype, 'put').mockImplementation(async (_, value) => {
    if ((value as { job?: string }).job !== undefined) throw new Error('died');
    return false;
  });
  await expect(opened.handler(definition)).rejects.toThrow('died');
  jest.restoreAllMocks();
  put.mockRestore();
  const [{ job }] = (await opened.handler(definition)).jobs;
  opened.regions.pass(60);
  expect(await runs(opened)).toMatchObject([{ job, status: 'Complete' }]);
});

test('two runs at once ask for one job', async () => {
  const opened = await open();
  await older(opened, 'a');
  await runs(opened);
  await pause(1100);
  const both = await Promise.all([opened.handler(definition), opened.handler(definition)]);
  const jobs = both.flatMap((outcome) => outcome.jobs.map(({ job }) => job));
  expect(new Set(jobs).size).toBe(1);
});

test('a person asks again with a reason: the same reason is the same job, and not while another runs', async () => {
  const opened = await open();
  await older(opened, 'a');
  await runs(opened, 4);
  await older(opened, 'b');
  const again = { resource: 'Gold/Uploads', reason: 'b was put by hand' };
  const [first] = (await opened.handler(again)).jobs;
  expect((await opened.handler(again)).jobs).toEqual([first]);
  const other = { ...again, reason: 'another' };
  expect(await rejection(opened.handler(other))).toMatchObject({ name: 'StillRunning' });
  opened.regions.pass(60);
  expect(await runs(opened)).toEqual(
    expect.arrayContaining([{ job: first.job, status: 'Complete', objects: { total: 1, replicated: 1, failed: 0 } }]),
  );
  expect((await opened.handler(other)).jobs[0].job).not.toBe(first.job);
});

test.each([
  ['nothing', undefined],
  ['no reason', { resource: 'Gold/Uploads' }],
  ['an empty one', { resource: 'Gold/Uploads', reason: ' ' }],
  ['a way out of its keys', { resource: '../../x', reason: 'y' }],
])('refuses %s in one sentence', async (_, input) => {
  const { handler } = await open();
  expect(await rejection(handler(input as never))).toMatchObject({ name: 'InvalidInput' });
});

test('refuses a bucket that nobody protects', async () => {
  const { handler } = await open();
  const error = await rejection(handler({ resource: 'Gold/Other', reason: 'why not' }));
  expect(error).toMatchObject({ name: 'UnknownResource', message: expect.stringContaining('Gold/Other') });
});

test('a right that is missing for hours is told, and the job is asked for as soon as it is back', async () => {
  const opened = await open((statement) => (statement as { Sid?: string }).Sid !== 'CreateJobs');
  await runs(opened);
  await pause(1100);
  expect(await rejection(opened.handler(definition))).toMatchObject({ name: 'AccessDenied' });
  expect(told(opened)).toEqual([]);
  const [key] = await opened.state.list('replication/jobs/');
  const held = (await opened.state.get<object>(key))!.value;
  await opened.state.put(key, { ...held, requestedAt: new Date(Date.now() - 4 * 3_600_000).toISOString() });
  for (let run = 0; run < 2; run++) await rejection(opened.handler(definition));
  expect(told(opened)).toEqual(['[ticket] Gold/Uploads: older objects wait for replication']);
});
