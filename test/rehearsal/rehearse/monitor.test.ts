import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MonitorReport } from '../../../lib/private/contract/monitoring';
import type { RehearsedSite } from '../../../rehearsal/rehearse/site';
import { openSites, type OpenedSites } from '../../../rehearsal/rehearse/sites';
import { PATIENCE } from '../../../rehearsal/rehearse/settings';
import { FakeEngine } from '../aws/fake-engine';
import { until } from '../aws/support';

/*
 * The bundled monitor of the synthesized example, under its synthesized role: an alarm that watches another set of dimensions than
 * the function publishes never gets data, and with missing data breaching pages everybody on the first day.
 */

interface Emitted {
  readonly _aws: { readonly CloudWatchMetrics: readonly EmittedMetrics[] };
  readonly [member: string]: unknown;
}

interface EmittedMetrics {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'rcv-monitor-'));
const engine = new FakeEngine();
let sites: OpenedSites;
let site: RehearsedSite;
beforeAll(async () => {
  sites = await openSites({ engine, folder, patience: PATIENCE, faults: {} });
  site = sites.site;
  const identifier = site.deployment.all('AWS::RDS::DBInstance')[0].name;
  const [{ arn: kmsKeyId }] = site.deployment.all('AWS::KMS::Key');
  await site.account.rds.adoptSource({ identifier, database: await engine.create(), kmsKeyId });
  await site.measure();
}, 60_000);
afterAll(async () => {
  expect(site.problems()).toEqual([]);
  await sites.close();
  rmSync(folder, { recursive: true, force: true });
});

function emitted(): string[] {
  const logs = path.join(folder, 'logs');
  const log = readdirSync(logs).find((name) => name.includes('monitor'))!;
  const lines = readFileSync(path.join(logs, log), 'utf8').split('\n');
  const metrics = lines.filter((line) => line.includes('CloudWatchMetrics')).map((line) => JSON.parse(line) as Emitted);
  return metrics.flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) =>
          series(
            Namespace,
            Name,
            names.map((each) => [each, String(line[each])]),
          ),
        ),
      ),
    ),
  );
}

/** What the template's alarms watch of what a monitor publishes. */
function watched(): string[] {
  return site.deployment.all('AWS::CloudWatch::Alarm').flatMap(({ properties }) => {
    const { Namespace, MetricName, Dimensions } = properties as Record<string, unknown>;
    if (!/Ratio$/.test(String(MetricName))) return [];
    const names = Dimensions as { Name: string; Value: string }[];
    return [
      series(
        String(Namespace),
        String(MetricName),
        names.map(({ Name, Value }) => [Name, Value]),
      ),
    ];
  });
}

function series(namespace: string, name: string, dimensions: [string, string][]): string {
  const sorted = [...dimensions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`);
  return `${namespace} ${name} {${sorted.join(', ')}}`;
}

test('the bundled monitor publishes exactly what the alarms of the template watch', async () => {
  await until(
    async () => emitted().length,
    (count) => count >= watched().length,
  );
  expect(emitted().sort()).toEqual(watched().sort());
  expect(watched()).toHaveLength(3);
});

test('its report is where everybody looks for it, and finds nothing in the way', () => {
  const report = JSON.parse(site.read(site.stateBucket(), 'monitor/Shop.json')) as MonitorReport;
  expect(report).toMatchObject({ site: 'shop', plan: 'Shop', findings: [], troubles: [] });
  const orders = report.resources.find(({ kind }) => kind === 'db-instance')!;
  expect(orders.findings).toEqual([]);
  expect(orders.restorable!.ratio).toBeLessThan(0.2);
  expect(orders.proven!.ratio).toBeCloseTo(0, 2);
});

test('every call of the monitor was allowed by the role that the template gives it', () => {
  const calls = site.account.aws.calls.filter(({ principal }) => principal?.includes('Monitor'));
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
});
