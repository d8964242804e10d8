import { keys } from '../../../lambda/shared/keys';
import type { MonitorDefinition, MonitorReport, ResourceReport } from '../../../lib/private/contract/monitoring';
import { METRICS } from '../../../lib/private/metrics';
import { createAuthorize, RehearsedBackup, RehearsedRds, RehearsedSns, type Principal } from '../../../rehearsal/aws';
import type { Deployed } from '../../../rehearsal/template/deployment';
import { FakeEngine } from '../../rehearsal/aws/fake-engine';
import { delays, registry } from '../../rehearsal/aws/rds-support';
import { deployed, openRegions, rolesOf, SOURCE, THERE, type Regions } from '../../rehearsal/aws/s3/replicated';
import { account, region } from '../../rehearsal/aws/support';
import type { ReplicationConfiguration } from '../../../rehearsal/aws/s3/replication/configuration';
import { published } from '../published';
import { at } from './messages/support';

/*
 * The monitor of the library's own templates over their bucket and its replica, under its own role, in two Regions over HTTP.
 */

const NAME = 'Gold/Uploads';
const { home } = deployed();

/** What its schedule hands to the monitor. */
const definition = (): MonitorDefinition => {
  const monitor = home.one('AWS::Lambda::Function', 'MonitorFunction');
  const targets = home.all('AWS::Scheduler::Schedule').map(({ properties }) => properties.Target as Target);
  return JSON.parse(targets.find(({ Arn }) => Arn === monitor.arn)!.Input) as MonitorDefinition;
};

interface Target {
  readonly Arn: string;
  readonly Input: string;
}

/** The role of the monitor, as it is deployed. */
function monitorRole(): Principal {
  const { properties } = home.one('AWS::Lambda::Function', 'MonitorFunction');
  return rolesOf(home, () => true).get(properties.Role as string)!.principal;
}

let regions: Regions;
let rds: RehearsedRds;
let sns: RehearsedSns;
let monitor: (input: MonitorDefinition) => Promise<void>;
const before = process.env;

