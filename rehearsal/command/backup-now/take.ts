import { setTimeout as sleep } from 'node:timers/promises';
import type { RDSClient } from '@aws-sdk/client-rds';
import { createSnapshot, findSnapshot, isBusy } from '../../../lambda/recovery/database-snapshots';
import { onDemandTags } from '../../../lambda/recovery/snapshots';
import { NamedError } from '../../../lambda/shared/named-error';
import type { Protected } from './protected';

export interface Order {
  readonly target: Protected;
  /** DBSnapshotIdentifier or DBClusterSnapshotIdentifier. */
  readonly snapshot: string;
  readonly reason: string;
  /** RFC 3339 */
  readonly expires: string;
}

export interface Taking {
  readonly rds: RDSClient;
  readonly signal: AbortSignal;
  /** Hears of every step. */
  readonly say: (text: string) => void;
}

/** Seconds: for a database that is busy to become available, and for a new snapshot to be seen. */
const BUSY_SECONDS = 900;
const VISIBLE_SECONDS = 60;

/** Starts a snapshot; patiently, where the database is just being backed up or modified. */
export async function start(
  { target, snapshot, reason, expires }: Order,
  taking: Taking,
  patient: boolean,
): Promise<void> {
  const { rds, signal, say } = taking;
  const { kind, identifier: database } = target;
  const tags = onDemandTags({ site: target.site, resource: target.name, expires }, reason);
  const pause = pauses(signal);
  for (;;) {
    try {
      await createSnapshot(rds, { kind, database, snapshot, tags }, { abortSignal: signal });
      return;
    } catch (error) {
      if (!isBusy(error) || !patient || pause.waited() > BUSY_SECONDS) throw error;
      say(`not yet: ${(error as Error).message}`);
      await pause();
    }
  }
}

/** Waits until a snapshot is available. */
export async function wait({ target, snapshot }: Order, { rds, signal, say }: Taking): Promise<void> {
  const pause = pauses(signal);
  for (;;) {
    const found = await findSnapshot(rds, target.kind, snapshot, { abortSignal: signal });
    const status = found?.status ?? (pause.waited() < VISIBLE_SECONDS ? 'creating' : 'gone');
    if (status === 'available') return;
    if (status !== 'creating') throw new NamedError('SnapshotFailed', `snapshot ${snapshot} is ${status}`);
    say(`creating, ${found?.percent ?? 0} %`);
    await pause();
  }
}

/** Longer and longer, up to half a minute: a small database is quick, a large one takes hours. */
function pauses(signal: AbortSignal) {
  let [next, waited] = [1, 0];
  const pause = async () => {
    await sleep(next * 1000, undefined, { signal });
    waited += next;
    next = Math.min(next * 2, 30);
  };
  return Object.assign(pause, { waited: () => waited });
}
