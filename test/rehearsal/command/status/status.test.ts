import schema from '../../../../assets/schemas/status-v1.schema.json';
import type { SourceReport } from '../../../../lib/private/contract/monitoring';
import type { StatusReport } from '../../../../rehearsal/command/status/report';
import { status, type StatusOptions } from '../../../../rehearsal/command/status/run';
import { now } from '../../../../lambda/shared/clock';
import { expectToFit } from '../schema';
import { Playground } from '../support';
import { openMonitored, PREFIX, type Shard } from './account';
import { before, definition, FINDING, report, resource, worst } from './samples';

jest.setTimeout(60_000);

const environment = process.env;
let close = async () => {};
let aws: Awaited<ReturnType<typeof openMonitored>>;
afterEach(async () => {
  process.env = environment;
  jest.restoreAllMocks();
  await close();
});

async function open(shards: readonly Shard[], sites?: readonly string[], more: object = {}) {
  aws = await openMonitored(shards, sites);
  close = aws.close;
  process.env = { ...environment, ...aws.environment, ...more };
}

/** What the command prints, and how it ends. */
async function run(options: StatusOptions = {}) {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  const error = jest.spyOn(console, 'error').mockImplementation(() => {});
  const ended = await status(options);
  const [stdout, stderr] = [log, error].map((spy) => spy.mock.calls.map(([text]) => String(text)).join('\n'));
  jest.restoreAllMocks();
  return { status: ended, stdout, stderr };
}

const at = now();
const fresh = () => {
  const names = ['gold/orders', 'gold/ledger'];
  const resources = names.map((name) => resource(name, {}, at));
  return { definition: definition(names), report: report(resources, { at: before(60, at) }) };
};

test('all fresh ends with 0, under the rights of the example and no other', async () => {
  await open([fresh()]);
  const { status: ended, stdout } = await run();
  expect(ended).toBe(0);
  expect(stdout).toMatch(/^✔ Site acme in eu-west-1: 2 resources, 2 fresh\nMeasured 1 min/);
  expect(stdout).toMatch(
    /│ gold\/orders +│ ✔ point in time: 4 min 10 s old, 15 min allowed +│ ✔ 3 d 12 h ago, every 7 d +│/,
  );
  expect(aws.aws.calls.filter(({ allowed }) => !allowed)).toEqual([]);
  // A site may have a thousand drills: their schedules are not read.
  expect(aws.aws.calls.filter(({ operation }) => operation === 'GetSchedule')).toHaveLength(1);
});

test('something stale ends with 1 and says which, since when and what to do; the JSON fits its schema', async () => {
  const shard = fresh();
  const stale = resource('gold/orders', { restorable: worst(1200, 900, 'point in time', at), findings: [FINDING] }, at);
  const fit = resource('gold/ledger', {}, at);
  await open([{ ...shard, report: report([fit, stale], { at, findings: [{ ...FINDING, severity: 'digest' }] }) }]);
  const { status: ended, stdout } = await run();
  expect(ended).toBe(1);
  expect(stdout).toMatch(/✖ stale since [\s\S]*point in time: 20 min old, 15 min allowed/);
  expect(stdout.indexOf('gold/orders')).toBeLessThan(stdout.indexOf('gold/ledger'));
  expect(stdout).toContain('✖ page  gold/orders: Automated backups of orders-prod are off.');
  expect(stdout).toContain('Next step: `aws rds modify-db-instance --db-instance-identifier orders-prod');
  const { status: same, stdout: json } = await run({ json: true });
  expect(same).toBe(1);
  const found = JSON.parse(json) as StatusReport;
  expectToFit('status-v1.schema.json', found);
  expect(found).toMatchObject({ state: 'stale', region: 'eu-west-1', sites: [{ site: 'acme', state: 'stale' }] });
});

