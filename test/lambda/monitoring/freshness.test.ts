import fc from 'fast-check';
import { stopsRestores } from '../../../lambda/monitoring/findings/key-policy';
import { withCauses, type Aged } from '../../../lambda/monitoring/freshness/causes';
import { ageMetric } from '../../../lambda/monitoring/freshness/metric-name';
import { ratioOf } from '../../../lambda/monitoring/freshness/ratio';
import { forgetStops, noteStatus, runningSeconds, type Stop } from '../../../lambda/monitoring/freshness/running';
import { worst } from '../../../lambda/monitoring/freshness/worst';
import type { SourceReport } from '../../../lib/private/contract/monitoring';
import { account } from '../../rehearsal/aws/support';

const START = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const second = fc.integer({ min: 0, max: 400 * 86_400 });
const stop = fc
  .tuple(second, fc.option(fc.integer({ min: 0, max: 30 * 86_400 }), { nil: undefined }))
  .map(([from, length]): Stop =>
    length === undefined ? { from: at(from) } : { from: at(from), to: at(from + length) },
  );
const stops = fc.array(stop, { maxLength: 8 });

describe('running age', () => {
  test('is the elapsed time where nothing was stopped, and never more', () => {
    fc.assert(
      fc.property(second, second, stops, (from, length, stopped) => {
        const [begin, end] = [at(from), at(from + length)];
        expect(runningSeconds(begin, end, [])).toBe(length);
        const running = runningSeconds(begin, end, stopped);
        expect(running).toBeGreaterThanOrEqual(0);
        expect(running).toBeLessThanOrEqual(length);
      }),
    );
  });

  test('counts every second once, however stops overlap', () => {
    const small = fc.array(
      fc.tuple(fc.nat(100), fc.nat(40)).map(([from, length]): Stop => ({ from: at(from), to: at(from + length) })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), small, (from, length, stopped) => {
        const seconds = Array.from({ length }, (_, i) => from + i);
        const ran = seconds.filter((one) => !stopped.some((each) => each.from <= at(one) && at(one) < each.to!));
        expect(runningSeconds(at(from), at(from + length), stopped)).toBe(ran.length);
      }),
    );
  });

  test('adds up, and grows with time', () => {
    fc.assert(
      fc.property(second, second, second, stops, (from, one, other, stopped) => {
        const closed = stopped.map((each) => ({ ...each, to: each.to ?? at(from + one + other) }));
        const whole = runningSeconds(at(from), at(from + one + other), closed);
        const parts = runningSeconds(at(from), at(from + one), closed);
        const rest = runningSeconds(at(from + one), at(from + one + other), closed);
        expect(parts + rest).toBeCloseTo(whole, 3);
      }),
    );
  });

  test('is never negative for a moment that is yet to come', () => {
    fc.assert(fc.property(second, stops, (from, stopped) => runningSeconds(at(from + 1), at(from), stopped) === 0));
  });

  test('does not need the stops that ended before', () => {
    fc.assert(
      fc.property(second, second, stops, (from, length, stopped) => {
        const kept = forgetStops(stopped, at(from));
        expect(runningSeconds(at(from), at(from + length), kept)).toBe(
          runningSeconds(at(from), at(from + length), stopped),
        );
      }),
    );
  });
});

describe('noting a status', () => {
  const status = fc.constantFrom('available', 'stopped', 'stopping', 'starting', 'backing-up');

  test('keeps stops in order, closed but for the last, and as many as a year of nights', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 60 }), (statuses) => {
        const noted = statuses.reduce<Stop[]>(
          (all, one, i) =>
            noteStatus(all, one, {
              now: at(300 * (i + 1)),
              before: i > 0 ? at(300 * i) : undefined,
              everySeconds: 300,
            }),
          [],
        );
        expect(noted.slice(0, -1).every(({ to }) => to !== undefined)).toBe(true);
        noted.forEach(({ from, to }) => expect(to === undefined || to >= from).toBe(true));
        expect([...noted].sort((a, b) => (a.from < b.from ? -1 : 1))).toEqual(noted);
      }),
    );
  });

  test('a database that is stopped every night for a year is known to be', () => {
    let noted: Stop[] = [];
    for (let hour = 1; hour < 400 * 24; hour++) {
      const looks = { now: at(hour * 3600), before: at((hour - 1) * 3600), everySeconds: 3600 };
      noted = noteStatus(noted, hour % 24 < 8 ? 'stopped' : 'available', looks);
    }
    expect(noted).toHaveLength(400);
    const running = runningSeconds(at(0), at(400 * 86_400), noted);
    // Each stop and each start may lie anywhere between two looks.
    expect(running / (400 * 3600)).toBeGreaterThanOrEqual(15);
    expect(running / (400 * 3600)).toBeLessThanOrEqual(16);
  });

  test('a monitor that was silent for long does not take the silence for a stop', () => {
    const looks = { now: at(100_000), before: at(0), everySeconds: 300 };
    expect(noteStatus([], 'stopped', looks)).toEqual([{ from: at(100_000 - 600) }]);
  });
});

