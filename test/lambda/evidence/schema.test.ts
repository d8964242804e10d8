import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { DrillDefinition } from '../../../lib/private/contract/drill';
import type { Evidence } from '../../../lib/private/contract/evidence';
import type { Extras } from '../../../lambda/evidence/build';
import { judge } from '../../../lambda/evidence/judge';
import { conclude } from '../../../lambda/verification/engine';
import {
  at,
  DEFINITION,
  endedBy,
  evidenceOf,
  EXTRAS,
  FACTS,
  FROM_RECOVERY_POINT,
  REHEARSED,
  RESULTS,
  STATE,
  withResult,
} from './samples';

type Schema = Record<string, unknown> & { properties: Record<string, unknown>; required: string[] };

function read(name: string): Schema {
  return JSON.parse(readFileSync(join(__dirname, '../../../assets/schemas', name), 'utf8')) as Schema;
}

function compile(schema: Schema): ValidateFunction {
  return addFormats(new Ajv({ allErrors: true, strict: true, allowUnionTypes: true })).compile(schema);
}

const drillEvidence = compile(read('evidence-v1.schema.json'));
const rehearsalEvidence = compile(read('rehearsal-evidence-v1.schema.json'));
const definition = compile(read('drill-v1.schema.json'));

const grant = withResult('connect', { status: 'inconclusive', grant: 'GRANT x;' });
const SAMPLES: [string, Evidence['verdict'], typeof FACTS, Partial<Extras>?][] = [
  ['passed', 'PASSED', FACTS],
  ['from a recovery point', 'PASSED', { ...FACTS, state: FROM_RECOVERY_POINT }],
  [
    'restore job left behind',
    'PASSED',
    {
      ...FACTS,
      state: {
        ...FROM_RECOVERY_POINT,
        teardown: {
          ...STATE.teardown!,
          gone: false,
          leftBehind: [{ kind: 'restore-job', identifier: 'A1B2' }],
        },
      },
    },
  ],
  ['first of its chain', 'PASSED', FACTS, { previous: null, sequence: 1 }],
  ['failed check', 'FAILED', withResult('connect', { status: 'fail' })],
  ['objective missed', 'FAILED', withResult('freshness:orders.created_at', { newestRow: at(-5000) })],
  ['no source', 'FAILED', endedBy('NoRecoverySource', '')],
  ['throttled', 'INCONCLUSIVE', endedBy('Throttling', 'Rate exceeded', 'instance')],
  ['missing privilege', 'INCONCLUSIVE', grant],
  ['results gone', 'INCONCLUSIVE', { ...FACTS, results: null }],
  [
    'left behind',
    'PASSED',
    { ...FACTS, state: { ...STATE, teardown: undefined, teardownFailure: { Error: 'AccessDenied', Cause: 'no' } } },
  ],
];

describe.each(SAMPLES)('%s', (_name, verdict, facts, extras) => {
  test('is valid as a drill, and not as a rehearsal', () => {
    const evidence = stored(evidenceOf(facts, { ...EXTRAS, ...extras }));
    expect(judge(facts).verdict).toBe(verdict);
    expect(evidence).toMatchObject({ verdict });
    expect(errors(drillEvidence, evidence)).toEqual([]);
    expect(rehearsalEvidence(evidence)).toBe(false);
  });

  test('is valid as a rehearsal, and not as a drill', () => {
    const evidence = stored(evidenceOf(facts, { ...REHEARSED, ...extras }));
    expect(errors(rehearsalEvidence, evidence)).toEqual([]);
    expect(drillEvidence(evidence)).toBe(false);
  });

  test('no field may be missing and none be added, at any depth', () => {
    const evidence = stored(evidenceOf(facts, { ...EXTRAS, ...extras }));
    for (const [what, changed] of mutations(evidence)) expect([what, drillEvidence(changed)]).toEqual([what, false]);
  });
});

test('an engine that saw nothing gives valid evidence, and no pass', () => {
  const plan = {
    engine: 'postgres' as const,
    checks: DEFINITION.checks,
    withoutChecks: [],
    restorePoint: at(-241),
    content: false,
    seed: '5eed',
  };
  const results = { ...RESULTS, ...conclude(plan, [], {}) };
  const evidence = evidenceOf({ ...FACTS, results });
  expect(evidence.verdict).not.toBe('PASSED');
  expect(evidence.checks.length).toBeGreaterThanOrEqual(10);
  expect(errors(drillEvidence, stored(evidence))).toEqual([]);
});

test('a rehearsal cannot drop its watermark, nor a drill carry one', () => {
  const rehearsal = stored(evidenceOf(FACTS, REHEARSED));
  delete rehearsal.watermark;
  expect(rehearsalEvidence(rehearsal)).toBe(false);
  expect(drillEvidence({ ...rehearsal, schema: 'cdk-recoverable/evidence/v1' })).toBe(true);
  expect(drillEvidence({ ...stored(evidenceOf(FACTS)), watermark: 'x' })).toBe(false);
});

test('the two schemas differ in name and watermark only', () => {
  const one = read('evidence-v1.schema.json');
  const other = read('rehearsal-evidence-v1.schema.json');
  for (const schema of [one, other]) {
    for (const key of ['$id', 'title', 'description']) delete schema[key];
    delete schema.properties.schema;
    delete schema.properties.watermark;
    schema.required = schema.required.filter((key) => key !== 'watermark');
  }
  expect(other).toEqual(one);
});

