import type { CheckDefinition, CheckResult } from '../../../lib/private/contract/checks';
import type { DrillDefinition, DrillState } from '../../../lib/private/contract/drill';
import type { Evidence } from '../../../lib/private/contract/evidence';
import type { VerificationResults } from '../../../lib/private/contract/verification';
import { buildEvidence, type Extras } from '../../../lambda/evidence/build';
import { judge, type Facts } from '../../../lambda/evidence/judge';

export const DISASTER = '2026-11-20T13:00:00.000Z';

/** A time some seconds after the declared disaster. */
export function at(seconds: number): string {
  return new Date(Date.parse(DISASTER) + seconds * 1000).toISOString();
}

export const CHECKS: CheckDefinition[] = [
  { kind: 'row-count', id: 'row-count:orders', table: 'orders', atLeast: 50_000 },
  { kind: 'freshness', id: 'freshness:orders.created_at', table: 'orders', column: 'created_at' },
  { kind: 'schema-version', id: 'schema-version:flyway', tool: 'flyway', atLeast: '7' },
  { kind: 'query', id: 'every-order-has-items', sql: 'select count(*) from orders', expect: { equals: '0' } },
];

export const DEFINITION: DrillDefinition = {
  schema: 'cdk-recoverable/drill/v1',
  drill: 'Shop/Orders/Weekly',
  plan: 'Shop',
  owner: 'Payments',
  resource: { name: 'Shop/Orders', identifier: 'orders-production', engine: 'postgres', ownership: 'owned' },
  objectives: { rpoSeconds: 900, rtoSeconds: 3600 },
  intervalSeconds: 9 * 86_400,
  sources: [{ kind: 'point-in-time' }, { kind: 'snapshot' }],
  checks: CHECKS,
  withoutChecks: [],
  alerts: { ticket: 'arn:aws:sns:eu-west-1:111122223333:tickets' },
};

/** A drill that went through every state. */
export const STATE: DrillState = {
  drill: {
    id: '0123456789abcdef0123',
    site: 'acme',
    name: 'Shop/Orders/Weekly',
    resource: 'Shop/Orders',
    execution: 'arn:aws:states:eu-west-1:111122223333:execution:rcv-acme-1a2b3c-drill:run',
    definition: 'drills/0123456789abcdef0123/definition.json',
    disasterAt: DISASTER,
    startedAt: at(5),
    names: { instance: 'rcv-acme-1a2b3c-0123456789abcdef0123', secret: 'rcv-acme-1a2b3c-0123456789abcdef0123' },
    expiresAt: at(86_405),
    rtoSeconds: 3600,
  },
  source: {
    kind: 'point-in-time',
    identifier: 'orders-production',
    arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders-production',
    restorePoint: at(-241),
    latestRestorableTime: at(-240),
    engineVersion: '18.1',
    instanceClass: 'db.t4g.micro',
    allocatedStorageGib: 20,
    production: {
      instanceClass: 'db.t4g.micro',
      engineVersion: '18.1',
      multiAz: true,
      storageType: 'gp3',
      dbiResourceId: 'db-ABC',
      settings: {
        backupRetentionDays: 7,
        continuousAwsBackup: false,
        copyTagsToSnapshot: true,
        deletionProtection: true,
        encrypted: true,
      },
    },
  },
  restore: { startedAt: at(10), instance: 'rcv-acme-1a2b3c-0123456789abcdef0123' },
  instance: {
    status: 'available',
    ready: true,
    waitSeconds: 0,
    availableAt: at(610),
    address: 'x',
    port: 5432,
    masterUsername: 'master',
  },
  access: { open: true, requested: true, waitSeconds: 0, startedAt: at(611), openedAt: at(660) },
  verification: {
    round: 1,
    done: true,
    waitSeconds: 0,
    startedAt: at(661),
    finishedAt: at(700),
    results: 'drills/0123456789abcdef0123/results.json',
  },
  teardown: {
    gone: true,
    waitSeconds: 0,
    startedAt: at(701),
    absentSince: at(900),
    removed: [
      { kind: 'db-instance', identifier: 'rcv-acme-1a2b3c-0123456789abcdef0123' },
      { kind: 'secret', identifier: 'rcv-acme-1a2b3c-0123456789abcdef0123' },
    ],
    leftBehind: [],
  },
};

