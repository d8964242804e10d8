import type { MonitorReport, ResourceReport } from '../../../../lib/private/contract/monitoring';
import { judge } from '../../../../rehearsal/command/status/judge';
import type { ReadShard } from '../../../../rehearsal/command/status/read';
import { AT, before, definition, FINDING, report, resource, worst } from './samples';

const schedule = {
  name: 'monitor-gold',
  arn: 'arn:s',
  enabled: true,
  starts: 'a:b:c:d:e:f:rcv-acme-monitor',
  input: {},
};

function look(resources: readonly ResourceReport[], more: Partial<MonitorReport> = {}, shard: Partial<ReadShard> = {}) {
  const found = report(resources, more);
  const names = resources.map(({ name }) => name);
  const read = { shard: 'gold', schedule, definition: definition(names), report: found, ...shard };
  const { sites, state } = judge([{ site: 'acme', shards: [read] }], 'eu-west-1', AT);
  return { ...sites[0], state, resource: sites[0].resources[0], monitor: sites[0].monitors[0] };
}

test('all is fresh while the monitor looks and nothing is too old', () => {
  const { state, resource: one, monitor } = look([resource('gold/orders')]);
  expect(state).toBe('fresh');
  expect(monitor).toMatchObject({ state: 'watching', plan: 'gold', troubles: [] });
  expect(one).toMatchObject({
    recoverable: { state: 'fresh', of: 'point in time', ageSeconds: 250, allowedSeconds: 900 },
    proven: { state: 'proven', ageSeconds: 302_400, intervalSeconds: 604_800 },
  });
});

test('what is older than allowed is stale, since the moment when it became so', () => {
  const { state, resource: one } = look([resource('gold/orders', { restorable: worst(1200) })]);
  expect(state).toBe('stale');
  // Measured a minute ago: 300 seconds over.
  expect(one.recoverable).toMatchObject({ state: 'stale', since: before(360) });
});

test('exactly what is allowed is not stale yet', () => {
  expect(look([resource('gold/orders', { restorable: worst(900) })]).state).toBe('fresh');
});

test('what cannot be restored from at any age has no moment', () => {
  const blocked = { ...worst(60), ratio: 100 };
  const { resource: one } = look([resource('gold/orders', { restorable: blocked })]);
  expect(one.recoverable).toMatchObject({ state: 'stale' });
  expect(one.recoverable.since).toBeUndefined();
});

test('what the monitor could not measure is unknown, and what is promised nothing is neither', () => {
  expect(look([resource('gold/orders', { restorable: undefined })])).toMatchObject({
    state: 'unknown',
    resource: { recoverable: { state: 'unknown' } },
  });
  expect(look([resource('gold/orders', { restorable: undefined, objectives: null })])).toMatchObject({
    state: 'fresh',
    resource: { recoverable: { state: 'not-promised' } },
  });
});

test('a drill that did not pass in its interval makes it stale; one that is not due yet does not', () => {
  const proven = { ratio: 1.5, provenSeconds: 86_400, lastPassedAt: before(129_600) };
  expect(look([resource('gold/orders', { proven })])).toMatchObject({
    state: 'stale',
    resource: { proven: { state: 'overdue', ageSeconds: 129_600 }, recoverable: { state: 'fresh' } },
  });
  const young = { ratio: 0.2, provenSeconds: 86_400 };
  expect(look([resource('gold/orders', { proven: young })])).toMatchObject({
    state: 'fresh',
    resource: { proven: { state: 'not-yet' } },
  });
  expect(look([resource('gold/orders', { proven: undefined })])).toMatchObject({
    state: 'fresh',
    resource: { proven: { state: 'not-drilled' } },
  });
});

test.each([
  ['page', 'stale'],
  ['ticket', 'stale'],
  ['digest', 'fresh'],
] as const)('a finding for the %s makes it %s, of a resource or of none', (severity, state) => {
  const finding = { ...FINDING, severity };
  expect(look([resource('gold/orders', { findings: [finding] })]).state).toBe(state);
  expect(look([resource('gold/orders')], { findings: [finding] })).toMatchObject({
    state,
    findings: [{ id: 'automated-backups-off', plan: 'gold' }],
  });
});

test.each([
  ['older than three periods', { at: before(901) }, {}, 'silent'],
  ['of a disabled schedule', {}, { schedule: { ...schedule, enabled: false } }, 'disabled'],
  ['of no schedule', {}, { schedule: undefined, definition: undefined }, 'unscheduled'],
  ['that cannot be read', {}, { report: undefined, unread: 'AccessDenied' }, 'unreadable'],
  ['that is not there', {}, { report: undefined }, 'new'],
] as const)('a report %s leaves everything unknown, whatever it says', (_, more, shard, state) => {
  const found = look([resource('gold/orders', { restorable: worst(9000) })], more, shard);
  expect(found).toMatchObject({
    state: 'unknown',
    monitor: { state, what: expect.any(String), nextStep: expect.any(String) },
    resource: { name: 'gold/orders', recoverable: { state: 'unknown' } },
  });
});

test('three periods exactly are not silence', () => {
  expect(look([resource('gold/orders')], { at: before(900) }).monitor.state).toBe('watching');
});

test('what is stale is told even where something else is unknown', () => {
  const both = [resource('gold/a', { restorable: undefined }), resource('gold/b', { restorable: worst(9000) })];
  expect(look(both).state).toBe('stale');
});

test('what was deployed after the last run is unknown, and what has left the plan is not shown', () => {
  const { state, resources } = look([resource('gold/left')], {}, { definition: definition(['gold/new']) });
  expect(state).toBe('unknown');
  expect(resources.map(({ name, recoverable, proven }) => [name, recoverable.state, proven.state])).toEqual([
    ['gold/new', 'unknown', 'unknown'],
  ]);
});

test('what is watched by its tag is shown with it', () => {
  const tagged = { name: 'gold/crown', key: 'tier', value: 'gold', resources: [resource('gold/found')] };
  const { resources } = look([], { tagged: [tagged] });
  expect(resources).toMatchObject([{ name: 'gold/found', tag: { key: 'tier', value: 'gold' } }]);
});

test('a stopped database is said to be', () => {
  const stopped = [{ from: before(9000), to: before(8000) }, { from: before(500) }];
  expect(look([resource('gold/orders', { stopped })]).resource.stoppedSince).toBe(before(500));
  expect(look([resource('gold/orders', { stopped: stopped.slice(0, 1) })]).resource.stoppedSince).toBeUndefined();
});

test('a site without any monitor is unknown', () => {
  expect(judge([{ site: 'acme', shards: [] }], 'eu-west-1', AT).state).toBe('unknown');
});
