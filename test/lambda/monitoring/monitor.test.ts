import type { MonitorInput } from '../../../lambda/monitoring/monitor/handler';
import { keys } from '../../../lambda/shared/keys';
import { METRICS } from '../../../lib/private/metrics';
import { rejection } from '../../rehearsal/aws/support';
import { openSite, type Site } from '../account';
import { published } from '../published';

let site: Site;
let monitor: (input: MonitorInput) => Promise<void>;
beforeAll(async () => {
  site = await openSite();
  ({ handler: monitor } = await import('../../../lambda/monitoring/monitor/handler'));
});
afterAll(() => site.close());

const DAY = 86_400;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const input = (...names: string[]) => ({ resources: names.map((name) => ({ name, intervalSeconds: DAY })) });
const ratios = async (...names: string[]) => {
  const { metrics } = await published(() => monitor(input(...names)));
  return Object.fromEntries(metrics.map((metric) => [metric.Resource, metric[METRICS.drillAgeRatio] as number]));
};

test('before its first drill a resource ages from when it was first seen', async () => {
  expect((await ratios('Gold/New'))['Gold/New']).toBeCloseTo(0, 2);
  await site.state.put(keys.firstSeen('Gold/New'), { at: ago(DAY / 2) });
  expect((await ratios('Gold/New'))['Gold/New']).toBeCloseTo(0.5, 2);
  await site.state.put(keys.firstSeen('Gold/New'), { at: ago(2 * DAY) });
  expect((await ratios('Gold/New'))['Gold/New']).toBeCloseTo(2, 2);
});

test('a passed drill proves it again, and is all that does', async () => {
  await site.state.put(keys.firstSeen('Gold/Orders'), { at: ago(9 * DAY) });
  await site.state.put(keys.lastPassed('Gold/Orders'), { drillId: 'x', at: ago(DAY / 4) });
  expect((await ratios('Gold/Orders'))['Gold/Orders']).toBeCloseTo(0.25, 2);
});

test('one resource that cannot be read silences no other, and fails the run', async () => {
  await site.state.putText(keys.lastPassed('Gold/Broken'), '{"at', 'application/json');
  const { answer, metrics } = await published(() => rejection(monitor(input('Gold/Broken', 'Gold/Orders'))));
  expect(answer).toMatchObject({ name: 'DrillAgeUnknown', message: expect.stringContaining('Gold/Broken') });
  expect(metrics.map(({ Resource }) => Resource)).toEqual(['Gold/Orders']);
});

test('the dimensions are exactly those of the alarm', async () => {
  const { metrics } = await published(() => monitor(input('Gold/Orders')));
  expect(metrics[0]).toMatchObject({ Site: 'acme', Resource: 'Gold/Orders' });
  expect((metrics[0]._aws as { CloudWatchMetrics: unknown }).CloudWatchMetrics).toEqual([
    {
      Namespace: METRICS.namespace,
      Dimensions: [['Site', 'Resource']],
      Metrics: [{ Name: METRICS.drillAgeRatio, Unit: 'None' }],
    },
  ]);
});
