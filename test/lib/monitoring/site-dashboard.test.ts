import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Alarm, CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BackupTiers, DrillSchedule, Engine, RecoverySite } from '../../../lib';
import { METRICS } from '../../../lib/private/metrics';
import { newPlan, newStack } from '../support';
import { type Body, dashboardOf, expressionsOf, type Widget } from './dashboard';

/** A site with a vault, and that many databases under a plan. */
function watched(databases: number) {
  const stack = newStack({ region: 'eu-west-1' });
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme' });
  const plan = newPlan(stack, { site, backup: BackupTiers.grandfatherFatherSon() });
  for (let index = 0; index < databases; index++) {
    plan
      .protectInstanceById(`Db${index}`, `db-${index}`, { engine: Engine.POSTGRES })
      .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
  }
  return { site, stack, ...dashboardOf(stack) };
}

/** Made once: synthesis is what takes its time here. */
let one: ReturnType<typeof watched>;
beforeAll(() => (one = watched(1)));

const emptySite = () => {
  const stack = newStack();
  const site = new RecoverySite(stack, 'Recovery', { name: 'acme' });
  return { site, ...dashboardOf(stack) };
};

const ofType = ({ widgets }: Body, type: Widget['type']) => widgets.filter((widget) => widget.type === type);

test('a site has one dashboard, under its own prefix, with the last two weeks at the periods of its charts', () => {
  const { site, name, body } = emptySite();
  expect(name).toBe(`${site.prefix}recovery`);
  expect(body).toMatchObject({ start: '-P14D', periodOverride: 'inherit' });
  expect(ofType(body, 'text')).toHaveLength(1);
});

test('widgets lie on the grid, side by side and without holes', () => {
  const { body } = one;
  const taken = new Map<string, string>();
  for (const { x, y, width, height, properties } of body.widgets) {
    expect(x + width).toBeLessThanOrEqual(24);
    for (let column = x; column < x + width; column++) {
      for (let row = y; row < y + height; row++) {
        expect(taken.get(`${column},${row}`)).toBeUndefined();
        taken.set(`${column},${row}`, properties.title ?? 'text');
      }
    }
  }
  const rows = Math.max(...body.widgets.map(({ y, height }) => y + height));
  expect(taken.size).toBe(24 * rows);
});

test('it does not grow with what is protected, and stays far within the limits of CloudWatch', () => {
  const { text, body } = watched(100);
  expect(text).toBe(one.text);
  expect(body.widgets.length).toBeLessThanOrEqual(500);
  expect(text.length).toBeLessThan(20_000);
  for (const widget of ofType(body, 'metric')) {
    expect(widget.properties.metrics.length).toBeLessThanOrEqual(500);
    // A search of more characters is refused, and a chart shows 500 lines at most.
    for (const expression of expressionsOf(widget)) {
      expect(expression.length).toBeLessThanOrEqual(1_024);
      if (expression.includes('{CdkRecoverable')) expect(expression).toMatch(/^(SEARCH|MAX|DATAPOINT_COUNT)\(.*\)$/);
    }
  }
  for (const { properties } of ofType(body, 'alarm')) expect(properties.alarms.length).toBeLessThanOrEqual(100);
});

