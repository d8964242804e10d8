import type { RecoveryPointStatus } from '@aws-sdk/client-backup';
import type { MonitorDefinition, MonitorReport, SourceReport } from '../../../lib/private/contract/monitoring';
import { account } from '../../rehearsal/aws/support';
import { published } from '../published';
import {
  ago,
  bucketArn,
  DAY,
  definitionOf,
  HOME,
  openAccount,
  pointOf,
  resourceOf,
  SOURCES,
  vaultArn,
  type WatchedAccount,
} from './watched-account';

const LAG = 900;
const ALLOWED = 28 * 3600;
const CONTINUOUS: MonitorDefinition['profiles'][number]['sources'][number] = {
  ...{ name: 'continuous backup', kind: 'continuous', allowedSeconds: ALLOWED, known: true },
  ...{ vaultArn: vaultArn('home'), retentionDays: 35, tier: 'continuous' },
};
const definition = definitionOf([CONTINUOUS, SOURCES.daily], {
  profile: { rpoSeconds: 2 * DAY },
  resources: [{ name: 'Gold/Files', kind: 'bucket', identifier: 'files', profile: 0 }],
});

let site: WatchedAccount;
let monitor: (input: MonitorDefinition) => Promise<void>;
beforeAll(async () => {
  site = await openAccount();
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.forget();
  site.backup.forget(() => true);
  site.backup.keep(pointOf(bucketArn('files'), 'home', ago(3600), 35));
});

function keep(name: string, status: RecoveryPointStatus, createdAt = ago(20 * DAY)): void {
  site.backup.keep({
    ...pointOf(bucketArn('files'), 'home', createdAt, 35),
    ...{ arn: `arn:aws:backup:${HOME}:${account}:recovery-point:continuous:files-${name}`, status },
  });
}

const replace = (name: string, status: RecoveryPointStatus, createdAt?: string) => {
  site.backup.forget(({ arn }) => arn.endsWith(`continuous:files-${name}`));
  keep(name, status, createdAt);
};

/** An hour later AWS Backup is asked again. */
async function run(change: (source: SourceReport) => Partial<SourceReport> = () => ({})) {
  await site.rewrite(later(change)).catch(() => undefined);
  const said = site.sns.published.length;
  await published(() => monitor(definition).catch((error: Error) => expect(error.name).toBe('NotMeasured')));
  const report = await site.report();
  const resource = resourceOf(report, 'Gold/Files');
  return {
    ...{ report, resource, continuous: resource.sources[0], daily: resource.sources[1] },
    said: site.sns.published.slice(said).map(({ topic, subject }) => `${topic.split(':').at(-1)} ${subject}`),
  };
}

const later = (change: (source: SourceReport) => Partial<SourceReport>) => (report: MonitorReport) => ({
  ...report,
  fullAt: ago(3600),
  settingsAt: ago(DAY),
  resources: report.resources.map((one) => ({
    ...one,
    sources: one.sources.map((source) => (source.kind === 'continuous' ? { ...source, ...change(source) } : source)),
  })),
});

test.each<RecoveryPointStatus>(['COMPLETED', 'AVAILABLE'])(
  'one that is %s reaches up to a quarter of an hour ago',
  async (status) => {
    keep('1', status);
    const { report, resource, continuous, daily } = await run();
    expect({ troubles: report.troubles, findings: resource.findings }).toEqual({ troubles: [], findings: [] });
    expect(continuous.ageSeconds).toBe(LAG);
    expect(continuous.ratio).toBe(LAG / ALLOWED);
    // What goes on for weeks is no recovery point of a tier.
    expect(Math.round(daily.ageSeconds / 3600)).toBe(1);
  },
);

test('one that began a minute ago is of no use yet, and no recovery point of a tier', async () => {
  keep('1', 'COMPLETED', ago(60));
  const { continuous, daily, resource } = await run();
  expect([continuous.newest, resource.findings]).toEqual([undefined, []]);
  expect(Math.round(daily.ageSeconds / 3600)).toBe(1);
});

test('it reaches back as long as it is kept, and no further than its beginning', async () => {
  const begun = ago(20 * DAY);
  keep('1', 'AVAILABLE', begun);
  expect((await run()).continuous.oldest).toBe(begun);
  replace('1', 'AVAILABLE', ago(200 * DAY));
  const { oldest } = (await run()).continuous;
  expect(Math.round((Date.now() - Date.parse(oldest!)) / (DAY * 1000))).toBe(35);
});

