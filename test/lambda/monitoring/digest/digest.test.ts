import { lettersOf } from '../../../../lambda/monitoring/digest/letter';
import { inWords } from '../../../../lambda/monitoring/digest/words';
import { keys } from '../../../../lambda/shared/keys';
import type { CoverageReport, HistorySummary } from '../../../../lib/private/contract/history';
import type { Finding } from '../../../../lib/private/contract/monitoring';
import type { RehearsedSns } from '../../../../rehearsal/aws';
import { rejection } from '../../../rehearsal/aws/support';
import { openSite, type Site } from '../../account';
import { ALERTS, at, topics } from '../messages/support';
import { ago, DAY, missed, NOW, report, resource } from '../reports';

const about = { site: 'acme', region: 'eu-west-1', now: NOW };
const proven = (days: number) => ({ ratio: days / 8, provenSeconds: 8 * DAY, lastPassedAt: ago(days * DAY) });
const finding = (severity: Finding['severity'], what: string): Finding => ({
  id: 'x',
  severity,
  cause: what,
  what,
  means: 'It means something.',
  nextStep: 'Do this.',
  since: NOW,
});

const history: HistorySummary = {
  schema: 'cdk-recoverable/history-summary/v1',
  site: 'acme',
  region: 'eu-west-1',
  at: NOW,
  through: '2026-11-19',
  findings: [],
  resources: [
    {
      ...{ name: 'Gold/Orders', kind: 'db-instance', identifier: 'orders' },
      last30Days: { succeeded: 29, failed: 1, passed: 4, notPassed: 0 },
      successRate: 29 / 30,
      failedJobs: [
        { kind: 'backup', state: 'FAILED', id: 'a', endedAt: ago(3 * DAY), message: 'Insufficient capacity' },
      ],
      sizes: [],
      findings: [],
    },
  ],
};
const coverage: CoverageReport = {
  ...{ schema: 'cdk-recoverable/coverage/v1', site: 'acme', region: 'eu-west-1', at: NOW, looked: 7 },
  unprotected: ['a', 'b', 'c', 'd', 'e', 'f'].map((identifier) => ({ kind: 'db-instance', identifier, since: NOW })),
};

test('a quiet week is short, and says what holds', () => {
  const { title, lines, troubled } = inWords({
    ...about,
    reports: [report([resource('Gold/Orders', { proven: proven(3) }), resource('Gold/Ledger')])],
    history,
  });
  expect([title, troubled]).toEqual(['acme: all 2 recoverable and proven', 0]);
  expect(lines).toEqual([
    'acme in eu-west-1, 2026-11-20 12:00 UTC. Of what is protected all 2 can be restored as promised; of what is drilled all 1 were proven in time.',
    '',
    'For your information:',
    '- Gold/Orders: 1 job of AWS Backup failed in 30 days, the last on 2026-11-17 12:00 UTC (Insufficient capacity)',
    '',
    'Each resource:',
    '- Gold/Orders: restorable to 2026-11-20 11:55 UTC, 46 % of what is allowed, proven 3 days ago, 97 % of backup jobs succeeded',
    '- Gold/Ledger: restorable to 2026-11-20 11:55 UTC, 46 % of what is allowed, not drilled',
  ]);
});

test('what is not as promised comes first, all of it', () => {
  const late = { ...missed('Gold/Orders'), proven: proven(12) };
  const unmeasured = { ...resource('Gold/Dark'), restorable: undefined };
  const never = { ...resource('Gold/New'), proven: { ratio: 2, provenSeconds: 8 * DAY } };
  const stopped = { ...resource('Gold/Night'), findings: [finding('digest', 'It is stopped since Monday.')] };
  const { title, lines } = inWords({
    ...about,
    reports: [
      report([late, unmeasured, never, stopped], {
        findings: [finding('ticket', 'The quota of snapshots is nearly used.')],
      }),
      report([resource('Silver/Old')], { plan: 'Silver', at: ago(DAY) }),
    ],
    coverage,
  });
  expect(title).toBe('acme: 7 things need somebody');
  const from = lines.indexOf('Needs somebody:') + 1;
  expect(lines.slice(from, lines.indexOf('', from))).toEqual([
    '- Gold/Orders: the newest of daily recovery points is 27 hours old, 26 hours are allowed',
    '- Gold/Orders: the last drill passed 12 days ago, one must every 8 days',
    '- Gold/Dark: what it could be restored from could not be measured',
    `- Gold/New: no drill has passed since 2026-10-21 12:00 UTC, one must every 8 days`,
    '- Silver/Old: nobody has measured it since 2026-11-19 12:00 UTC',
    '- The quota of snapshots is nearly used. Do this.',
    '- Under no plan: a, b, c, d, e and 1 more. Protect each, or name it in exclude of alarmOnUnprotected.',
  ]);
  expect(lines).toContain('- Gold/Night: It is stopped since Monday. Do this.');
});

