import { costOf } from '../../../lambda/evidence/cost';
import { PRICES } from '../../../lambda/evidence/prices';
import { summary } from '../../../lambda/evidence/summary';
import { at, DEFINITION, endedBy, evidenceOf, FACTS, FROM_RECOVERY_POINT, RESULTS, STATE } from './samples';

const NAME = STATE.drill.names.instance;

test('the same facts give the same bytes', () => {
  expect(JSON.stringify(evidenceOf(FACTS))).toBe(JSON.stringify(evidenceOf(structuredClone(FACTS))));
});

test('says where it came from, how old that was and who owns it', () => {
  expect(evidenceOf(FACTS)).toMatchObject({
    owner: 'Payments',
    drill: 'Shop/Orders/Weekly',
    source: { kind: 'point-in-time', restorePoint: at(-241), ageSeconds: 241, instanceClass: 'db.t4g.micro' },
    previous: { key: 'chain/Shop/Orders/00000006.json' },
    comparedWith: [expect.stringContaining('fedcba98765432100123')],
  });
});

test('the first drill says that nothing earlier was there', () => {
  const results = { ...RESULTS, reference: { baselineAt: at(-241) } };
  expect(evidenceOf({ ...FACTS, results }).comparedWith).toEqual([
    expect.stringContaining('Nothing earlier'),
    expect.stringContaining('2026-11-20 12:55:59 UTC'),
  ]);
});

describe('differences from a real recovery', () => {
  test('name class, version and zones where they differ', () => {
    const source = {
      ...STATE.source!,
      engineVersion: '17.6',
      instanceClass: 'db.t4g.micro',
      production: { ...STATE.source!.production!, instanceClass: 'db.r6g.large' },
    };
    const said = evidenceOf({ ...FACTS, state: { ...STATE, source } }).differences.join('\n');
    for (const part of [
      'db.r6g.large',
      '17.6',
      '18.1',
      'Multi-AZ',
      'default.postgres17',
      'gp3',
      'isolated',
      'retention 0',
    ])
      expect(said).toContain(part);
  });

  test('leave out what does not differ', () => {
    const source = { ...STATE.source!, production: { ...STATE.source!.production!, multiAz: false } };
    const said = evidenceOf({ ...FACTS, state: { ...STATE, source } }).differences.join('\n');
    expect(said).not.toMatch(/Multi-AZ|runs on/);
  });

  test('say that production was not there, and how a recovery point was restored', () => {
    const said = evidenceOf({ ...FACTS, state: FROM_RECOVERY_POINT }).differences.join('\n');
    expect(said).toMatch(/Production was not there to compare with/);
    expect(said).toMatch(/AWS Backup restored the copy under a role/);
    expect(said).toMatch(/kept the backup retention that its recovery point was taken with/);
    expect(said).not.toMatch(/retention 0|Multi-AZ|production runs|had copied there/);
  });

  test.each([
    ['eu-central-1:111122223333', 'eu-central-1'],
    ['eu-west-1:444455556666', 'eu-west-1 of account 444455556666'],
  ])('say that a copy of what is in %s was restored, which was not asked', (from, place) => {
    const { recoveryPoint, ...copy } = FROM_RECOVERY_POINT.source!;
    const resourceArn = `arn:aws:rds:${from}:db:orders`;
    const source = { ...copy, recoveryPoint: { ...recoveryPoint!, resourceArn } };
    const evidence = evidenceOf({ ...FACTS, state: { ...FROM_RECOVERY_POINT, source } });
    const said = evidence.differences.join('\n');
    expect(said).toContain(`Production is in ${place} and was not asked`);
    expect(said).toContain(
      `The copy was restored in eu-west-1 from what AWS Backup had copied there, with nothing of ${place}`,
    );
    expect(said).not.toContain('was not there to compare with');
    expect(evidence.source).toMatchObject({ resourceArn });
    expect(summary(evidence)).toContain('restored from copied recovery point awsbackup:job-1a2b');
  });

  test('there are none when nothing was restored', () => {
    expect(evidenceOf(endedBy('NoRecoverySource', '')).differences).toEqual([]);
  });
});

