import type { Alarm } from '../../../../rehearsal/aws';
import { alarmOf } from '../../../../rehearsal/aws/cloudwatch/alarm';
import { Alarms } from '../../../../rehearsal/aws/cloudwatch/alarms';
import { MetricStore } from '../../../../rehearsal/aws/cloudwatch/store';

const START = Date.parse('2026-03-01T00:00:00Z');
const at = (minutes: number, seconds = 0) => new Date(START + minutes * 60_000 + seconds * 1000);
const metric = { namespace: 'CdkRecoverable', name: 'RestorableAgeRatio', dimensions: { Site: 'acme', Resource: 'a' } };

const PROPERTIES = {
  Namespace: metric.namespace,
  MetricName: metric.name,
  Dimensions: [
    { Name: 'Resource', Value: 'a' },
    { Name: 'Site', Value: 'acme' },
  ],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
};

const alarm = (more: object = {}): Alarm =>
  alarmOf('one', 'arn:aws:cloudwatch:eu-west-1:0:alarm:one', { ...PROPERTIES, ...more });

function opened(more: object = {}) {
  const store = new MetricStore();
  const alarms = new Alarms(store);
  alarms.create([alarm(more)], at(0));
  const put = (value: number, ...minutes: number[]) =>
    minutes.forEach((one) => store.put(metric, value, 'None', at(one, 20)));
  const advance = (minute: number) => alarms.advance(at(minute)).map(({ to, at: when }) => [minutesOf(when), to.value]);
  return { store, alarms, put, advance };
}

const minutesOf = (time: Date) => (time.getTime() - START) / 60_000;
const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

test('two breaching periods of three alarm, two healthy ones clear', () => {
  const { put, advance } = opened();
  put(0.5, ...every(5, 0, 30));
  put(1.5, ...every(5, 35, 50));
  put(0.5, ...every(5, 55, 70));
  // Breaching at first: nothing was published yet but one point, and three periods are needed.
  expect(advance(75)).toEqual([
    [1, 'ALARM'],
    [6, 'OK'],
    [41, 'ALARM'],
    [61, 'OK'],
  ]);
});

test('a metric that stops alarms only when too few of its points are left in what is looked at', () => {
  const { put, advance } = opened();
  put(0.5, ...every(5, 0, 60));
  advance(60);
  expect(advance(200)).toEqual([[81, 'ALARM']]);
});

test('one missed publication is no news', () => {
  const { put, advance } = opened();
  put(0.5, ...every(5, 0, 60).filter((minute) => minute !== 30));
  advance(12);
  expect(advance(65)).toEqual([]);
});

test('evaluating minute by minute finds the same as looking only where something changes', () => {
  const [fine, coarse] = [opened(), opened()];
  const minutes = [0, 5, 11, 14, 20, 26, 29, 41, 42, 43, 60, 66, 71, 90, 95, 99, 130];
  const high = [20, 26, 42, 43, 71, 90];
  for (const one of [fine, coarse]) minutes.forEach((minute) => one.put(high.includes(minute) ? 1.5 : 0.5, minute));
  const found = every(1, 1, 200).flatMap((minute) => fine.advance(minute));
  expect(coarse.advance(200)).toEqual(found);
  expect(found.length).toBeGreaterThan(2);
});

test('a value on other dimensions, under another name or unit is not seen', () => {
  const { store, alarms, put, advance } = opened({ TreatMissingData: 'missing', Unit: 'None' });
  store.put({ ...metric, dimensions: { ...metric.dimensions, service: 'x' } }, 9, 'None', at(1));
  store.put({ ...metric, dimensions: { Site: 'acme' } }, 9, 'None', at(1));
  store.put({ ...metric, name: 'DrillAgeRatio' }, 9, 'None', at(1));
  store.put(metric, 9, 'Seconds', at(1));
  expect(advance(30)).toEqual([]);
  put(9, 31, 36);
  expect(advance(40)).toEqual([[37, 'ALARM']]);
  expect(alarms.find('one')?.state.reason).toContain('2 datapoints [9 ');
});

