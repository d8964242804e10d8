import { keys } from '../../../../lambda/shared/keys';
import type { MonitorReport } from '../../../../lib/private/contract/monitoring';
import type { Faults, RehearsedSns } from '../../../../rehearsal/aws';
import { rejection } from '../../../rehearsal/aws/support';
import { openSite, type Site } from '../../account';
import { ALERTS, at, topics } from '../messages/support';
import { ago, DAY, HOUR, missed, NOW, report, resource, source } from '../reports';
import { alarm, type AlarmOptions } from './alarms';

const faults: Faults = {};
let sns: RehearsedSns;
let site: Site;
let handler: (typeof import('../../../../lambda/monitoring/notify/handler'))['handler'];

beforeAll(async () => {
  sns = topics();
  site = await openSite({ services: [sns.service()], faults });
  ({ handler } = await import('../../../../lambda/monitoring/notify/handler'));
});
afterAll(() => site.close());
beforeEach(() => at(NOW));
afterEach(async () => {
  jest.useRealTimers();
  delete faults.throttle;
  delete process.env.SITE_ALERTS;
  sns.published.length = 0;
  for (const key of [...(await site.state.list('monitor/')), ...(await site.state.list('messages/'))]) {
    await site.state.delete(key);
  }
});

const reports = async (...all: MonitorReport[]) => {
  for (const one of all) await site.state.put(keys.report(one.shard), one);
};
const alarms = (all: AlarmOptions[]) => Promise.all(all.map((one) => handler(alarm(one))));
const published = () => sns.published.map(({ message }) => (JSON.parse(message) as { email: string }).email);
const subjects = () => sns.published.map(({ topic, subject }) => `${topic.split(':').at(-1)} ${subject}`);

test('a missed recovery point is one sentence each: what, since when, against which objective, what next', async () => {
  await reports(report([missed('Gold/Orders'), resource('Gold/Ledger')]));
  expect(await handler(alarm())).toEqual({ told: 1 });
  expect(published()).toEqual([
    [
      'Gold/Orders: daily recovery points 27 hours old',
      '',
      'What happened: The newest of the daily recovery points of Gold/Orders is of 2026-11-19 09:00 UTC, 27 hours old; 26 hours are allowed.',
      'Since: 2026-11-20 11:00 UTC',
      'What it means: What can still be restored is point in time, up to 2026-11-20 11:55 UTC; plan Gold promises to lose at most 15 minutes.',
      'Resources: Gold/Orders',
      'Where: plan Gold, site acme, eu-west-1',
      'Owner: Payments',
      'Next step: Read in AWS Backup how the newest backup jobs of orders ended, mend that, and take a backup now with npx recoverable backup-now Gold/Orders --site acme --reason "<why>".',
      '',
      'Database: https://eu-west-1.console.aws.amazon.com/rds/home?region=eu-west-1#database:id=orders;is-cluster=false',
      'Backup jobs: https://eu-west-1.console.aws.amazon.com/backup/home?region=eu-west-1#/jobs/backup',
      'What to do: https://github.com/cdk-recoverable/cdk-recoverable/blob/main/docs/alarms.md#not-recoverable',
    ].join('\n'),
  ]);
  expect(subjects()).toEqual(['pager [page] Gold/Orders: daily recovery points 27 hours old']);
});

test('that it is over is told once, where it was told', async () => {
  await reports(report([missed('Gold/Orders')]));
  await handler(alarm());
  await reports(report([resource('Gold/Orders')]));
  const ok = alarm({ state: 'OK', at: '2026-11-20T13:00:00.000+0000', points: [0.1] });
  expect(await handler(ok)).toEqual({ told: 1 });
  expect(await handler(ok)).toEqual({ told: 0 });
  expect(subjects()[1]).toBe('pager [over] Gold/Orders: daily recovery points 27 hours old');
  expect(published()[1]).toContain('What is over: The newest of the daily recovery points of Gold/Orders');
});

test('an alarm that was never raised says nothing when it is well', async () => {
  await reports(report([resource('Gold/Orders')]));
  expect(await handler(alarm({ state: 'OK', points: [0.1] }))).toEqual({ told: 0 });
  expect(await handler(alarm({ state: 'INSUFFICIENT_DATA', points: [] }))).toEqual({ told: 0 });
});

test('changes that come in the wrong order count by their time', async () => {
  await reports(report([missed('Gold/Orders')]));
  await handler(alarm({ state: 'OK', at: '2026-11-20T12:05:00.000+0000', points: [0.1] }));
  expect(await handler(alarm({ at: '2026-11-20T12:00:00.000+0000' }))).toEqual({ told: 0 });
});

