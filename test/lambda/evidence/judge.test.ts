import type { DrillDefinition } from '../../../lib/private/contract/drill';
import { judge, type Facts } from '../../../lambda/evidence/judge';
import { at, DEFINITION, endedBy, FACTS, passing, RESULTS, STANDARD, STATE, withChecks, withResult } from './samples';

const TABLE = { database: 'd', schema: 's', name: 't', rows: 1 };

function withDefinition(change: Partial<DrillDefinition>): Facts {
  const definition = { ...DEFINITION, ...change };
  return { ...FACTS, definition, results: { ...RESULTS, checks: passing(definition) } };
}

function withTables(tables: { database: string; schema: string; name: string; rows: number }[]): Facts {
  const profile = RESULTS.profile && { ...RESULTS.profile, tables };
  return { ...FACTS, results: { ...RESULTS, profile } };
}

test('everything good is PASSED, with the measured figures', () => {
  const judged = judge(FACTS);
  expect(judged.verdict).toBe('PASSED');
  expect(judged.reasons).toEqual([
    'All 10 required checks passed on the restored copy: 2 tables, 210,579 rows, both objectives met.',
  ]);
  expect(judged.rpo).toMatchObject({ method: 'data', achievedSeconds: 241.763, objectiveSeconds: 900 });
  expect(judged.rto).toMatchObject({ method: 'checks-passed', achievedSeconds: 688, objectiveSeconds: 3600 });
  expect(judged.rto.phases.map(({ name, seconds }) => [name, seconds])).toEqual([
    ['Restore', 600],
    ['Open access', 50],
    ['Verify', 38],
  ]);
});

describe('never PASSED', () => {
  const noChecks = {
    ...DEFINITION,
    checks: [],
    withoutChecks: STANDARD.map((check) => ({ check, reason: 'because' })),
  };
  const cases: [string, Facts, 'FAILED' | 'INCONCLUSIVE', RegExp][] = [
    [
      'a failed check',
      withResult('row-count:orders', { status: 'fail', observed: '12 rows' }),
      'FAILED',
      /row-count:orders failed.*12 rows/,
    ],
    ['a failed standard check', withResult('foreign-keys', { status: 'fail' }), 'FAILED', /foreign-keys failed/],
    [
      'a check without an answer',
      withResult('connect', { status: 'inconclusive' }),
      'INCONCLUSIVE',
      /connect could not be answered/,
    ],
    [
      'a missing privilege',
      withResult('foreign-keys', { status: 'inconclusive', grant: 'GRANT SELECT ON TABLE "a" TO "m";' }),
      'INCONCLUSIVE',
      /Run on the source: GRANT SELECT/,
    ],
    [
      'a check skipped on nobody’s request',
      withResult('settings', { status: 'skipped' }),
      'INCONCLUSIVE',
      /settings was skipped/,
    ],
    [
      'a declared check skipped',
      withResult('every-order-has-items', { status: 'skipped' }),
      'INCONCLUSIVE',
      /every-order-has-items was skipped/,
    ],
    [
      'an unknown status',
      withResult('settings', { status: 'fine' as never }),
      'INCONCLUSIVE',
      /settings could not be answered/,
    ],
    ['a required check without a result', withChecks(RESULTS.checks.slice(1)), 'INCONCLUSIVE', /No result of connect/],
    [
      'a failed baseline',
      withChecks([...RESULTS.checks, { ...passing()[0]!, id: 'baseline', kind: 'baseline', status: 'fail' }]),
      'FAILED',
      /baseline failed/,
    ],
    [
      'a second result of the same check that failed',
      withChecks([...RESULTS.checks, { ...passing()[0]!, status: 'fail' }]),
      'FAILED',
      /connect failed/,
    ],
    ['no results at all', withChecks([]), 'INCONCLUSIVE', /No result of connect/],
    ['results that are gone', { ...FACTS, results: null }, 'INCONCLUSIVE', /results of the checks are gone/],
    [
      'every check left out',
      { ...FACTS, definition: noChecks as DrillDefinition, results: { ...RESULTS, checks: [] } },
      'INCONCLUSIVE',
      /Not one check passed/,
    ],
    ['no profile', { ...FACTS, results: { ...RESULTS, profile: null } }, 'INCONCLUSIVE', /Not one table was counted/],
    ['an empty table set', withTables([]), 'INCONCLUSIVE', /Not one table was counted/],
    [
      'not a single row',
      withTables([
        { ...TABLE, rows: 0 },
        { ...TABLE, rows: 0 },
      ]),
      'INCONCLUSIVE',
      /Not one table holds a row/,
    ],
    [
      'rows that are no number',
      withTables([{ ...TABLE, rows: Number.NaN }]),
      'INCONCLUSIVE',
      /Not one table was counted/,
    ],
    [
      'verification not done',
      { ...FACTS, state: { ...STATE, verification: { ...STATE.verification!, done: false } } },
      'INCONCLUSIVE',
      /stopped in Verify/,
    ],
    [
      'a machine that was stopped before the restore',
      { definition: DEFINITION, state: { drill: STATE.drill, source: STATE.source }, results: null },
      'INCONCLUSIVE',
      /stopped in Restore/,
    ],
    [
      'a failure beside good results',
      { ...FACTS, state: { ...STATE, failure: { Error: 'States.Timeout', Cause: '' } } },
      'INCONCLUSIVE',
      /did not end in time/,
    ],
    [
      'a stale table',
      withResult('freshness:orders.created_at', { newestRow: at(-901) }),
      'FAILED',
      /RPO missed.*orders\.created_at.*1 s over the objective of 15 min/,
    ],
    [
      'freshness without a row',
      withResult('freshness:orders.created_at', { newestRow: undefined }),
      'INCONCLUSIVE',
      /Data loss was not measured/,
    ],
    [
      'freshness that is no time',
      withResult('freshness:orders.created_at', { newestRow: 'yesterday' }),
      'INCONCLUSIVE',
      /proves no freshness/,
    ],
    [
      'a row from after the restore point',
      withResult('freshness:orders.created_at', { newestRow: at(-239) }),
      'INCONCLUSIVE',
      /proves no freshness/,
    ],
    [
      'an RTO missed',
      withResult('every-order-has-items', { finishedAt: at(10 + 3601) }),
      'FAILED',
      /RTO missed.*1 s over/,
    ],
    [
      'a check that ended before the restore',
      withChecks(RESULTS.checks.map((result) => ({ ...result, finishedAt: at(-9000) }))),
      'INCONCLUSIVE',
      /Recovery time was not measured/,
    ],
    [
      'a check that ended at no time',
      withResult('connect', { finishedAt: '' }),
      'INCONCLUSIVE',
      /Recovery time was not measured/,
    ],
    [
      'a disaster that is no time',
      { ...FACTS, state: { ...STATE, drill: { ...STATE.drill, disasterAt: 'then' } } },
      'INCONCLUSIVE',
      /Data loss was not measured/,
    ],
    [
      'checks that stayed in their asset',
      { ...withDefinition({ checks: [], checksAsset: { bucket: 'b', key: 'k', sha256: 'h' } }) },
      'INCONCLUSIVE',
      /not read from their asset/,
    ],
  ];
  test.each(cases)('%s', (_name, facts, verdict, reason) => {
    const judged = judge(facts);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.join('\n')).toMatch(reason);
  });
});