beforeAll(async () => {
  at('2026-03-01T12:00:00Z');
  const place = { region, account };
  const authorize = createAuthorize({ region });
  rds = new RehearsedRds({ ...place, engine: new FakeEngine(), registry, delays });
  const topics = home.all('AWS::SNS::Topic').map(({ arn }: Deployed) => ({ arn }));
  sns = new RehearsedSns({ ...place, topics });
  const backup = new RehearsedBackup({ ...place, rds: rds.forBackup(), vaults: [], roles: new Map(), authorize });
  regions = await openRegions({
    callers: { AKIAMONITOR: monitorRole() },
    services: [rds, sns, backup].map((one) => one.service()),
  });
  const { properties } = home.one('AWS::Lambda::Function', 'MonitorFunction');
  process.env = {
    ...before,
    ...(properties.Environment as { Variables: Record<string, string> }).Variables,
    AWS_ENDPOINT_URL: regions.aws.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'AKIAMONITOR',
    AWS_SECRET_ACCESS_KEY: 'not checked here',
    AWS_MAX_ATTEMPTS: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
});
afterAll(async () => {
  jest.useRealTimers();
  process.env = before;
  await regions.close();
  await rds.close();
  expect(regions.aws.problems).toEqual([]);
});

/** Lets time pass for everybody. */
function pass(seconds: number): void {
  regions.pass(seconds);
  jest.setSystemTime(regions.time.now);
}

async function run(): Promise<{ error?: Error; ratio: unknown; resource: ResourceReport; report: MonitorReport }> {
  const { metrics, answer: error } = await published(() =>
    monitor(definition()).then(
      () => undefined,
      (thrown: Error) => thrown,
    ),
  );
  const bucket = home.one('AWS::S3::Bucket', 'StateBucket').name;
  const report = JSON.parse(regions.near.s3.read(bucket, keys.report('Gold'))!.toString()) as MonitorReport;
  const resource = report.resources.find(({ name }) => name === NAME)!;
  return { error, report, resource, ratio: metrics.find((one) => one.Resource === NAME)?.[METRICS.restorableAgeRatio] };
}

/** Settings are asked again in the next run. */
async function rewriteSettings(): Promise<void> {
  const bucket = home.one('AWS::S3::Bucket', 'StateBucket').name;
  const { settingsAt: _, ...report } = JSON.parse(regions.near.s3.read(bucket, keys.report('Gold'))!.toString());
  regions.near.s3.put(bucket, keys.report('Gold'), JSON.stringify(report));
}

const sourceOf = ({ sources }: ResourceReport, kind: string) => sources.find((one) => one.kind === kind)!;

test('a bucket to which nobody writes is as new as it can be, here and elsewhere', async () => {
  const { error, ratio, resource, report } = await run();
  expect({ error, troubles: report.troubles, findings: [report.findings, resource.findings] }).toEqual({
    error: undefined,
    troubles: [],
    findings: [[], []],
  });
  expect(ratio).toBe(0);
  expect(resource).toMatchObject({ kind: 'bucket', identifier: SOURCE, status: 'available', resourceId: SOURCE });
  expect(resource.sources.map(({ name, ageSeconds }) => [name, ageSeconds])).toEqual([
    ['versions', 0],
    [`replica in ${THERE}`, 0],
  ]);
});

test('what waits to be replicated makes the replica as old as it waits, and nothing older once it came', async () => {
  regions.near.s3.put(SOURCE, 'late', 'x');
  regions.faults.replication = { stopped: true };
  pass(1800);
  const waiting = await run();
  const { ageSeconds, allowedSeconds } = sourceOf(waiting.resource, 'replica');
  expect(ageSeconds).toBeGreaterThanOrEqual(1740);
  expect(ageSeconds).toBeLessThanOrEqual(1860);
  expect(waiting.ratio).toBeCloseTo(ageSeconds / allowedSeconds, 5);
  // The bucket itself has every version.
  expect(sourceOf(waiting.resource, 'versions').ageSeconds).toBe(0);
  delete regions.faults.replication;
  pass(600);
  expect((await run()).ratio).toBe(0);
  // S3 says nothing any more, where nothing is written.
  pass(5 * 3600);
  expect((await run()).ratio).toBe(0);
});

test('where S3 measures nothing, what it said last holds', async () => {
  const { report } = await run();
  const bucket = home.one('AWS::S3::Bucket', 'StateBucket').name;
  const behind = '2026-03-01T12:00:00.000Z';
  const resources = report.resources.map((resource) => ({
    ...resource,
    sources: resource.sources.map((one) => (one.kind === 'replica' ? { ...one, newest: behind } : one)),
  }));
  regions.near.s3.put(bucket, keys.report('Gold'), JSON.stringify({ ...report, resources }));
  const { resource, ratio } = await run();
  expect(sourceOf(resource, 'replica').newest).toBe(behind);
  expect(ratio).toBeGreaterThan(0);
});

describe('what keeps anything from being restored', () => {
  const rule = () => regions.configuration.Rules[0];
  const replicating = (Rules: ReplicationConfiguration['Rules']) =>
    regions.near.s3.replicate(SOURCE, { ...regions.configuration, Rules });
  const mend = () => {
    (regions.near.s3.account.find(SOURCE).bucket as { versioned?: boolean }).versioned = true;
    replicating([rule()]);
  };

  const stops: [string, () => void, string, RegExp][] = [
    [
      'its rule is gone',
      () => replicating([{ ...rule(), Id: 'other' }]),
      'replication-stopped',
      /^Bucket uploads-of-the-tests has no replication rule rcv-home-/,
    ],
    [
      'its rule is disabled',
      () => replicating([{ ...rule(), Status: 'Disabled' }]),
      'replication-stopped',
      /is disabled\.$/,
    ],
    [
      'its rule leads elsewhere',
      () => replicating([{ ...rule(), Destination: { ...rule().Destination, Bucket: 'arn:aws:s3:::elsewhere' } }]),
      'replication-stopped',
      /replicates to another bucket than /,
    ],
    [
      'its rule was saved again without metrics',
      () => {
        const { Metrics: _, ReplicationTime: __, ...Destination } = rule().Destination;
        replicating([{ ...rule(), Destination }]);
      },
      'replication-stopped',
      /has no metrics: nobody can tell whether .* has everything\.$/,
    ],
    [
      'it keeps no versions',
      () => ((regions.near.s3.account.find(SOURCE).bucket as { versioned?: boolean }).versioned = false),
      'versioning-off',
      /^The versioning of bucket uploads-of-the-tests is never on\.$/,
    ],
  ];

  test.each(stops)('%s: at once as bad as can be, and told', async (_, happen, id, says) => {
    happen();
    const said = sns.published.length;
    const { ratio, resource, error } = await run();
    expect({ error, ratio }).toEqual({ error: undefined, ratio: 100 });
    expect(resource.findings).toMatchObject([{ id, severity: 'page', cause: NAME, what: expect.stringMatching(says) }]);
    expect(resource.restorable).toMatchObject({ ratio: 100, cause: NAME });
    const told = sns.published.slice(said).map(({ message }) => message);
    expect(told).toEqual([expect.stringMatching(/Gold\/Uploads/)]);
    mend();
    expect((await run()).ratio).toBeLessThan(1);
    // Also that it is over.
    expect(sns.published.length).toBe(said + 2);
  });

  test('the key of the replica is disabled: what is there cannot be read', async () => {
    const [replicaKey] = definition().resources.map(({ replica }) => replica!.keyArn!);
    regions.far.kms.change(replicaKey, { state: 'Disabled' });
    await rewriteSettings();
    const { ratio, report, resource } = await run();
    expect(ratio).toBe(100);
    expect(report.findings).toMatchObject([{ severity: 'page', cause: `key ${replicaKey}` }]);
    expect(resource.restorable?.cause).toBe(`key ${replicaKey}`);
    regions.far.kms.change(replicaKey, { state: 'Enabled' });
    await rewriteSettings();
    expect((await run()).ratio).toBeLessThan(1);
  });

  test('it is gone: in two runs, then it is told', async () => {
    (regions.near.s3.account as unknown as { own: Map<string, unknown> }).own.delete(SOURCE);
    expect((await run()).resource).toMatchObject({ status: 'gone', findings: [] });
    const { resource, ratio } = await run();
    expect(resource.findings).toMatchObject([
      {
        id: 'resource-gone',
        severity: 'page',
        what: `There is no bucket ${SOURCE} in ${region} any more, which is ${NAME}.`,
      },
    ]);
    expect(ratio).toBe(100);
  });
});
