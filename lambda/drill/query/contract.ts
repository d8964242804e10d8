import type { VerificationPlan } from '../../../lib/private/contract/verification';
import type { Cursor, Observation } from '../../verification/engine';

/** What Verify asks of Query, as the payload of one synchronous invocation. It carries the password: never log it. */
export interface QueryRequest {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly plan: VerificationPlan;
  /** Null in the first round. */
  readonly cursor: Cursor | null;
  /** For the whole round, connecting included, milliseconds. */
  readonly budgetMs: number;
}

/** At most 1 MB of JSON. */
export interface QueryAnswer {
  readonly observations: readonly Observation[];
  /** Null when everything was asked. */
  readonly cursor: Cursor | null;
}
