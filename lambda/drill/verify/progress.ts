import type { Cursor, Observation } from '../../verification/engine';

/** What the verifier keeps between two rounds. */
export interface Progress {
  readonly cursor: Cursor | null;
  readonly observations: readonly Observation[];
}

export function begin(): Progress {
  return { cursor: null, observations: [] };
}
