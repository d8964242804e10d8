import type { DrillFacts, EvidenceFacts } from '../../../lib/private/contract/drill';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { Store } from '../../shared/store';
import { recordEvidence } from '../record/record-evidence';

/** EventBridge's `Step Functions Execution Status Change`, as far as it is read. */
export interface StatusChange {
  readonly detail: { readonly executionArn: string; readonly status: string };
}

const state = new Store(required('STATE_BUCKET'));

/**
 * The recorder: hears that an execution ended without having succeeded, and writes the evidence that a stopped or expired
 * one could not. A drill whose evidence is already there keeps it. What the drill made may still be there: the sweeper's.
 */
export const handler = async ({ detail }: StatusChange): Promise<EvidenceFacts | null> => {
  const declared = await state.get<DrillFacts>(keys.execution(detail.executionArn));
  if (!declared) {
    log.warn('an execution ended before it declared a drill', {
      execution: detail.executionArn,
      status: detail.status,
    });
    return null;
  }
  const drill = declared.value;
  return recordEvidence({
    drill,
    failure: {
      Error: 'ExecutionStopped',
      Cause: `execution ${detail.executionArn} ended ${detail.status} before it recorded evidence`,
    },
    teardown: {
      gone: false,
      waitSeconds: 0,
      startedAt: now(),
      removed: [],
      leftBehind: [
        { kind: 'db-instance', identifier: drill.names.instance },
        { kind: 'secret', identifier: drill.names.secret },
      ],
    },
  });
};