test('a ratio is between nothing and a hundred, whatever it is of', () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (age, allowed) => {
      const ratio = ratioOf(age, allowed);
      expect(ratio >= 0 && ratio <= 100).toBe(true);
    }),
  );
  expect(ratioOf(450, 900)).toBe(0.5);
});

const source = (name: string, ageSeconds: number, more: Partial<SourceReport> = {}): SourceReport => ({
  ...{ name, kind: 'recovery-point', ageSeconds, allowedSeconds: 86_400, ratio: ageSeconds / 86_400 },
  ...{ lookedAt: at(0), newest: at(-ageSeconds), since: at(-1e6), ...more },
});

describe('the worst', () => {
  const judge = (sources: SourceReport[], objectives = { rpoSeconds: 86_400 } as object) =>
    worst({
      objectives: objectives as { rpoSeconds: number },
      ...{ home: 'eu-west-1', sources, stopped: [], since: at(-1e6), now: at(0) },
    })!;

  test('is no better than any source, and an objective counts the freshest alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 5 }), (ages) => {
        const sources = ages.map((age, i) => source(`s${i}`, age));
        const { ratio } = judge(sources);
        sources.forEach((one) => expect(ratio).toBeGreaterThanOrEqual(one.ratio));
        expect(judge(sources, { rpoSeconds: 60 }).ratio).toBeGreaterThanOrEqual(
          Math.min(100, Math.min(...ages) / 600) - 1e-9,
        );
      }),
    );
  });

  test('a source from which nothing can be restored keeps no promise', () => {
    const blocked = source('blocked', 60, { blocked: 'Its key is disabled.', ratio: 100 });
    expect(judge([blocked])).toMatchObject({ of: 'blocked', ratio: 100 });
    const copy = source('copy', 3600, { region: 'eu-central-1' });
    expect(
      judge([copy, { ...blocked, region: 'us-east-1' }], { rpoSeconds: 86_400, regionLossRpoSeconds: 1800 }).of,
    ).toBe('blocked');
    expect(judge([copy], { rpoSeconds: 86_400, regionLossRpoSeconds: 1800 })).toMatchObject({ of: 'regionLossRpo' });
  });

  test('nothing is promised where there are no objectives', () => {
    expect(
      worst({ objectives: null, home: 'x', sources: [source('a', 1)], stopped: [], since: at(0), now: at(0) }),
    ).toBeUndefined();
  });
});

describe('one cause, one message', () => {
  const vaultArn = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:home';
  const aged = (name: string, ratio: number, more: Partial<Aged> = {}): Aged => {
    const late = source('daily', ratio * 86_400, { vaultArn });
    const worstAge = { ratio, of: 'daily', ageSeconds: ratio * 86_400, allowedSeconds: 86_400, source: late };
    return { key: name, name, worst: worstAge, findings: [], ...more };
  };
  const causes = (all: Aged[]) => [...withCauses(all, []).values()].map(({ cause }) => cause);

  test('a vault that two or more are late in is the cause of all of them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 20 }), (ratios) => {
        const all = ratios.map((ratio, i) => aged(`Gold/${i}`, ratio));
        const late = ratios.filter((ratio) => ratio > 1).length;
        causes(all).forEach((cause, i) =>
          expect(cause).toBe(late > 1 && ratios[i] > 1 ? `vault ${vaultArn}` : `Gold/${i}`),
        );
      }),
    );
  });

  test('is the cause of the last one too, until it is late no more', () => {
    const last = `vault ${vaultArn}`;
    expect(causes([aged('Gold/A', 2, { last }), aged('Gold/B', 0.1, { last })])).toEqual([last, 'Gold/B']);
    const elsewhere = 'vault arn:aws:backup:eu-west-1:111122223333:backup-vault:other';
    expect(causes([aged('Gold/A', 2, { last: elsewhere })])).toEqual(['Gold/A']);
  });

  test('a resource with trouble of its own is told by itself', () => {
    const own = {
      severity: 'page' as const,
      cause: 'Gold/A',
      id: 'x',
      what: '',
      means: '',
      nextStep: '',
      since: at(0),
    };
    expect(causes([aged('Gold/A', 2, { findings: [own] }), aged('Gold/B', 2)])).toEqual(['Gold/A', 'Gold/B']);
  });

  test('one resource that is watched twice is no two', () => {
    expect(causes([aged('Gold/A', 2, { key: 'a' }), aged('Gold/A', 2, { key: 'b' })])).toEqual(['Gold/A', 'Gold/A']);
  });
});