test('shown bad outweighs not known, and comes first', () => {
  const checks = RESULTS.checks.map((result, index) => ({
    ...result,
    status: index === 0 ? ('inconclusive' as const) : index === 5 ? ('fail' as const) : result.status,
  }));
  const judged = judge({ ...withChecks(checks), state: { ...STATE, failure: { Error: 'States.Timeout', Cause: '' } } });
  expect(judged.verdict).toBe('FAILED');
  expect(judged.reasons[0]).toMatch(/no-table-emptied failed/);
  expect(judged.reasons.length).toBe(3);
});

test('what a plan leaves out with a reason may be skipped or absent, and is said', () => {
  const definition: DrillDefinition = {
    ...DEFINITION,
    withoutChecks: [{ check: 'foreign-keys', reason: 'orphans are known; ticket 12' }],
  };
  for (const checks of [
    RESULTS.checks.map((result) => (result.id === 'foreign-keys' ? { ...result, status: 'skipped' as const } : result)),
    RESULTS.checks.filter((result) => result.id !== 'foreign-keys'),
  ]) {
    const judged = judge({ definition, state: STATE, results: { ...RESULTS, checks } });
    expect(judged.verdict).toBe('PASSED');
    expect(judged.reasons).toContain('Left out on request: foreign-keys (orphans are known; ticket 12).');
  }
});

test.each([0, -1, Number.NaN, undefined, null])('an objective of %s is met by nothing', (broken) => {
  const objectives = { rpoSeconds: broken as number, rtoSeconds: broken as number };
  expect(judge({ ...FACTS, definition: { ...DEFINITION, objectives } }).verdict).not.toBe('PASSED');
});

test('exactly on the objective is met', () => {
  const facts = withResult('freshness:orders.created_at', { newestRow: at(-900) });
  const checks = facts.results!.checks.map((result) => ({ ...result, finishedAt: at(10 + 3600) }));
  expect(judge(withChecks(checks)).verdict).toBe('PASSED');
});