test('before the first run of its rule nothing is said', async () => {
  const { resource, continuous } = await run();
  expect(continuous.newest).toBeUndefined();
  expect(resource).toMatchObject({ findings: [], restorable: { ratio: expect.closeTo(1 / 26, 2) } });
});

test('one that AWS Backup stopped is a ticket at once, breaks the promise in a day, and is over with the next', async () => {
  keep('1', 'AVAILABLE');
  const { newest } = (await run()).continuous;
  replace('1', 'STOPPED');
  const before = new Date(Date.parse(newest!) - 3600_000).toISOString();
  const stopped = await run(() => ({ newest: before }));
  expect(stopped.continuous.newest).toBe(before);
  expect(stopped.resource.findings).toMatchObject([
    {
      ...{ id: 'continuous-stopped', severity: 'ticket', cause: 'Gold/Files continuous-stopped' },
      what: expect.stringMatching(/^AWS Backup follows bucket files no more: what it has ends about \d{4}-/),
      nextStep: expect.stringContaining('--backup-vault-name home --by-resource-type S3'),
    },
  ]);
  expect(stopped.said).toEqual(['ticket [ticket] Gold/Files: continuous backup has stopped']);
  expect(stopped.resource.restorable!.ratio).toBeLessThan(1);
  const dayLater = await run(() => ({ newest: ago(ALLOWED + 60) }));
  expect(dayLater.resource.restorable).toMatchObject({ of: 'continuous backup', ratio: expect.closeTo(1, 2) });
  expect(dayLater.resource.restorable!.ratio).toBeGreaterThan(1);
  keep('2', 'AVAILABLE', ago(1200));
  const again = await run();
  expect(again.resource.findings).toEqual([]);
  expect(again.resource.restorable!.ratio).toBeLessThan(1);
  expect(again.said).toEqual([expect.stringMatching(/^ticket .*continuous backup has stopped/)]);
});

test('one that was stopped before anybody looked is said, and at least its beginning is there', async () => {
  const begun = ago(20 * DAY);
  keep('1', 'STOPPED', begun);
  const { continuous, resource } = await run();
  expect(continuous.newest).toBe(begun);
  expect(resource.findings).toMatchObject([{ id: 'continuous-stopped' }]);
  expect(resource.restorable).toMatchObject({
    of: 'continuous backup',
    ratio: expect.closeTo((20 * DAY) / ALLOWED, 1),
  });
});

test('another retention is the same source: what was stopped stays so', async () => {
  keep('1', 'AVAILABLE');
  await run();
  replace('1', 'STOPPED');
  const newest = ago(26 * 3600);
  const { continuous, resource } = await run(() => ({ newest, retentionDays: 14 }));
  expect(continuous).toMatchObject({ newest, retentionDays: 35 });
  expect(resource.findings).toMatchObject([{ id: 'continuous-stopped' }]);
});

test('of one that somebody deleted nothing can be restored: late at once', async () => {
  keep('1', 'AVAILABLE');
  await run();
  site.backup.forget(({ arn }) => arn.includes(':continuous:'));
  const since = ago(2 * ALLOWED);
  await site.rewrite(({ resources: [one], ...report }) => ({
    ...report,
    resources: [{ ...one, since, resourceIdSince: since }],
  }));
  const { continuous, resource } = await run(() => ({ since }));
  expect(continuous.newest).toBeUndefined();
  expect(resource).toMatchObject({
    findings: [],
    restorable: { of: 'continuous backup', ratio: expect.closeTo(2, 2) },
  });
});

test('a bucket that keeps no versions is one cause, and said once', async () => {
  keep('1', 'AVAILABLE');
  await run();
  replace('1', 'STOPPED');
  const before = ago(7200);
  site.version(false);
  const { resource } = await run(() => ({ newest: before }));
  site.version(true);
  expect(resource.findings.map(({ id }) => id)).toEqual(['versioning-off']);
});

test('where AWS Backup does not answer, what was known stays, and grows older', async () => {
  keep('1', 'AVAILABLE');
  await run();
  site.denied.backup = { Effect: 'Deny', Action: 'backup:ListRecoveryPointsByBackupVault', Resource: '*' };
  const lookedAt = ago(6300);
  const newest = new Date(Date.parse(lookedAt) - LAG * 1000).toISOString();
  const { report, resource, continuous } = await run(() => ({ newest, lookedAt }));
  delete site.denied.backup;
  expect(report.troubles).not.toEqual([]);
  expect(continuous).toMatchObject({ newest, ageSeconds: expect.closeTo(7200, -1) });
  expect(resource.findings).toEqual([]);
});
