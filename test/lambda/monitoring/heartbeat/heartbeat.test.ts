import { Duration } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { whyNot } from '../../../../lambda/monitoring/heartbeat/fresh';
import type { MonitorSchedule } from '../../../../lambda/monitoring/registry';
import { DrillSchedule, Engine, Heartbeat, RecoveryPlan, RecoverySite } from '../../../../lib';
import type { Finding, MonitorDefinition, MonitorReport } from '../../../../lib/private/contract/monitoring';
import { deploy, type Deployed } from '../deployed';
import { openReceiver, status, type Receiver } from '../receiver';
import { ago, DAY, missed, NOW, report, resource } from '../reports';

const finding = (severity: Finding['severity']): Finding => ({
  ...{ id: 'key-unusable', severity, cause: 'a key', what: 'It is.', means: 'It does.', nextStep: 'Do.', since: NOW },
});
const schedule = (names: string[], more: Partial<MonitorSchedule> = {}): MonitorSchedule => ({
  name: 'monitor-gold',
  enabled: true,
  definition: {
    ...{ schema: 'cdk-recoverable/monitor/v1', shard: 'gold', plan: 'Gold', owner: 'Payments', alerts: {} },
    ...{ stateBucket: 'state', everySeconds: 300, sourceMetrics: false, profiles: [], tagged: [] },
    resources: names.map((name) => ({ name, kind: 'db-instance', identifier: 'x' })),
  },
  ...more,
});
const ORDERS = [schedule(['Gold/Orders'])];
const proven = (ratio: number) => ({ ratio, provenSeconds: 8 * DAY });
const orders = (more: Parameters<typeof resource>[1]) => report([resource('Gold/Orders', more)]);

describe('everything is as promised', () => {
  test.each<[string, MonitorReport]>([
    ['measured, restorable and proven', orders({ proven: proven(1) })],
    ['nothing promised and nothing measured', orders({ objectives: null, restorable: undefined })],
    ['what is a ticket or for reading', orders({ findings: [finding('ticket'), finding('digest')] })],
    ['measured three intervals ago', report([resource('Gold/Orders')], { at: ago(900) })],
  ])('%s', (_, one) => expect(whyNot(ORDERS, [one], NOW)).toEqual([]));

  test('what else lies in the bucket is of no schedule, and holds nothing up', () => {
    const old = report([missed('Old/Orders')], { shard: 'old', at: ago(DAY) });
    expect(whyNot(ORDERS, [orders({}), old], NOW)).toEqual([]);
  });
});

describe('not everything is as promised', () => {
  const tagged = (more: Parameters<typeof resource>[1]) => ({
    ...{ name: 'Gold/Tag', key: 'team', value: 'shop', resources: [resource('Gold/by-hand', more)] },
  });
  test.each<[string, MonitorSchedule[], MonitorReport[], string]>([
    ['nothing is watched', [], [], 'no monitor is scheduled'],
    ['a schedule is off', [schedule([], { enabled: false })], [orders({})], 'schedule monitor-gold is disabled'],
    ['a report is missing', ORDERS, [], 'there is no report of gold'],
    ['a report is old', ORDERS, [report([resource('Gold/Orders')], { at: ago(901) })], `of gold is of ${ago(901)}`],
    ['a report is of the future', ORDERS, [report([resource('Gold/Orders')], { at: ago(-900) })], 'of gold is of'],
    ['a report has no time', ORDERS, [report([resource('Gold/Orders')], { at: 'x' })], 'of gold is of x'],
    ['something is new', [schedule(['Gold/New'])], [orders({})], 'Gold/New is not measured yet'],
    ['not measured', ORDERS, [orders({ restorable: undefined })], 'could not be measured'],
    ['too old', ORDERS, [report([missed('Gold/Orders')])], 'state of Gold/Orders is too old'],
    ['not proven', ORDERS, [orders({ proven: proven(1.01) })], 'no drill of Gold/Orders'],
    ['no ratio at all', ORDERS, [orders({ proven: proven(NaN) })], 'no drill of Gold/Orders'],
    ['a page', ORDERS, [orders({ findings: [finding('page')] })], 'Gold/Orders: key-unusable'],
    [
      'a page of all',
      ORDERS,
      [report([resource('Gold/Orders')], { findings: [finding('page')] })],
      'gold: key-unusable',
    ],
    [
      'what bears a tag',
      ORDERS,
      [report([resource('Gold/Orders')], { tagged: [tagged({ restorable: undefined })] })],
      'what Gold/by-hand could',
    ],
  ])('%s', (_, schedules, reports, reason) =>
    expect(whyNot(schedules, reports, NOW)).toEqual([expect.stringContaining(reason)]),
  );
});

