import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Aws } from '../../../../rehearsal/command/doctor/aws';
import { examine } from '../../../../rehearsal/command/doctor/examine';
import { Look, type Planned } from '../../../../rehearsal/command/doctor/look';
import { plannedFor } from '../../../../rehearsal/command/doctor/planned';
import { QUESTIONS } from '../../../../rehearsal/command/doctor/questions';
import { backupOptIn } from '../../../../rehearsal/command/doctor/questions/backup-opt-in';
import type { Answer, DoctorReport } from '../../../../rehearsal/command/doctor/report';
import { doctor, type DoctorOptions } from '../../../../rehearsal/command/doctor/run';
import { account, keyArn, policy, region } from '../../aws/support';
import { expectToFit } from '../schema';
import { Playground } from '../support';
import { examplePolicy, openExamined, PAGER, PREFIX, type Ills } from './account';

jest.setTimeout(60_000);

const EXAMPLE = path.resolve(__dirname, '../../../../assets/example');
const environment = process.env;
let examined: Awaited<ReturnType<typeof openExamined>>;
let close = async () => {};
afterEach(async () => {
  process.env = environment;
  jest.restoreAllMocks();
  await close();
  close = async () => {};
});

async function open(ills: Ills = {}, more: object = {}) {
  examined = await openExamined(ills);
  close = examined.close;
  process.env = { ...environment, ...examined.environment, ...more };
}

async function run(options: DoctorOptions = {}) {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  const error = jest.spyOn(console, 'error').mockImplementation(() => {});
  const ended = await doctor(options);
  const [stdout, stderr] = [log, error].map((spy) => spy.mock.calls.map(([text]) => String(text)).join('\n'));
  jest.restoreAllMocks();
  return { status: ended, stdout, stderr };
}

/** The JSON, which fits its schema. */
async function report(options: DoctorOptions = {}): Promise<DoctorReport & { readonly status: number }> {
  const { status, stdout } = await run({ ...options, json: true });
  const found = JSON.parse(stdout) as DoctorReport;
  expectToFit('doctor-v1.schema.json', found);
  return { ...found, status };
}

const answersTo = ({ questions }: DoctorReport, id: string): readonly Answer[] =>
  questions.find((one) => one.id === id)!.answers;

test('in an account where all is well nothing is refuted, under the rights of the example to the letter', async () => {
  await open({ backedUp: true, replicatedLag: 240 });
  const found = await report();
  expect(found).toMatchObject({ status: 0, state: 'confirmed', account, region, sites: ['acme'] });
  const open_ = found.questions.filter(({ answers }) => answers.some(({ answer }) => answer !== 'confirmed'));
  expect(open_.map(({ id }) => id)).toEqual(['restore-jobs']);
  const { calls } = examined.aws;
  expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
  // It reads, and the example holds no right that it does not take.
  const taken = new Set(calls.flatMap(({ authorizations }) => authorizations.map(({ action }) => action)));
  const given = (examplePolicy().Statement as readonly { Action: string | string[] }[]).flatMap(({ Action }) => Action);
  // No cluster is protected here.
  expect([...taken, 'rds:DescribeDBClusters'].sort()).toEqual(given.sort());
  expect([...taken].filter((action) => !/:(Describe|Get|List)/.test(action))).toEqual([]);
});