describe('an alarm that sees more than a day', () => {
  const WEEKLY = { Period: 86_400, EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching' };

  test('is evaluated at the full hour', () => {
    const { put, advance } = opened(WEEKLY);
    put(2, 10, 10 + 1440, 10 + 2 * 1440);
    expect(advance(4 * 1440)).toEqual([
      [60, 'OK'],
      [2 * 1440 + 60, 'ALARM'],
    ]);
  });

  test('sees a week at most', () => {
    expect(() => alarm({ ...WEEKLY, EvaluationPeriods: 8 })).toThrow(/alarm one: 691200 seconds are more/);
    expect(() => alarm({ Period: 1800, EvaluationPeriods: 49 })).toThrow(/more than an alarm sees/);
  });
});

describe('a warm-up', () => {
  const warm = (minutes: number, whole?: boolean) => ({
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: minutes, OnlyStartEvaluatingAfterWarmUpPeriodEnds: whole },
  });

  test('keeps a new alarm from knowing anything until its time is over', () => {
    const { put, advance } = opened(warm(60, true));
    put(2, ...every(5, 0, 60));
    expect(advance(59)).toEqual([]);
    expect(advance(65)).toEqual([[60, 'ALARM']]);
  });

  test('ends early where data fills the window, unless told otherwise', () => {
    const { put, advance } = opened(warm(60));
    put(0.5, ...every(5, 20, 60));
    expect(advance(65)).toEqual([[31, 'OK']]);
  });

  test('does not come back', () => {
    const { put, advance } = opened(warm(60));
    put(0.5, ...every(5, 0, 20));
    expect(advance(20)).toEqual([[11, 'OK']]);
    expect(advance(300)).toEqual([[41, 'ALARM']]);
  });
});

test('a sum of metrics, each filled with what its expression says', () => {
  const of = (id: string, name: string) => ({
    Id: id,
    MetricStat: { Metric: { Namespace: 'AWS/States', MetricName: name }, Period: 300, Stat: 'Sum' },
    ReturnData: false,
  });
  const store = new MetricStore();
  const alarms = new Alarms(store);
  const { Statistic: _, Period: __, Namespace: ___, MetricName: ____, Dimensions: _____, ...rest } = PROPERTIES;
  const sum = (Expression: string) =>
    alarmOf('sum', 'arn:aws:cloudwatch:eu-west-1:0:alarm:sum', {
      ...rest,
      DatapointsToAlarm: 1,
      Metrics: [of('failed', 'ExecutionsFailed'), of('aborted', 'ExecutionsAborted'), { Id: 'e', Expression }],
    });
  alarms.create([sum('FILL(failed, 0) + FILL(aborted, 0)')], at(0));
  store.put({ namespace: 'AWS/States', name: 'ExecutionsFailed', dimensions: {} }, 2, 'Count', at(60));
  expect(alarms.advance(at(120)).map(({ to, at: when }) => [minutesOf(when), to.value])).toEqual([
    [1, 'OK'],
    [61, 'ALARM'],
    [76, 'OK'],
  ]);
  expect(() => sum('failed * 2')).toThrow('the expression failed * 2 is not rehearsed');
  expect(() => sum('failed + nobody')).toThrow('nobody in failed + nobody is no metric of it');
});

test('a state set by hand stays until an evaluation finds another', () => {
  const { alarms, put, advance } = opened();
  put(0.5, ...every(5, 0, 60));
  advance(30);
  alarms.set('one', 'ALARM', 'to see who is told', undefined, at(30));
  expect(alarms.find('one')?.state.value).toBe('ALARM');
  expect(advance(40)).toEqual([[31, 'OK']]);
});

test.each([
  [{ EvaluationWindow: {} }, 'EvaluationWindow is not rehearsed'],
  [{ Statistic: 'p99' }, 'the statistic p99 is not rehearsed'],
  [{ Period: 30 }, 'a period of 30 seconds is not rehearsed'],
])('what is not rehearsed is refused: %j', (more, message) => {
  expect(() => alarm(more)).toThrow(`alarm one: ${message}`);
});