test('a vault that is down for a hundred databases is one message, and is over when the last of them is', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `Gold/Db${index}`);
  await reports(report(names.map((name) => missed(name, 'vault Vault'))));
  await alarms(names.map((name) => ({ resource: name })));
  expect(sns.published).toHaveLength(1);
  expect(published()[0]).toMatch(/^Gold\/Db\d+ and 99 more: daily recovery points 27 hours old\n/);
  expect(published()[0]).toContain('and 80 more');
  const [last, ...others] = names;
  await reports(report([missed(last, 'vault Vault'), ...others.map((name) => resource(name))]));
  const ok = { state: 'OK', at: '2026-11-20T13:00:00.000+0000', points: [0.1] };
  await alarms(others.map((name) => ({ ...ok, resource: name })));
  expect(sns.published).toHaveLength(1);
  await reports(report(names.map((name) => resource(name))));
  await handler(alarm({ ...ok, resource: last }));
  expect(subjects()).toHaveLength(2);
}, 60_000);

test('two plans of different people are told each, of one cause', async () => {
  const others = { page: ALERTS.ticket };
  await reports(
    report([missed('Gold/Orders', 'vault Vault')]),
    report([missed('Silver/Old', 'vault Vault')], { shard: 'silver', plan: 'Silver', alerts: others }),
  );
  await alarms([{ resource: 'Gold/Orders' }, { resource: 'Silver/Old' }]);
  expect(subjects().sort()).toEqual([
    'pager [page] Gold/Orders: daily recovery points 27 hours old',
    'tickets [page] Silver/Old: daily recovery points 27 hours old',
  ]);
  // What is over for some is not over for the others.
  await reports(report([resource('Gold/Orders')]));
  await handler(alarm({ state: 'OK', at: '2026-11-20T13:00:00.000+0000', points: [0.1] }));
  expect(subjects().slice(2)).toEqual(['pager [over] Gold/Orders: daily recovery points 27 hours old']);
});

test('silence of many resources is one message about the monitor', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `Gold/Db${index}`);
  await reports(
    report(
      names.map((name) => resource(name)),
      { at: ago(2 * HOUR) },
    ),
  );
  await alarms(
    names.flatMap((name) => [
      { resource: name, points: [] },
      { resource: name, points: [], metric: 'DrillAgeRatio' },
    ]),
  );
  expect(sns.published).toHaveLength(1);
  expect(published()[0]).toContain(
    'and 29 more could be restored from is not measured any more: the last report is of 2026-11-20 10:00 UTC.',
  );
}, 60_000);

test('what AWS said is told where one resource could not be measured', async () => {
  const { restorable: _, ...unknown } = resource('Gold/Orders');
  await reports(report([unknown, resource('Gold/Ledger')], { troubles: ['Rate exceeded.'] }));
  await handler(alarm({ points: [0.4, 0.4] }));
  expect(subjects()).toEqual(['pager [page] Gold/Orders: nobody measures any more']);
  expect(published()[0]).toContain('is not measured any more: AWS said Rate exceeded.');
});

test('a breach that comes to light when the monitor measures again is told, though its alarm does not change', async () => {
  const all = ['Gold/Orders', 'Gold/Ledger'];
  await reports(
    report(
      all.map((name) => resource(name)),
      { at: ago(2 * HOUR) },
    ),
  );
  await alarms(all.map((name) => ({ resource: name, points: [] })));
  await reports(report([missed('Gold/Orders'), resource('Gold/Ledger')]));
  const ok = { state: 'OK', at: '2026-11-20T13:00:00.000+0000', points: [0.1] };
  await handler(alarm({ ...ok, resource: 'Gold/Ledger' }));
  expect(subjects().slice(1)).toEqual([
    expect.stringMatching(/^pager \[over\] Gold.* and 1 more: nobody measures any more$/),
    'pager [page] Gold/Orders: daily recovery points 27 hours old',
  ]);
  await reports(report(all.map((name) => resource(name))));
  await handler(alarm({ ...ok, resource: 'Gold/Orders', at: '2026-11-20T14:00:00.000+0000' }));
  expect(subjects().slice(3)).toEqual(['pager [over] Gold/Orders: daily recovery points 27 hours old']);
});