describe('the function', () => {
  let site: Deployed;
  let receiver: Receiver;
  let heartbeat: ReturnType<Receiver['functionOf']>;
  beforeAll(async () => {
    receiver = await openReceiver();
    site = await deploy((stack, alerts) => {
      const recovery = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts });
      const plan = new RecoveryPlan(stack, 'Gold', {
        ...{ site: recovery, owner: 'Payments', alerts },
        objectives: { rpo: Duration.days(1), rto: Duration.hours(4) },
      });
      plan
        .protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES })
        .addDrill('Weekly', { schedule: DrillSchedule.weekly() });
      new Heartbeat(stack, 'Heartbeat', { site: recovery, url: Secret.fromSecretNameV2(stack, 'Url', 'ping') });
    });
    heartbeat = receiver.functionOf(site, 'heartbeat');
  }, 120_000);
  afterAll(async () => {
    await receiver.close();
    await site.close();
  });
  beforeEach(() => {
    receiver.heard.splice(0);
    keep(`https://${receiver.host}/ping/not-for-logs`);
    write({});
  });

  const keep = (value: string) => site.secrets.keep('ping', value);
  const shardOf = () =>
    (
      JSON.parse(
        (
          site.deployment
            .all('AWS::Scheduler::Schedule')
            .find(({ properties }) => JSON.stringify(properties).includes('monitor/v1'))!.properties.Target as {
            Input: string;
          }
        ).Input,
      ) as MonitorDefinition
    ).shard;
  const write = (more: Partial<MonitorReport>) => {
    const shard = shardOf();
    const at = new Date().toISOString();
    site.put('State', `monitor/${shard}.json`, report([resource('Gold/Orders')], { shard, at, ...more }));
  };
  /** The address is kept for some minutes by a function that is warm. */
  const cold = () => receiver.functionOf(site, 'heartbeat');

  test('pings the address in the secret, under its own role', async () => {
    expect(await heartbeat.invoke({})).toEqual({ pinged: true });
    expect(receiver.heard).toMatchObject([{ method: 'GET', url: '/ping/not-for-logs', body: '' }]);
    expect(await heartbeat.log('pinged')).not.toContain('not-for-logs');
  });

  test('pings nothing while not everything is as promised, and says why', async () => {
    const at = new Date(Date.now() - DAY * 1000).toISOString();
    write({ at });
    expect(await heartbeat.invoke({})).toEqual({ pinged: false });
    expect(receiver.heard).toEqual([]);
    await heartbeat.log(`is of ${at}`);
  });

  test.each([500, 404, 302])('a ping that is answered with %d is logged', async (code) => {
    receiver.answer(status(code, { location: `https://${receiver.host}/elsewhere` }));
    expect(await heartbeat.invoke({})).toEqual({ pinged: false });
    expect(receiver.heard).toHaveLength(1);
    await heartbeat.log(`"status":${code}`);
  });

  test.each(['http://localhost/not-for-logs', 'https://me:not-for-logs@localhost/', 'not-for-logs', '{}'])(
    'an address that is none is pinged by nobody: %s',
    async (value) => {
      keep(value);
      const one = cold();
      expect(await one.invoke({})).toEqual({ pinged: false });
      expect(await one.log('must be an address that begins with https://')).not.toContain('not-for-logs');
    },
  );

  test('a secret that is gone is logged; AWS that does not answer is an error of the run', async () => {
    site.secrets.remove('ping');
    expect(await cold().invoke({})).toEqual({ pinged: false });
    const lost = receiver.functionOf(site, 'heartbeat', { SCHEDULE_GROUP: 'none' });
    expect(await lost.invoke({})).toMatchObject({ errorType: 'ResourceNotFoundException' });
    expect(receiver.heard).toEqual([]);
  });
});
