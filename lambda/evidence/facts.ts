import type { DrillDefinition, DrillState } from '../../lib/private/contract/drill';
import type { Evidence } from '../../lib/private/contract/evidence';
import type { VerificationResults } from '../../lib/private/contract/verification';

/** Everything known of a drill when it is judged. Times are in the facts: nothing here reads a clock. */
export interface Facts {
  readonly definition: DrillDefinition;
  readonly state: DrillState;
  /** Null when the checks never got as far as results. */
  readonly results: VerificationResults | null;
}

export interface Judgement {
  readonly verdict: Evidence['verdict'];
  /** Sentences, worst first; never empty. */
  readonly reasons: string[];
  readonly rpo: Evidence['rpo'];
  readonly rto: Evidence['rto'];
}