test('nothing that can be restored, nothing that was ever there, the objective itself', async () => {
  const blocked = {
    ...source('daily recovery points', 'recovery-point', HOUR, 26 * HOUR),
    ratio: 100,
    blocked: 'its key is disabled',
  };
  const { newest: _, ...never } = source('weekly copies in eu-central-1', 'copy', 9 * DAY, 8 * DAY);
  const whole = (sources: Parameters<typeof source> extends never ? never : object[], of: string, more = {}) => {
    const made = resource('Gold/Orders', { sources: sources as never });
    return { ...made, restorable: { ...made.restorable!, of, cause: `recoverable ${of}`, ratio: 2, ...more } };
  };
  await reports(report([whole([blocked], 'daily recovery points')]));
  await handler(alarm());
  await reports(report([whole([never], 'weekly copies in eu-central-1', { newest: undefined })]));
  await handler(alarm({ at: '2026-11-20T12:01:00.000+0000' }));
  await reports(report([whole([source('point in time', 'point-in-time', 1800, 900)], 'rpo')]));
  await handler(alarm({ at: '2026-11-20T12:02:00.000+0000' }));
  expect(published().map((text) => text.split('\n').slice(0, 5).join('\n'))).toEqual([
    `Gold/Orders: nothing can be restored from daily recovery points

What happened: Nothing can be restored from the daily recovery points of Gold/Orders: its key is disabled.
Since: 2026-11-20 11:59 UTC
What it means: Nothing else stands for it: plan Gold promises to lose at most 15 minutes.`,
    `Gold/Orders: no weekly copies in eu-central-1

What happened: Gold/Orders has no weekly copies in eu-central-1, 9 days after it was first seen; 8 days are allowed.
Since: 2026-10-29 12:00 UTC
What it means: Nothing else stands for it: plan Gold promises to lose at most 15 minutes.`,
    `Gold/Orders: restorable state is 30 minutes old

What happened: The newest state that Gold/Orders could be restored to is of 2026-11-20 11:30 UTC, 30 minutes old; 15 minutes are allowed.
Since: 2026-11-20 11:45 UTC
What it means: Nothing else stands for it: plan Gold promises to lose at most 15 minutes.`,
  ]);
});

test('no drill passed', async () => {
  const proven = { ratio: 1.2, provenSeconds: 8 * DAY, lastPassedAt: ago(9 * DAY + 5 * HOUR) };
  await reports(report([resource('Gold/Orders', { proven })]));
  await handler(alarm({ metric: 'DrillAgeRatio', points: [1.2, 1.2, 1.2] }));
  expect(subjects()).toEqual(['tickets [ticket] Gold/Orders: no drill passed for 9 days 5 hours']);
  expect(published()[0]).toContain(
    'The last restore drill of Gold/Orders that passed was on 2026-11-11 07:00 UTC, 9 days 5 hours ago; one must pass every 8 days.',
  );
});

const DESCRIPTION =
  'What happened: something that a restore drill made outlived it. What it means: copies of production data may still exist. Next step: see the log of the sweep function.';

test('an alarm of the site says what its description says, to the people of the site', async () => {
  process.env.SITE_ALERTS = JSON.stringify({ ticket: ALERTS.digest });
  await reports(report([resource('Gold/Orders')]));
  await handler(alarm({ metric: 'Leftovers', resource: 'site', points: [3], description: DESCRIPTION }));
  expect(subjects()).toEqual(['digest [ticket] Site acme: something outlived its drill']);
  expect(published()[0]).toContain('What happened: Something that a restore drill made outlived it.\n');
  expect(published()[0]).toContain('Next step: See the log of the sweep function.\n');
});

test('without a report the message says what the alarm says', async () => {
  process.env.SITE_ALERTS = JSON.stringify(ALERTS);
  await handler(alarm({ description: DESCRIPTION }));
  await handler(alarm({ metric: '', name: 'acme-DrillFailed', description: 'whatever' }));
  expect(subjects()).toEqual([
    'pager [page] Gold/Orders: not recoverable as promised',
    'tickets [ticket] Site acme: acme-DrillFailed',
  ]);
});

test('what cannot be told is thrown, so that the raw alarm is sent instead', async () => {
  expect((await rejection(handler(alarm()))).message).toMatch(/^nobody is told that Gold\/Orders: not recoverable/);
  expect((await rejection(handler({ hello: 'world' }))).message).toBe(
    'this is neither an alarm of CloudWatch nor an event of EventBridge',
  );
  await reports(report([missed('Gold/Orders')]));
  faults.throttle = { service: 'sns' };
  expect((await rejection(handler(alarm()))).name).toBe('ThrottledException');
  delete faults.throttle;
  expect(await handler(alarm())).toEqual({ told: 1 });
});

test('what is under no plan is named in one message, and told to be over', async () => {
  await site.state.put(keys.coverage(), {
    ...{ schema: 'cdk-recoverable/coverage/v1', site: 'acme', region: 'eu-west-1', at: NOW, looked: 3 },
    unprotected: ['legacy', 'scratch'].map((identifier) => ({ kind: 'db-instance', identifier, since: ago(2 * HOUR) })),
  });
  await reports(report([resource('Gold/Orders')]));
  const unprotected = { metric: 'Unprotected', resource: 'site', points: [2, 2] };
  await alarms([unprotected, unprotected]);
  await alarms([{ ...unprotected, state: 'OK', at: '2026-11-20T13:00:00.000+0000', points: [0, 0] }]);
  await site.state.delete(keys.coverage());
  expect(subjects()).toEqual([
    'tickets [ticket] Site acme: 2 databases without protection',
    'tickets [over] Site acme: 2 databases without protection',
  ]);
  expect(published()[0]).toContain('Under no plan of site acme: instance legacy, instance scratch.');
});