const ILLS: [string, Ills, Partial<Answer>][] = [
  [
    'key-states',
    { key: { state: 'PendingDeletion' } },
    { about: keyArn, found: 'It is PendingDeletion.', nextStep: expect.stringContaining('cancel-key-deletion') },
  ],
  ['key-states', { key: { state: 'Disabled' } }, { nextStep: `\`aws kms enable-key --key-id ${keyArn}\`` }],
  [
    'key-delegation',
    {
      key: {
        policy: {
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:role/admin` },
            Action: 'kms:*',
            Resource: '*',
          },
        },
      },
    },
    { about: keyArn, means: expect.stringContaining('KMSKeyNotAccessibleFault') },
  ],
  [
    'key-delegation',
    {
      key: {
        policy: {
          Statement: { Effect: 'Allow', Principal: { AWS: account }, Action: ['kms:Describe*'], Resource: '*' },
        },
      },
    },
    { about: keyArn },
  ],
  ['quotas', { quota: { instances: 1 } }, { about: 'DBInstances', found: '1 of 1 used, a drill takes 1.' }],
  ['backup-opt-in', { optIn: { RDS: false } }, { about: region, nextStep: expect.stringContaining('RDS=true') }],
  [
    'service-roles',
    { serviceRoles: new Map() },
    { about: 'AWSServiceRoleForRDS', nextStep: expect.stringContaining('rds.amazonaws.com') },
  ],
  ['topic-subscriptions', { subscriptions: [] }, { about: PAGER, found: 'It has none.' }],
  [
    'topic-subscriptions',
    { subscriptions: [{ protocol: 'email', endpoint: 'a@b', confirmed: false }] },
    { found: 'Not confirmed: email a@b.' },
  ],
  [
    'drill-subnets',
    { zones: [{ id: 's', zone: 'eu-west-1a' }] },
    { about: `${PREFIX}drill`, found: 'It is Complete, with eu-west-1a.' },
  ],
  ['schedules-enabled', { disabled: true }, { about: 'weekly', found: 'It is disabled.' }],
  [
    'function-states',
    {
      functions: ['monitor', 'notify', 'sweep', 'query'].map((name) => ({
        name: `${PREFIX}${name}`,
        ...(name === 'query' && { state: 'Failed' as const, reason: 'no address left' }),
      })),
    },
    { about: `${PREFIX}query`, found: 'It is Failed: no address left' },
  ],
  [
    'own-metrics',
    { metrics: { CdkRecoverable: [{ Site: 'acme', Resource: 'gold/orders', service: 'x' }] } },
    { found: expect.stringContaining('{Resource, Site, service}') },
  ],
  [
    'own-metrics',
    { metrics: { CdkRecoverable: [{ Site: 'acme', Resource: 'gold/other' }] } },
    { about: 'gold/orders' },
  ],
  [
    'scheduler-metrics',
    { metrics: { 'AWS/Scheduler': [{ ScheduleGroupName: `${PREFIX}drills` }] } },
    { about: `${PREFIX}drills`, found: expect.stringContaining('{ScheduleGroupName}') },
  ],
  ['lambda-metrics', { metrics: {} }, { about: `${PREFIX}monitor`, found: 'There are none in the last two weeks.' }],
  [
    'replicated-lag',
    { replicatedLag: 7200 },
    { about: 'orders-prod in eu-central-1', found: expect.stringMatching(/^They lag 2 h/) },
  ],
  ['backup-metrics', { metrics: { 'AWS/Backup': [{ ResourceType: 'RDS' }] } }, { about: 'rcv-acme-1a2b3c4d' }],
];
test.each(ILLS)('%s is refuted where it is not so, with what it means and what to do', async (id, ills, answer) => {
  await open(ills);
  const found = await report();
  expect(found).toMatchObject({ status: 1, state: 'refuted' });
  const refuted = answersTo(found, id).filter((one) => one.answer === 'refuted');
  expect(refuted).toContainEqual({
    ...refuted[0],
    ...answer,
    means: expect.stringMatching(/\w/),
    ...('means' in answer && { means: answer.means }),
  });
  const { stdout } = await run();
  expect(stdout).toContain(`(${id})`);
  expect(stdout).toContain('Next step: ');
});

test('a database that is not there is said to be so, by the name that the plan gives it', async () => {
  await open({ empty: true });
  const subjects = [{ name: 'gold/typo', kind: 'db-instance', identifier: 'order-prod' }] as const;
  const found = await examine(new Look(new Aws({ region }), [], { subjects, copiesTo: [], backsUp: [] }), QUESTIONS);
  expect(answersTo(found, 'databases-found')).toMatchObject([
    { answer: 'refuted', about: 'gold/typo', found: 'There is no instance order-prod.' },
  ]);
});

test('the query function may be Inactive', async () => {
  const functions = ['monitor', 'notify', 'sweep', 'query'].map((name) => ({
    name: `${PREFIX}${name}`,
    state: 'Inactive' as const,
  }));
  await open({ functions });
  expect(answersTo(await report(), 'function-states').map(({ answer }) => answer)).not.toContain('refuted');
});

test('what is denied is unknown and names the right, and keeps nothing else from being asked', async () => {
  await open({
    policy: {
      Statement: [
        ...(examplePolicy().Statement as object[]),
        { Effect: 'Deny', Action: ['kms:GetKeyPolicy', 'rds:DescribeAccountAttributes', 'iam:GetRole'], Resource: '*' },
      ] as never,
    },
  });
  const found = await report();
  expect(found.status).toBe(0);
  for (const [id, action] of [
    ['key-delegation', 'kms:GetKeyPolicy'],
    ['quotas', 'rds:DescribeAccountAttributes'],
    ['service-roles', 'iam:GetRole'],
  ]) {
    const [{ answer, found: said, nextStep }] = answersTo(found, id);
    expect({ answer, said }).toEqual({ answer: 'unknown', said: `Whoever asks may not: ${action} is denied.` });
    expect(nextStep).toContain(`Allow ${action}`);
  }
  expect(answersTo(found, 'key-states')).toEqual([{ answer: 'confirmed', about: keyArn, found: 'It is.' }]);
});

test('where nothing may be asked it ends with 3', async () => {
  await open({ policy: policy('scheduler:*', '*') });
  const found = await report({ app: undefined });
  const asked = found.questions.filter(({ answers }) => answers.some(({ answer }) => answer === 'confirmed'));
  // The schedules are all that it may read.
  expect(asked.map(({ id }) => id)).toEqual(['schedules-enabled']);
  await close();
  await open({ policy: policy('s3:*', '*') });
  const { status, stderr } = await run();
  expect({ status, stderr }).toEqual({ status: 3, stderr: 'recoverable: scheduler:ListScheduleGroups is denied' });
});

test('before a deployment it asks what the app will need', async () => {
  await open({ empty: true });
  const found = await report({ app: EXAMPLE });
  expect(found).toMatchObject({ status: 0, state: 'confirmed', sites: [], account });
  expect(answersTo(found, 'parameter-groups')).toMatchObject([
    { about: expect.stringMatching(/^default\.postgres\d+$/) },
  ]);
  expect(answersTo(found, 'service-roles')).toMatchObject([{ answer: 'confirmed', about: 'AWSServiceRoleForRDS' }]);
  expect(answersTo(found, 'schedules-enabled')).toMatchObject([
    { answer: 'unknown', found: 'There is nothing here to ask it of.' },
  ]);
});

test('an app that backs up with AWS Backup needs more, here and where copies go', async () => {
  await open({ empty: true, optIn: { RDS: false } });
  const named = { name: 'gold/old', kind: 'db-instance', engine: 'postgres' } as const;
  const subjects = [
    { ...named, identifier: 'orders-prod' },
    { ...named, engineVersion: '11.22' },
  ];
  const look = new Look(new Aws({ region }), [], { subjects, copiesTo: [region], backsUp: ['databases'] });
  const found = await examine(look, QUESTIONS);
  expect(answersTo(found, 'backup-opt-in')).toMatchObject([{ answer: 'refuted', about: region }]);
  expect(answersTo(found, 'service-roles')).toMatchObject([{ answer: 'confirmed' }, { answer: 'confirmed' }]);
  expect(answersTo(found, 'option-groups')).toMatchObject([
    { answer: 'refuted', about: 'default:postgres-11' },
    { answer: 'confirmed', about: 'default:postgres-18' },
  ]);
  // An instance that exists already is looked at before it is protected.
  expect(answersTo(found, 'key-delegation')).toMatchObject([{ answer: 'confirmed', about: keyArn }]);
});

test('buckets are asked for where they are, and nowhere else', async () => {
  await open({ empty: true, optIn: { RDS: true, S3: false } });
  const ask = async (backsUp: Planned['backsUp']) => {
    const subjects = [{ name: 'gold/old', kind: 'db-instance', engine: 'postgres' }] as const;
    const look = new Look(new Aws({ region }), [], { subjects, copiesTo: ['eu-central-1'], backsUp });
    return answersTo(await examine(look, [backupOptIn]), 'backup-opt-in');
  };
  expect(await ask([])).toMatchObject([{ found: 'There is nothing here to ask it of.' }]);
  expect(await ask(['buckets'])).toMatchObject([
    { answer: 'refuted', about: region, found: 'It is not, for S3.', nextStep: expect.stringContaining('S3=true') },
  ]);
  expect(await ask(['databases', 'buckets'])).toMatchObject([
    { answer: 'refuted', about: region, found: 'It is not, for S3.' },
    { answer: 'confirmed', about: 'eu-central-1', found: 'It is, for RDS.' },
  ]);
});

test('an app for another Region or account is a mistake in the call', () => {
  const stack = { name: 'App', account: '999999999999', region, folder: '', unread: [], resources: [], sites: [] };
  const stacks = [{ ...stack, templates: new Map(), logicalIds: new Map() }];
  expect(() => plannedFor(stacks, region, account)).toThrow(
    `the app deploys nothing to ${region} of ${account}, but to ${region} of 999999999999: check profile and Region`,
  );
  expect(() => plannedFor(stacks, 'us-east-1', '999999999999')).toThrow('the app deploys nothing to us-east-1');
  expect(plannedFor(stacks, region, undefined)).toEqual({ subjects: [], copiesTo: [], backsUp: [] });
});

test('neither a site nor an app is a mistake in the call, and so is an app for elsewhere', async () => {
  await open({ empty: true });
  const { status, stderr } = await run();
  expect(status).toBe(2);
  expect(stderr).toContain('before a deployment, give the app that will be deployed with --app cdk.out');
  expect((await run({ app: '/nowhere' })).stderr).toContain('is no cloud assembly');
});

test('names from elsewhere move no terminal', async () => {
  const evil = 'a\u001b[2Jb\u202e';
  await open({ subscriptions: [{ protocol: 'email', endpoint: evil, confirmed: false }] });
  expect((await run()).stdout).not.toMatch(/[\u001b\u202e]/);
});

test('every question is about a line of what only a real account can show, and the page names no other', () => {
  const page = readFileSync(path.resolve(__dirname, '../../../../docs/unproven.md'), 'utf8');
  const noted = [...page.matchAll(/`doctor: ([a-z-]+)`/g)].map(([, id]) => id);
  expect([...new Set(noted)].sort()).toEqual(QUESTIONS.map(({ id }) => id).sort());
});

describe('as the command that ships', () => {
  let playground: Playground;
  beforeEach(() => (playground = new Playground()));
  afterEach(() => playground.remove());

  test('it prints the JSON alone', async () => {
    await open();
    const { status, stdout, stderr } = await playground.run(['doctor', '--json'], examined.environment);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expectToFit('doctor-v1.schema.json', JSON.parse(stdout));
  });

  test.each([
    ['credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 2, /no AWS credentials: /],
    ['a Region', { AWS_REGION: '' }, 2, /no AWS Region is set/],
    ['credentials that AWS knows', { AWS_ACCESS_KEY_ID: 'AKIASTRANGER' }, 3, /security token/],
    ['a network', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 3, /ECONNREFUSED/],
  ])('without %s it says so in one line', async (_, more, expected, why) => {
    await open();
    const { status, stdout, stderr } = await playground.run(['doctor'], { ...examined.environment, ...more });
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