test('that nobody writes the history any more needs somebody, once it is no single night', () => {
  const digest = (through: string) =>
    inWords({ ...about, reports: [report([resource('Gold/Orders')])], history: { ...history, through } });
  expect(digest('2026-11-18').title).toBe('acme: all 1 recoverable and proven');
  const { title, lines } = digest('2026-11-17');
  expect(title).toBe('acme: 1 thing needs somebody');
  expect(lines[lines.indexOf('Needs somebody:') + 1]).toMatch(/^- Nobody has written since 2026-11-17 /);
});

test('of very many the worst are listed, and hostile names add no line', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => resource(`Gold/Db${index}`));
  const { lines } = inWords({ ...about, reports: [report([...many, missed('Gold/Bad\n- Fake: fine')])] });
  expect(lines.length).toBeLessThan(50);
  expect(lines).toContain(
    '- Gold/Bad - Fake: fine: the newest of daily recovery points is 27 hours old, 26 hours are allowed',
  );
  expect(lines.at(-1)).toBe('- and 961 more, all of them better');
});

test('a digest of a thousand troubles is what SNS takes', () => {
  const week = {
    ...about,
    reports: [report(Array.from({ length: 1_000 }, (_, index) => missed(`Gold/Übung€${index}`)))],
  };
  const { Subject, Message } = lettersOf(week, inWords(week));
  expect(Buffer.byteLength(Message)).toBeLessThan(256 * 1024);
  expect(Subject.length).toBeLessThan(100);
});

describe('the function', () => {
  let sns: RehearsedSns;
  let site: Site;
  let handler: (typeof import('../../../../lambda/monitoring/digest/handler'))['handler'];
  beforeAll(async () => {
    sns = topics();
    site = await openSite({ services: [sns.service()] });
    ({ handler } = await import('../../../../lambda/monitoring/digest/handler'));
  });
  afterAll(() => site.close());
  beforeEach(() => at(NOW));
  afterEach(() => jest.useRealTimers());

  test('tells each plan’s digest topic of its own plans, and nobody else', async () => {
    const ticket = { ticket: 'arn:aws:sns:eu-west-1:111122223333:tickets' };
    await site.state.put(keys.report('gold'), report([resource('Gold/Orders')]));
    await site.state.put(keys.report('silver'), report([resource('Silver/Old')], { shard: 'silver', alerts: ticket }));
    await site.state.put(keys.historySummary(), history);
    expect(await handler()).toEqual({ told: 1 });
    const [{ topic, subject, message }, ...others] = sns.published;
    expect([others, topic.split(':').at(-1), subject]).toEqual([
      [],
      'digest',
      '[digest] acme: all 1 recoverable and proven',
    ]);
    const bodies = JSON.parse(message) as Record<string, string>;
    expect(bodies.email).toMatch(/^acme in eu-west-1.*\n[^]*Gold\/Orders: restorable to/);
    expect(bodies.email).not.toContain('Silver');
    expect(JSON.parse(bodies.https)).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown' },
    });
  });

  test('a topic that is gone keeps it from nobody else, who are told once however often it is tried', async () => {
    const gone = { ...ALERTS, digest: ALERTS.digest.replace('digest', 'removed') };
    await site.state.put(keys.report('bronze'), report([resource('Bronze/Old')], { shard: 'bronze', alerts: gone }));
    sns.published.length = 0;
    for (let tried = 0; tried < 3; tried++) {
      expect(await rejection(handler())).toMatchObject({ name: 'DigestIncomplete' });
    }
    expect(sns.published.map(({ topic }) => topic)).toEqual([ALERTS.digest]);
    await site.state.delete(keys.report('bronze'));
    await handler();
    await handler();
    expect(sns.published).toHaveLength(2);
  });

  test('of a plan that was removed it says nothing once its silence has long been told', async () => {
    const removed = (days: number) =>
      site.state.put(keys.report('bronze'), report([resource('Bronze/Old')], { shard: 'bronze', at: ago(days * DAY) }));
    const body = async () => {
      sns.published.length = 0;
      await handler();
      return (JSON.parse(sns.published[0].message) as { email: string }).email;
    };
    await removed(13);
    expect(await body()).toContain('Bronze/Old: nobody has measured it since');
    await removed(15);
    expect(await body()).not.toContain('Bronze');
    await site.state.delete(keys.report('bronze'));
  });

  test('of nothing that is watched it tells nobody', async () => {
    for (const key of await site.state.list('monitor/')) await site.state.delete(key);
    sns.published.length = 0;
    expect(await handler()).toEqual({ told: 0 });
    expect(sns.published).toEqual([]);
  });
});
