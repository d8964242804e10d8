import { Duration } from 'aws-cdk-lib';
import type { DashboardBody } from '../../rehearsal/dashboard/body';
import { dashboardPage } from '../../rehearsal/dashboard/page';
import { Evaluation } from '../../rehearsal/dashboard/series';
import { Nature } from './nature';
import { Simulation } from './simulation';

const HOUR = 3_600_000;

test('charts fill with what the bundled monitor prints, and the database that lags stands above the line', async () => {
  const simulation = await Simulation.open({
    start: '2026-03-02T08:00:00Z',
    databases: ['orders', 'ledger'],
    rpo: Duration.hours(1),
  });
  try {
    const nature = new Nature(
      simulation,
      ['orders', 'ledger'].map((identifier) => ({ identifier })),
    );
    await nature.begin();
    await simulation.until('2026-03-02T11:30:00Z');
    nature.stuck.add('ledger');
    await simulation.until('2026-03-02T14:30:00Z');

    const { app, timeline } = simulation;
    const { deployment, home } = app;
    const { now } = timeline;
    const { name, properties } = deployment.one('AWS::CloudWatch::Dashboard');
    const body = JSON.parse(properties.DashboardBody as string) as DashboardBody;
    const store = home.cloudWatch.metrics;
    const html = dashboardPage(name, body, { store, log: [], alarms: new Map(), now });
    expect(html.match(/<li title="Plan\/orders">/g)).toHaveLength(2);

    const linesOf = (title: string, periodSeconds: number) => {
      const { metrics } = body.widgets.find((widget) => widget.properties.title?.startsWith(title))!.properties;
      return new Evaluation(store, new Date(now.getTime() - 24 * HOUR), now, periodSeconds).lines(metrics!);
    };
    const [age] = linesOf('Worst restorable age', 3600);
    expect(age.points[1].value).toBeLessThan(0.5);
    expect(age.points.at(-1)!.value).toBeGreaterThan(2);
    const [measured] = linesOf('Resources measured', 3600);
    expect(measured.points.map(({ value }) => value)).toEqual(measured.points.map(() => 2));
    expect(measured.points).toHaveLength(7);
    expect(
      linesOf('Age of the last passed drill', 86_400)
        .map(({ label }) => label)
        .sort(),
    ).toEqual(['Plan/ledger', 'Plan/orders']);
  } finally {
    await simulation.close();
  }
});
