import type { Cursor, Observation } from '../../verification/engine';

/** What the verifier keeps between two rounds. */
export interface Progress {
  readonly cursor: Cursor | null;
  readonly observations: readonly Observation[];
  /** When the copy last answered a round, RFC 3339. */
  readonly answeredAt?: string;
}

export function begin(): Progress {
  return { cursor: null, observations: [] };
}
