import type { DrillState, EvidenceFacts } from '../../../lib/private/contract/drill';
import { recordEvidence } from './record-evidence';

/** Record evidence: the machine's own last duty in a drill that reached its end. */
export const handler = (facts: DrillState): Promise<EvidenceFacts> => recordEvidence(facts);
