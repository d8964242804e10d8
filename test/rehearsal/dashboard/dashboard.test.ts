import { RecoverySite } from '../../../lib';
import { METRICS } from '../../../lib/private/metrics';
import { ingestLog } from '../../../rehearsal/aws/cloudwatch/embedded';
import { MetricStore } from '../../../rehearsal/aws/cloudwatch/store';
import type { DashboardBody } from '../../../rehearsal/dashboard/body';
import { dashboardPage } from '../../../rehearsal/dashboard/page';
import { answer } from '../../../rehearsal/dashboard/query';
import { Evaluation } from '../../../rehearsal/dashboard/series';
import { metric } from '../../../lambda/shared/metrics';
import { published } from '../../lambda/published';
import { dashboardOf } from '../../lib/monitoring/dashboard';
import { newStack } from '../../lib/support';

const HOUR = 3_600_000;
const now = new Date('2026-11-20T12:30:00Z');
const HOSTILE = `Gold/<img src=x onerror=alert(1)>"'`;

let body: DashboardBody;
beforeAll(() => {
  const stack = newStack();
  new RecoverySite(stack, 'Recovery', { name: 'acme' }).vault();
  body = dashboardOf(stack).body as unknown as DashboardBody;
});

/** What functions print now, kept as if they had printed it so long ago. */
async function printed(resource: string, values: Parameters<typeof metric>[2], hoursAgo: number, store: MetricStore) {
  const { log } = await published(async () => metric('acme', resource, values));
  const at = now.getTime() - hoursAgo * HOUR;
  ingestLog(store, log.replace(/"Timestamp":\d+/, `"Timestamp":${at}`), now);
}

const page = (store: MetricStore, log = [] as Parameters<typeof dashboardPage>[2]['log']) =>
  dashboardPage('acme', body, { store, log, alarms: new Map(), now });

test('shows in every chart what the functions print, under the names of the resources', async () => {
  const store = new MetricStore();
  const { namespace: _, siteResource, leftovers, ...ofResources } = METRICS;
  for (const name of Object.values(ofResources)) await printed('Gold/Orders', { [name]: [1, 'None'] }, 1, store);
  await printed(siteResource, { [leftovers]: [0, 'Count'] }, 1, store);
  const html = page(store);
  expect(html.match(/No data in this range/g)).toHaveLength(2); // the table of drills, and jobs of AWS Backup
  expect(html.match(/<li title="Gold\/Orders">/g)).toHaveLength(6);
});

test('says of what has no data that it has none', () => {
  const widgets = body.widgets.filter(({ type }) => type === 'metric' || type === 'log');
  // Drills are counted from nothing.
  expect(page(new MetricStore()).match(/No data in this range/g)).toHaveLength(widgets.length - 1);
});

test('takes names for text and never for markup', async () => {
  const store = new MetricStore();
  await printed(HOSTILE, { [METRICS.restorableAgeRatio]: [1, 'None'] }, 1, store);
  const log = [{ at: now, fields: { message: 'drill recorded', drillId: '1', resource: HOSTILE, verdict: 'PASSED' } }];
  const html = page(store, log);
  expect(html).not.toContain('<img');
  expect(html.match(/Gold\/&#60;img src=x onerror=alert\(1\)&#62;&#34;&#39;/g)?.length).toBeGreaterThanOrEqual(3);
});

test('puts those first that are worst in the range, and forgets what was silent for two weeks', async () => {
  const store = new MetricStore();
  const ratio = (resource: string, value: number, hoursAgo: number) =>
    printed(resource, { [METRICS.restorableAgeRatio]: [value, 'None'] }, hoursAgo, store);
  for (let index = 0; index < 25; index++) await ratio(`Gold/Db${index}`, index / 10, 5);
  await ratio('Gold/WasLate', 9, 13 * 24);
  await ratio('Gold/Gone', 99, 14 * 24 + 1);
  const { metrics } = body.widgets.find(({ properties }) => properties.title?.startsWith('Restorable age'))!.properties;
  const lines = new Evaluation(store, new Date(now.getTime() - 14 * 24 * HOUR), now, 86_400).lines(metrics!);
  expect(lines).toHaveLength(20);
  expect(lines.slice(0, 2).map(({ label }) => label)).toEqual(['Gold/WasLate', 'Gold/Db24']);
  expect(page(store)).not.toContain('Gold/Gone');
});

test('is asked nothing that the dashboard does not ask', () => {
  const evaluate = (expression: string) =>
    new Evaluation(new MetricStore(), new Date(0), now, 86_400).lines([[{ expression, period: 86_400 }]]);
  expect(() => evaluate('RATE(METRICS())')).toThrow('the expression RATE(METRICS()) is not rehearsed');
  expect(() => evaluate("SEARCH('{A,B}', 'Sum', 60)")).toThrow(/is not rehearsed|another period/);
  expect(() => answer("SOURCE 'x' | parse @message", [])).toThrow('the command parse @message');
});