test('several freshness checks: the newest row is the achieved RPO, every stale one is a reason', () => {
  const more = (id: string, table: string) => ({ kind: 'freshness' as const, id, table, column: 'at' });
  const facts = withDefinition({ checks: [...DEFINITION.checks, more('a', 'ledger'), more('b', 'audit')] });
  const ages: Record<string, number> = { a: -3000, b: -4000 };
  const checks = facts.results!.checks.map((result) =>
    ages[result.id] ? { ...result, newestRow: at(ages[result.id] ?? 0) } : result,
  );
  const judged = judge({ ...facts, results: { ...RESULTS, checks } });
  expect(judged.rpo.achievedSeconds).toBe(241.763);
  expect(judged.rpo.explanation).toMatch(
    /^Missed;.*orders.created_at.*ledger.at was 50 min old, audit.at was 1 h 6 min old\.$/,
  );
  expect(judged.verdict).toBe('FAILED');
  expect(judged.reasons).toEqual([expect.stringContaining('ledger.at'), expect.stringContaining('audit.at')]);
});

describe('without a freshness check', () => {
  const facts = withDefinition({ checks: DEFINITION.checks.filter((check) => check.kind !== 'freshness') });

  test('data loss comes from the restore point, and that is said', () => {
    const judged = judge(facts);
    expect(judged.verdict).toBe('PASSED');
    expect(judged.rpo).toMatchObject({ method: 'restore-point', achievedSeconds: 241 });
    expect(judged.reasons.join()).toContain('not measured from the data');
  });

  test('an old restore point misses the objective all the same', () => {
    const old = { ...facts, state: { ...STATE, source: { ...STATE.source!, restorePoint: at(-901) } } };
    expect(judge(old)).toMatchObject({ verdict: 'FAILED', rpo: { achievedSeconds: 901 } });
  });
});

test('leftovers never change the verdict', () => {
  const teardown = { ...STATE.teardown!, gone: false, leftBehind: STATE.teardown!.removed, removed: [] };
  const left = judge({ ...FACTS, state: { ...STATE, teardown, teardownFailure: { Error: 'LeftBehind', Cause: 'x' } } });
  expect(left).toEqual(judge(FACTS));
});

test('nothing restored: no figure is made up', () => {
  const judged = judge(endedBy('NoRecoverySource', 'none'));
  expect(judged.rpo).toMatchObject({ method: 'not-measured', achievedSeconds: null });
  expect(judged.rto).toMatchObject({ method: 'not-measured', achievedSeconds: null, phases: [] });
});

test('a failed check leaves recovery time unmeasured but shows how far it came', () => {
  const judged = judge(withResult('connect', { status: 'fail' }));
  expect(judged.rto.achievedSeconds).toBeNull();
  expect(judged.rto.phases.map((phase) => phase.name)).toEqual(['Restore', 'Open access', 'Verify']);
});

test('the stage is told from the facts', () => {
  const stages = (['source', 'restore', 'instance', 'access', 'verification'] as const).map(
    (until) => judge(endedBy('X', 'y', until)).reasons[0],
  );
  for (const [index, stage] of [
    'Choose recovery source',
    'Restore',
    'Is it ready?',
    'Open access',
    'Verify',
  ].entries()) {
    expect(stages[index]).toContain(`in ${stage})`);
  }
});

test('leaving out a standard check excuses no other check of the same name', () => {
  const own = { kind: 'query' as const, id: 'settings', sql: 'select 1', expect: { atLeast: 1 } };
  const definition: DrillDefinition = {
    ...DEFINITION,
    checks: [own],
    withoutChecks: [{ check: 'settings', reason: 'legacy' }],
  };
  const checks = passing(definition).map((result) =>
    result.id === 'settings' ? { ...result, status: 'skipped' as const } : result,
  );
  const judged = judge({ definition, state: STATE, results: { ...RESULTS, checks } });
  expect(judged.verdict).toBe('INCONCLUSIVE');
  expect(judged.reasons[0]).toContain('settings was skipped');
});

test('recovery time is not measured while verification is not done, whatever the results say', () => {
  const verification = { ...STATE.verification!, done: false };
  expect(judge({ ...FACTS, state: { ...STATE, verification } }).rto.achievedSeconds).toBeNull();
});

test.each([at(1), 'soon'])('a restore point that is not before the disaster (%s) measures nothing', (restorePoint) => {
  const state = { ...STATE, source: { ...STATE.source!, restorePoint } };
  for (const checks of [DEFINITION.checks, []]) {
    const definition = { ...DEFINITION, checks };
    const judged = judge({ definition, state, results: { ...RESULTS, checks: passing(definition) } });
    expect(judged.verdict).toBe('INCONCLUSIVE');
    expect(judged.rpo).toMatchObject({ method: 'not-measured', achievedSeconds: null });
    expect(judged.reasons.join()).toContain('no time before the declared disaster');
  }
});