test('schema and type name the same fields', () => {
  const fields: Record<keyof Required<Evidence>, true> = {
    schema: true, watermark: true, drillId: true, drill: true, site: true, owner: true, execution: true, verdict: true, reasons: true,
    resource: true, source: true, disasterAt: true, startedAt: true, finishedAt: true, rpo: true, rto: true, tables: true, checks: true, files: true,
    comparedWith: true, differences: true, findings: true, manual: true, removed: true, leftBehind: true, cost: true, patience: true, sequence: true, previous: true,
  }; // prettier-ignore
  expect(Object.keys(read('rehearsal-evidence-v1.schema.json').properties).sort()).toEqual(Object.keys(fields).sort());
});

test.each<[string, object]>([
  ['without a source', { source: null }],
  ['without a measured RPO', { rpo: { ...evidenceOf(FACTS).rpo, method: 'not-measured', achievedSeconds: null } }],
  ['without a measured RTO', { rto: { ...evidenceOf(FACTS).rto, method: 'not-measured', achievedSeconds: null } }],
  ['without a table', { tables: [] }],
  ['without a check', { checks: [] }],
  ['with a failed check', { checks: evidenceOf(withResult('connect', { status: 'fail' })).checks }],
  ['with an unanswered check', { checks: evidenceOf(withResult('connect', { status: 'inconclusive' })).checks }],
  ['with nothing but skipped checks', { checks: RESULTS.checks.map((check) => ({ ...check, status: 'skipped' })) }],
])('PASSED %s is refused', (_name, change) => {
  expect(drillEvidence({ ...stored(evidenceOf(FACTS)), ...change })).toBe(false);
});

test('vault and creation are of recovery points alone', () => {
  const evidence = stored(evidenceOf(FACTS));
  const source = { ...(evidence.source as object), vault: 'x' };
  expect(drillEvidence({ ...evidence, source })).toBe(false);
});

test('a chain begins at 1 and has no gap; times are in UTC', () => {
  const evidence = stored(evidenceOf(FACTS));
  for (const change of [
    { sequence: 0 },
    { sequence: 1 },
    { previous: null },
    { startedAt: '2026-11-20T14:00:05+01:00' },
  ])
    expect([change, drillEvidence({ ...evidence, ...change })]).toEqual([change, false]);
});

describe('drill definition', () => {
  const full: DrillDefinition = {
    ...DEFINITION,
    sources: [...DEFINITION.sources, { kind: 'recovery-point', vault: 'v', resourceArn: 'arn:aws:rds:r:1:db:x' }],
    checks: [
      ...DEFINITION.checks,
      { kind: 'row-count', id: 'a', table: 't' },
      { kind: 'query', id: 'b', sql: 'select 1', database: 'd', expect: { between: [1, 2] } },
      { kind: 'query', id: 'c', sql: 'select 1', expect: { atMost: 2 } },
      { kind: 'schema-version', id: 'd', tool: 'rails', database: 'd' },
    ],
    withoutChecks: [{ check: 'settings', reason: 'because' }],
    alerts: { page: 'a', ticket: 'b', digest: 'c' },
  };

  test('is valid in full and with its checks in an asset', () => {
    expect(errors(definition, full)).toEqual([]);
    expect(
      errors(definition, { ...full, checks: [], checksAsset: { bucket: 'b', key: 'k', sha256: 'a'.repeat(64) } }),
    ).toEqual([]);
  });

  test.each<[string, object]>([
    ['no source', { sources: [] }],
    ['a recovery point of no vault', { sources: [{ kind: 'recovery-point', resourceArn: 'x' }] }],
    ['nobody to tell', { alerts: {} }],
    ['an empty reason', { withoutChecks: [{ check: 'settings', reason: '' }] }],
    ['an unknown check', { checks: [{ kind: 'magic', id: 'x' }] }],
    ['two expectations', { checks: [{ kind: 'query', id: 'x', sql: 'y', expect: { atLeast: 1, atMost: 2 } }] }],
    ['an unknown engine', { resource: { ...DEFINITION.resource, engine: 'oracle' } }],
    ['an extra field', { more: 1 }],
    ['an objective of zero', { objectives: { rpoSeconds: 0, rtoSeconds: 1 } }],
  ])('%s is refused', (_name, change) => {
    expect(definition({ ...full, ...change })).toBe(false);
  });
});

/** As it comes back from the bucket. */
function stored(evidence: Evidence): Record<string, unknown> {
  return JSON.parse(JSON.stringify(evidence)) as Record<string, unknown>;
}

function errors(validate: ValidateFunction, value: unknown): unknown[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

/** The value with every single field removed, and with a field added to every object. Free-form and optional ones excepted. */
function mutations(value: Record<string, unknown>): [string, unknown][] {
  const free = new Set(['patience']);
  const optional = new Set(['grant', 'newestRow', 'content']);
  const found: [string, unknown][] = [];
  const visit = (node: unknown, path: (string | number)[]): void => {
    if (Array.isArray(node)) return node.forEach((item, index) => visit(item, [...path, index]));
    if (node === null || typeof node !== 'object' || free.has(String(path.at(-1)))) return;
    found.push([`added at /${path.join('/')}`, edited(value, path, (target) => void (target.unexpected = 1))]);
    for (const [key, inner] of Object.entries(node)) {
      if (!optional.has(key))
        found.push([`removed /${[...path, key].join('/')}`, edited(value, path, (target) => delete target[key])]);
      visit(inner, [...path, key]);
    }
  };
  visit(value, []);
  return found;
}

function edited(value: unknown, path: (string | number)[], edit: (target: Record<string, unknown>) => void): unknown {
  const copy = structuredClone(value);
  edit(path.reduce((node, key) => (node as Record<string | number, unknown>)[key], copy) as Record<string, unknown>);
  return copy;
}