test('searches are for metrics that functions publish, under exactly their dimensions', () => {
  const { body } = one;
  const own = body.widgets.flatMap(expressionsOf).filter((expression) => expression.includes(METRICS.namespace));
  const names = own.map((expression) => {
    const [, name] =
      /SEARCH\('\{CdkRecoverable,Site,Resource\} MetricName="(\w+)" Site="acme"', 'Maximum', \d+\)/.exec(expression) ??
      [];
    return name;
  });
  // What is under no plan is looked for where somebody asks for that, and has an alarm of its own then.
  const { namespace: _, siteResource: __, unprotected: ___, ...published } = METRICS;
  expect(new Set(names)).toEqual(new Set(Object.values(published)));
  const handlers = readdirSync('lambda', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const code = handlers.map((file) => readFileSync(path.join('lambda', file), 'utf8')).join('\n');
  for (const name of Object.values(published)) expect(code).toMatch(new RegExp(`\\b${name}: \\[`));
});

test('ratios have their line at 1, failed jobs are those of the vault of the site', () => {
  const { site, body } = one;
  const ratios = ofType(body, 'metric').filter(({ properties }) => properties.annotations);
  expect(ratios.map(({ properties }) => properties.annotations?.horizontal[0])).toEqual([
    expect.objectContaining({ value: 1, fill: 'above' }),
    expect.objectContaining({ value: 1, fill: 'above' }),
  ]);
  const jobs = body.widgets.flatMap(expressionsOf).filter((expression) => expression.includes('AWS/Backup'));
  const vault = site.prefix.slice(0, -1);
  expect(jobs).toEqual([
    `SEARCH('Namespace="AWS/Backup" MetricName="NumberOfBackupJobsFailed" BackupVaultName="${vault}"', 'Sum', 86400)`,
    `SEARCH('Namespace="AWS/Backup" MetricName="NumberOfCopyJobsFailed" BackupVaultName="${vault}"', 'Sum', 86400)`,
  ]);
  expect(emptySite().text).not.toContain('AWS/Backup');
});

test('drills are those of the machine of the site, and of the logs of both functions that record them', () => {
  const { site, stack, body } = one;
  const [log] = ofType(body, 'log');
  const names = ['record', 'recorder'].map((name) => site.functions[name as 'record'].logGroup.node.defaultChild!);
  const references = names.map((group) => `<${stack.getLogicalId(group as never)}>`);
  expect(log.properties.query).toMatch(
    new RegExp(`^SOURCE '${references[0]}' \\| SOURCE '${references[1]}' \\| fields .*drillId\\n\\| limit 100$`, 's'),
  );
  const machine = ofType(body, 'metric').find(({ properties }) => properties.title.startsWith('Drills'))!;
  const metrics = machine.properties.metrics;
  expect(metrics.filter((metric) => metric.length > 1).map(([namespace, name]) => [namespace, name])).toEqual([
    ['AWS/States', 'ExecutionsSucceeded'],
    ['AWS/States', 'ExecutionsFailed'],
    ['AWS/States', 'ExecutionsTimedOut'],
    ['AWS/States', 'ExecutionsAborted'],
  ]);
});

test('every field of the table of drills is one that recording a drill writes', () => {
  const query = ofType(one.body, 'log')[0].properties.query;
  const recording = readFileSync(path.resolve('lambda/drill/record/record-evidence.ts'), 'utf8');
  const [, fields] = /fields @timestamp, (.*)\n/.exec(query)!;
  for (const field of [...fields.split(', '), 'drillId']) expect(recording).toMatch(new RegExp(`\\b${field}\\b`));
  expect(recording).toContain("log.info('drill recorded'");
});

test('nothing of it is of one partition', () => {
  const { text, body } = one;
  expect(text).not.toMatch(/arn:aws|amazonaws|console\.aws/);
  for (const { type, properties } of body.widgets) {
    if (type === 'metric' || type === 'log') expect(properties.region).toBe('<AWS.Region>');
  }
});

test('the alarms of the site are there, those too that come later', () => {
  const { site, stack, body } = one;
  const id = (alarm: Alarm) => stack.getLogicalId(alarm.node.defaultChild as CfnAlarm);
  const alarms = [site.drillFailedAlarm, site.leftoversAlarm, site._monitorSilentAlarm(stack, {})].map(
    (alarm) => `<${id(alarm)}.Arn>`,
  );
  expect(ofType(body, 'alarm')[0].properties.alarms).toEqual(alarms);

  const other = newStack();
  const watching = new RecoverySite(other, 'Recovery', {
    name: 'acme',
    alerts: { ticket: new Topic(other, 'Tickets') },
  });
  watching.alarmOnUnprotected();
  expect(ofType(dashboardOf(other).body, 'alarm')[0].properties.alarms).toHaveLength(3);
});

test('the text says where evidence and help are', () => {
  const [{ properties }] = ofType(one.body, 'text');
  expect(properties.markdown).toContain('site acme');
  expect(properties.markdown).toMatch(/`<\w+>`, its page under `pages\/`/);
  expect(properties.markdown).toContain('npx recoverable status');
  expect(properties.markdown).toMatch(/\[runbook\]\(https:\/\/\S+\)/);
});
