import { Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoveryPlan, RecoverySite, RecoverySource } from '../../../lib';
import { PRICES } from '../../../lambda/evidence/prices';
import { readAssembly } from '../../../rehearsal/assembly/read';
import { estimate, type CostOf } from '../../../rehearsal/cost/estimate';
import { newApp } from '../../lib/app';

const account = '111122223333';
const metric = PRICES.metricMonth.usd;
const alarm = PRICES.alarmMonth.usd;

/** What an app costs that protects so many databases, every tier backed up and copied, and each copy drilled where it is. */
function costs(databases: number, watch: (plan: RecoveryPlan) => void = () => undefined) {
  const app = newApp();
  const away = new Stack(app, 'Away', { env: { account, region: 'eu-central-1' } });
  const dr = new RecoverySite(away, 'Recovery', { name: 'acme', alerts: { ticket: new Topic(away, 'Tickets') } });
  const stack = new Stack(app, 'Home', { env: { account, region: 'eu-west-1' } });
  const alerts = { page: new Topic(stack, 'Page'), ticket: new Topic(stack, 'Tickets') };
  const plan = new RecoveryPlan(stack, 'Gold', {
    site: new RecoverySite(stack, 'Recovery', { name: 'acme', alerts }),
    ...{ alerts, owner: 'Payments', backup: BackupTiers.grandfatherFatherSon(), copyTo: [dr] },
    objectives: { rpo: Duration.minutes(15), regionLossRpo: Duration.days(2), rto: Duration.hours(2) },
  });
  for (let index = 0; index < databases; index++) {
    const resource = plan.protectInstanceById(`Db${index}`, `db-${index}`, { engine: Engine.POSTGRES });
    resource.addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    if (index === 0)
      resource.addDrill('Copy', { schedule: DrillSchedule.monthly(), sources: [RecoverySource.copyIn(dr)] });
  }
  watch(plan);
  return estimate(readAssembly(app.synth().directory), PRICES, { gib: new Map(), changeRate: 0.02, drillHours: 1 });
}

const idle = ({ lines }: CostOf) =>
  lines.filter(({ group }) => group === 'idle').reduce((sum, { usd }) => sum + usd!, 0);

test('a hundred databases cost at most a dollar each and ten a site, before storage and drills', () => {
  const { sites, resources } = costs(100);
  expect(sites).toHaveLength(2);
  for (const site of sites) expect(idle(site)).toBeLessThanOrEqual(10);
  expect(resources).toHaveLength(100);
  for (const one of resources.slice(1)) expect(idle(one)).toBeLessThanOrEqual(1);
  // Two metrics, two alarms, two metrics with a point a day, and next to nothing for points of drills and lines of a log.
  const least = 2 * metric + 2 * alarm + (2 * metric) / 24;
  expect(idle(resources[1])).toBeGreaterThan(least);
  expect(idle(resources[1])).toBeLessThan(least + 0.02);
  // Its copies are drilled on the other site, which measures that: a metric and an alarm more, of the resource and not of the site.
  expect(idle(resources[0]) - idle(resources[1])).toBeCloseTo(metric + alarm, 2);
});

test('what a site costs does not rest on how much is protected, but for a run for each hundred', () => {
  const [one, hundred] = [costs(1), costs(100)].map(({ sites }) => sites.map(idle));
  expect(hundred).toEqual(one);
});

test('what bears a tag is a metric and an alarm, under the name of the tag', () => {
  const { resources, total } = costs(1, (plan) => plan.watchTagged('Critical', 'tier', 'critical'));
  const tag = resources.find(({ name }) => name === 'Gold/Critical')!;
  expect(tag.stack).toBe('Home');
  expect(tag.total).toBeCloseTo(metric + alarm, 6);
  expect(total).toBeGreaterThan(costs(1).total);
});

test('ages of single sources are metrics where a plan asks for them', () => {
  const of = (sourceMetrics: boolean) => {
    const app = newApp();
    const stack = new Stack(app, 'Home');
    new RecoveryPlan(stack, 'Gold', {
      owner: 'Payments',
      alerts: { ticket: new Topic(stack, 'Tickets') },
      objectives: { rpo: Duration.minutes(15), rto: Duration.hours(2) },
      monitoring: { sourceMetrics },
    })
      .protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
    const assumptions = { gib: new Map(), changeRate: 0.02, drillHours: 1 };
    return idle(estimate(readAssembly(app.synth().directory), PRICES, assumptions).resources[0]);
  };
  // Points in time and automated snapshots.
  expect(of(true) - of(false)).toBeCloseTo(2 * metric, 4);
});