test('names of metrics are letters and digits', () => {
  expect(ageMetric('daily recovery points')).toBe('DailyRecoveryPointsAge');
  expect(ageMetric('weekly copies in eu-central-1')).toBe('WeeklyCopiesInEuCentral1Age');
  fc.assert(fc.property(fc.string(), (name) => /^[A-Za-z0-9]*Age$/.test(ageMetric(name))));
});

describe('a key policy', () => {
  const root = `arn:aws:iam::${account}:root`;
  const allow = (AWS: unknown, Action: unknown, more: object = {}) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    ...more,
  });
  const deny = (Principal: unknown, Action: unknown, more: object = {}) => ({
    Effect: 'Deny',
    Principal,
    Action,
    ...more,
  });
  const judge = (...Statement: object[]) => stopsRestores(JSON.stringify({ Statement }), account);

  test.each<[string, object[], string | undefined]>([
    ['delegates to the account', [allow(root, 'kms:*')], undefined],
    ['delegates by number', [allow([account], ['kms:Describe*', 'KMS:CreateGrant'])], undefined],
    [
      'names a role',
      [allow(`arn:aws:iam::${account}:role/restore`, ['kms:CreateGrant', 'kms:DescribeKey'])],
      undefined,
    ],
    ['is for everybody', [{ Effect: 'Allow', Principal: '*', NotAction: 'kms:Delete*' }], undefined],
    ['allows under a condition', [allow('*', 'kms:*', { Condition: { StringEquals: { a: 'b' } } })], undefined],
    [
      'denies under a condition',
      [allow(root, 'kms:*'), deny('*', 'kms:*', { Condition: { Bool: { a: 'b' } } })],
      undefined,
    ],
    ['denies a role', [allow(root, 'kms:*'), deny({ AWS: `arn:aws:iam::${account}:role/x` }, 'kms:*')], undefined],
    ['denies what no restore needs', [allow(root, 'kms:*'), deny('*', 'kms:ScheduleKeyDeletion')], undefined],
    ['denies grants', [allow(root, 'kms:*'), deny('*', 'kms:Create*')], 'it denies kms:CreateGrant'],
    [
      'denies all but',
      [allow(root, 'kms:*'), { Effect: 'Deny', NotPrincipal: { AWS: root }, Action: 'kms:Decrypt' }],
      'it denies kms:Decrypt',
    ],
    [
      'is another account’s',
      [allow('arn:aws:iam::999999999999:root', 'kms:*')],
      expect.stringContaining('neither to account'),
    ],
    [
      'lacks grants',
      [allow(root, ['kms:Decrypt', 'kms:DescribeKey'])],
      expect.stringContaining('allows kms:CreateGrant neither'),
    ],
    [
      'is for a service',
      [{ Effect: 'Allow', Principal: { Service: 'rds.amazonaws.com' }, Action: 'kms:*' }],
      expect.any(String),
    ],
    ['is empty', [], expect.any(String)],
  ])('%s', (_, statements, expected) => expect(judge(...statements)).toEqual(expected));

  test('that is no policy is unreadable, and nothing breaks', () => {
    for (const text of ['', 'null', '[]', '{"Statement":"x"}', '{"Statement":[1]}']) {
      expect(() => stopsRestores(text, account)).not.toThrow();
    }
    expect(stopsRestores('{', account)).toBe('unreadable');
    expect(stopsRestores('{"Statement":[null]}', account)).toBe('unreadable');
    fc.assert(fc.property(fc.json(), (text) => ['string', 'undefined'].includes(typeof stopsRestores(text, account))));
  });
});
