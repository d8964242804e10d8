/** Where a price comes from: read on AWS's own page, or from memory and to be treated as a guess. */
export type Basis = 'verified' | 'from memory';

export interface Price {
  readonly usd: number;
  readonly basis: Basis;
}

const memory = (usd: number): Price => ({ usd, basis: 'from memory' });

/** A tiny dated table: us-east-1, on demand, single zone, PostgreSQL. An estimate for a reader, never a bill. */
export const PRICES = {
  asOf: '2026-11-20',
  region: 'us-east-1',
  /** Per hour, by instance class. */
  instanceHour: new Map<string, Price>([
    ['db.t4g.micro', memory(0.016)],
    ['db.t4g.medium', memory(0.065)],
    ['db.m6g.large', memory(0.159)],
    ['db.r6g.large', memory(0.225)],
  ]),
  /** RDS bills an instance for at least this long after it was created or modified. */
  instanceMinimumSeconds: 600,
  gp3GibMonth: memory(0.115),
  lambdaGbSecond: memory(0.0000133334),
  lambdaRequest: memory(0.0000002),
  stateTransition: { usd: 0.000025, basis: 'verified' } satisfies Price,
} as const;
