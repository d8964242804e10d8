import fc from 'fast-check';
import type { CheckDefinition } from '../../../lib/private/contract/checks';
import { conclude, type Observation } from '../../../lambda/verification/engine';
import { planOf, RESTORE_POINT } from './support';

const at = '2026-11-20T12:10:00.000Z';
const table = (name: string, rows: number, range?: { from: number; to: number | null }): Observation => ({
  probe: 'table',
  database: 'app',
  path: ['public', name],
  ...(range ? { range } : {}),
  finishedAt: at,
  found: { holds: 'rows', rows, content: String(rows) },
});
const GOOD: Observation[] = [
  {
    probe: 'server',
    database: '',
    path: [],
    finishedAt: at,
    found: {
      engineVersion: '18.1',
      major: 18,
      dataChecksums: 'on',
      login: 'master',
      databases: ['app'],
      refused: [],
      closed: [],
    },
  },
  {
    probe: 'database',
    database: 'app',
    path: [],
    finishedAt: at,
    found: {
      encoding: 'UTF8',
      collation: 'C',
      ctype: 'C',
      collationVersion: '',
      drifted: [],
      expects: { table: 2, 'foreign-key': 1, migration: 1 },
      extensionTables: 0,
      foreignTables: 0,
    },
  },
  table('orders', 5),
  table('items', 7, { from: 0, to: 10 }),
  table('items', 8, { from: 10, to: null }),
  {
    probe: 'foreign-key',
    database: 'app',
    path: ['public', 'items', 'fk'],
    finishedAt: at,
    found: { orphans: 0, refersTo: 'public.orders', promised: true },
  },
  {
    probe: 'migration',
    database: 'app',
    path: ['public', 'alembic_version'],
    finishedAt: at,
    found: { tool: 'alembic', version: 'a', applied: 1, failed: [] },
  },
  {
    probe: 'freshness',
    database: 'app',
    path: ['f', 'public', 'orders'],
    finishedAt: '2026-11-20T12:11:00.000Z',
    found: { empty: false, newest: '2026-11-20T11:59:00.000Z', after: null },
  },
  { probe: 'query', database: 'app', path: ['q'], finishedAt: at, found: { rows: 1, columns: 1, value: '5' } },
];
const CHECKS: CheckDefinition[] = [
  { kind: 'row-count', id: 'r', table: 'items', atLeast: 15, atMost: 15 },
  { kind: 'freshness', id: 'f', table: 'orders', column: 'at' },
  { kind: 'query', id: 'q', sql: 'select 5', expect: { between: [5, 5] } },
  { kind: 'schema-version', id: 'v', tool: 'alembic', atLeast: 'a' },
];
const plan = planOf(CHECKS);
const draw = (observations: Observation[]) => conclude(plan, observations, {}).checks;

test('everything seen and good passes, and each check ended when its own questions did', () => {
  const checks = draw(GOOD);
  expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual(
    ['connect', 'settings', 'migrations', 'table-set', 'foreign-keys', 'no-table-emptied', 'r', 'f', 'q', 'v'].map(
      (id) => `${id} pass`,
    ),
  );
  expect(checks.find(({ id }) => id === 'f')?.finishedAt).toBe('2026-11-20T12:11:00.000Z');
  expect(checks.find(({ id }) => id === 'r')?.finishedAt).toBe(at);
});

test('nothing seen passes nothing', () => {
  const checks = draw([]);
  expect(checks.map(({ status }) => status)).toEqual(checks.map(() => 'inconclusive'));
  expect(checks[0].finishedAt).toBe(RESTORE_POINT);
});

test('no single observation may be missing from a verification that passes', () => {
  for (const lost of GOOD) {
    const checks = draw(GOOD.filter((seen) => seen !== lost));
    expect([lost.probe, lost.path, checks.filter(({ status }) => status !== 'pass').length > 0]).toEqual([
      lost.probe,
      lost.path,
      true,
    ]);
    expect(checks.some(({ status }) => status === 'fail')).toBe(false);
  }
});

test('a problem anywhere, of any reason, leaves nothing quietly passed', () => {
  const reasons = ['privilege', 'timeout', 'lost', 'missing', 'damaged', 'data', 'other'] as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: GOOD.length - 1 }),
      fc.constantFrom(...reasons),
      fc.string({ unit: 'binary' }),
      (index, reason, message) => {
        const { found: _, ...seen } = GOOD[index];
        const observations = GOOD.with(index, { ...seen, problem: { reason, message } } as Observation);
        const checks = draw(observations);
        expect(checks.filter(({ status }) => status !== 'pass')).not.toEqual([]);
        for (const { observed } of checks) expect(observed).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      },
    ),
  );
});

test('the order of observations, and an answer that came twice, change nothing', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(GOOD, { minLength: GOOD.length }), fc.subarray(GOOD), (order, twice) => {
      expect(conclude(plan, [...order, ...twice], {})).toEqual(conclude(plan, GOOD, {}));
    }),
  );
});

test('ranges with a hole are not a count', () => {
  const holed = GOOD.filter((seen) => seen.range?.from !== 10).concat(table('items', 8, { from: 11, to: null }));
  expect(draw(holed).find(({ id }) => id === 'r')).toMatchObject({ status: 'inconclusive' });
  expect(draw(holed).find(({ id }) => id === 'no-table-emptied')).not.toMatchObject({ status: 'pass' });
});