/** The same drill, from a recovery point of an instance that is gone. */
export const FROM_RECOVERY_POINT: DrillState = {
  ...STATE,
  source: {
    kind: 'recovery-point',
    identifier: 'awsbackup:job-1a2b',
    arn: 'arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1a2b',
    restorePoint: at(-241),
    latestRestorableTime: at(-241),
    engineVersion: '18.1',
    instanceClass: 'db.t4g.micro',
    allocatedStorageGib: 20,
    recoveryPoint: {
      vault: 'rcv-acme-1a2b3c',
      resourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
      createdAt: at(-300),
    },
  },
  restore: { ...STATE.restore!, job: 'A1B2' },
};

export const STANDARD = ['connect', 'settings', 'migrations', 'table-set', 'foreign-keys', 'no-table-emptied'];

export function passing(definition: DrillDefinition = DEFINITION): CheckResult[] {
  const result = (id: string, kind: CheckResult['kind']): CheckResult => ({
    id,
    kind,
    status: 'pass',
    expected: 'what was promised',
    observed: 'just that',
    finishedAt: at(698),
    ...(kind === 'freshness' && { newestRow: at(-241.763) }),
  });
  return [
    ...STANDARD.map((id) => result(id, 'standard')),
    ...definition.checks.map((check) => result(check.id, check.kind)),
  ];
}

export const RESULTS: VerificationResults = {
  checks: passing(),
  profile: {
    capturedAt: at(695),
    engineVersion: '18.1',
    settings: {},
    tables: [
      { database: 'shop', schema: 'public', name: 'orders', rows: 60_123 },
      { database: 'shop', schema: 'public', name: 'order_items', rows: 150_456 },
    ],
    migrations: [],
    newest: {},
  },
  reference: { profileOf: 'fedcba98765432100123' },
  startedAt: at(661),
  finishedAt: at(699),
  rounds: 1,
};

export const FACTS: Facts = { definition: DEFINITION, state: STATE, results: RESULTS };

/** Facts with one check's result changed. */
export function withResult(id: string, change: Partial<CheckResult>): Facts {
  return withChecks(RESULTS.checks.map((result) => (result.id === id ? { ...result, ...change } : result)));
}

export function withChecks(checks: readonly CheckResult[]): Facts {
  return { ...FACTS, results: { ...RESULTS, checks } };
}

/** Facts of a drill that a state's error ended; `until` names the first fact that is missing. */
export function endedBy(
  error: string,
  cause: string,
  until: 'source' | 'restore' | 'instance' | 'access' | 'verification' = 'source',
): Facts {
  const order = ['source', 'restore', 'instance', 'access', 'verification'] as const;
  const state: Record<string, unknown> = { ...STATE, failure: { Error: error, Cause: cause } };
  for (const missing of order.slice(order.indexOf(until))) delete state[missing];
  return { definition: DEFINITION, state: state as unknown as DrillState, results: null };
}

export const EXTRAS: Extras = {
  schema: 'cdk-recoverable/evidence/v1',
  finishedAt: at(905),
  patience: {
    poll: 30,
    available: 86_400,
    access: 900,
    gone: 600,
    teardown: 7200,
    verify: 7200,
    round: 240,
    ttl: 86_400,
  },
  sequence: 7,
  previous: { key: 'chain/Shop/Orders/00000006.json', sha256: 'a'.repeat(64) },
};

export const REHEARSED: Extras = {
  ...EXTRAS,
  schema: 'cdk-recoverable/rehearsal-evidence/v1',
  watermark: 'Rehearsal on a developer machine: this is no evidence of a drill',
};

export function evidenceOf(facts: Facts, extras: Extras = EXTRAS): Evidence {
  return buildEvidence(facts, judge(facts), extras);
}