test.each([
  ['no report', [{ definition: definition(['gold/orders']) }], /has not reported yet/],
  [
    'an old one',
    [{ ...fresh(), report: report([], { at: before(3600, at) }) }],
    /is silent: it runs every 5 min, and its/,
  ],
  ['a disabled schedule', [{ ...fresh(), disabled: true }], /schedule of its monitor is disabled/],
  ['what is no JSON', [{ ...fresh(), report: '{' }], /it is no JSON/],
  ['what is nothing', [{ ...fresh(), report: 'null' }], /it is written in no schema/],
  ['a newer schema', [{ ...fresh(), report: { schema: 'x/v2' } }], /it is written in "x\/v2", and this version reads/],
  [
    'a report without a schedule',
    [fresh(), { report: report([], { shard: 'lost' }) }],
    /nothing starts the monitor of shard lost/,
  ],
  ['no monitor at all', [], /no monitor is scheduled/],
] as const)('%s ends with 3 and says why', async (_, shards, why) => {
  await open(shards);
  const { status: ended, stdout } = await run();
  expect(ended).toBe(3);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(why);
  const json = JSON.parse((await run({ json: true })).stdout) as StatusReport;
  expect(json.state).toBe('unknown');
  expectToFit('status-v1.schema.json', json);
});

test('names and sentences from elsewhere move no terminal', async () => {
  const evil = 'gold/\u001b[2Jevil\u202e\r';
  const hostile = { ...resource(evil, { identifier: evil, status: evil }, at) };
  const findings = [{ ...FINDING, what: evil, means: evil, nextStep: evil }];
  const found = report([{ ...hostile, findings, restorable: worst(9000, 900, evil, at) }], {
    ...{ at, troubles: [evil], findings },
  });
  await open([{ definition: definition([evil]), report: found }]);
  const { status: ended, stdout } = await run();
  expect(ended).toBe(1);
  expect(stdout).not.toMatch(/[\u001b\u202e\r]/);
});

test('of several sites one can be named', async () => {
  await open([fresh()], [PREFIX, 'rcv-other-00000000-']);
  expect((await run({ site: 'acme' })).stdout).not.toContain('other');
  const { status: ended, stderr } = await run({ site: 'none' });
  expect(ended).toBe(2);
  expect(stderr).toContain('there is no recovery site "none" in eu-west-1 of this account; there is: acme, other');
});

test('who may see nothing cannot tell: 3', async () => {
  await open([fresh()], undefined, { AWS_ACCESS_KEY_ID: 'AKIANOBODY' });
  const { status: ended, stderr } = await run();
  expect(ended).toBe(3);
  expect(stderr).toMatch(/^recoverable: User: \S+ is not authorized to perform: scheduler:ListScheduleGroups/);
});

describe('as the command that ships', () => {
  let playground: Playground;
  beforeEach(() => (playground = new Playground()));
  afterEach(() => playground.remove());

  test('it prints the JSON alone and ends with what it saw', async () => {
    await open([fresh()]);
    const { status: ended, stdout, stderr } = await playground.run(['status', '--json'], aws.environment);
    expect({ ended, stderr }).toEqual({ ended: 0, stderr: '' });
    expectToFit('status-v1.schema.json', JSON.parse(stdout));
  });

  test('a thousand resources are printed whole', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `gold/database-${index}`);
    const resources = names.map((name) => resource(name, {}, at));
    await open([{ definition: definition(names), report: report(resources, { at: now() }) }]);
    const { status: ended, stdout } = await playground.run(['status', '--json'], aws.environment);
    expect(ended).toBe(0);
    expect((JSON.parse(stdout) as StatusReport).sites[0].resources).toHaveLength(1000);
    expect((await playground.run(['status'], aws.environment)).stdout).toContain('│ gold/database-999 ');
  });

  test.each([
    ['credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, /no AWS credentials: /],
    ['a Region', { AWS_REGION: '' }, /no AWS Region is set: give --region, or set AWS_REGION/],
  ])('without %s it says so in one line, with 2', async (_, more, why) => {
    await open([fresh()]);
    const { status: ended, stdout, stderr } = await playground.run(['status'], { ...aws.environment, ...more });
    expect({ ended, stdout }).toEqual({ ended: 2, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

test('the schema knows every kind of source', () => {
  const kinds: Record<SourceReport['kind'], true> = {
    'point-in-time': true,
    snapshot: true,
    'recovery-point': true,
    copy: true,
    replicated: true,
    versions: true,
    replica: true,
    continuous: true,
  };
  expect(schema.definitions.source.properties.kind.enum).toEqual(Object.keys(kinds));
});