test('manual judgement names sources not exercised, checks left out and data loss not measured', () => {
  const definition = { ...DEFINITION, checks: [], withoutChecks: [{ check: 'settings' as const, reason: 'legacy' }] };
  const said = evidenceOf({ ...FACTS, definition }).manual.join('\n');
  for (const part of [
    'snapshot',
    'settings was left out in the plan: legacy',
    'Check.freshness',
    'values were not compared',
  ])
    expect(said).toContain(part);
});

describe('left behind', () => {
  const failure = {
    Error: 'AccessDenied',
    Cause: JSON.stringify({ errorType: 'AccessDenied', errorMessage: 'not you' }),
  };

  test('nothing after a teardown that ended', () => {
    expect(evidenceOf(FACTS)).toMatchObject({ leftBehind: [], removed: [{ kind: 'db-instance' }, { kind: 'secret' }] });
  });

  test('nothing where teardown found nothing and waited long enough', () => {
    const teardown = { ...STATE.teardown!, removed: [] };
    expect(evidenceOf({ ...FACTS, state: { ...STATE, teardown } })).toMatchObject({ leftBehind: [], removed: [] });
  });

  test('what may have been made counts as left while nobody saw it gone', () => {
    const evidence = evidenceOf({ ...FACTS, state: { ...STATE, teardown: undefined, teardownFailure: failure } });
    expect(evidence.leftBehind).toEqual([
      { kind: 'db-instance', identifier: NAME },
      { kind: 'secret', identifier: NAME },
    ]);
    expect(evidence.removed).toEqual([]);
    expect(evidence.manual[0]).toContain('AccessDenied: not you');
  });

  test('what was seen going is not listed twice', () => {
    const teardown = {
      ...STATE.teardown!,
      gone: false,
      removed: [STATE.teardown!.removed[1]!],
      leftBehind: [STATE.teardown!.removed[0]!],
    };
    const evidence = evidenceOf({ ...FACTS, state: { ...STATE, teardown, teardownFailure: failure } });
    expect(evidence).toMatchObject({ leftBehind: [{ kind: 'db-instance' }], removed: [{ kind: 'secret' }] });
    expect(evidence.leftBehind).toHaveLength(1);
  });

  test('nothing when no source was chosen, since nothing was attempted', () => {
    expect(
      evidenceOf({ ...endedBy('NoRecoverySource', ''), state: { drill: STATE.drill, teardownFailure: failure } })
        .leftBehind,
    ).toEqual([]);
  });
});

describe('cost', () => {
  test('an instance is billed for ten minutes at least', () => {
    const short = { ...STATE, teardown: { ...STATE.teardown!, absentSince: at(40) } };
    const instance = costOf(short, at(50), 30).lines[0];
    expect(instance).toMatchObject({ item: 'Restored instance db.t4g.micro', amount: 0.002667 });
    expect(instance?.basis).toMatch(/lived 30 s, at least 10 min.*from memory/);
  });

  test('the lines add up, and each says where its price is from', () => {
    const { lines, total, pricesAsOf } = costOf(STATE, at(905), 30);
    expect(lines).toHaveLength(4);
    expect(total).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.amount, 0),
      5,
    );
    for (const line of lines) expect(line.basis).toMatch(/verified|from memory/);
    expect(pricesAsOf).toBe(PRICES.asOf);
  });

  test('an unknown class is said and not counted', () => {
    const state = { ...STATE, source: { ...STATE.source!, instanceClass: 'db.x9.mega' } };
    expect(costOf(state, at(905), 30).lines[0]).toMatchObject({
      amount: 0,
      basis: expect.stringContaining('not in the price table'),
    });
  });

  test('without a restore only the machinery costs', () => {
    const { state } = endedBy('NoRecoverySource', '');
    expect(
      costOf({ ...state, teardown: { ...STATE.teardown!, removed: [] } }, at(20), 30).lines.map((line) => line.item),
    ).toEqual(['Functions', 'State machine']);
  });

  test('a lost answer is no free instance', () => {
    const { state } = endedBy('Throttling', '', 'restore');
    expect(costOf(state, at(905), 30).lines[0]?.item).toContain('Restored instance');
  });
});
