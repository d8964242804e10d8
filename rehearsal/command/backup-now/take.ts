import { setTimeout as sleep } from 'node:timers/promises';
import { CreateDBSnapshotCommand, DescribeDBSnapshotsCommand, type RDSClient } from '@aws-sdk/client-rds';
import { onDemandTags } from '../../../lambda/recovery/snapshots';
import { NamedError, nameOf } from '../../../lambda/shared/named-error';
import type { Protected } from './protected';

export interface Order {
  readonly target: Protected;
  /** DBSnapshotIdentifier. */
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

/** Seconds: for an instance that is busy to become available, and for a new snapshot to be seen. */
const BUSY_SECONDS = 900;
const VISIBLE_SECONDS = 60;

/** Starts a snapshot; patiently, where the instance is just being backed up or modified. */
export async function start(
  { target, snapshot, reason, expires }: Order,
  taking: Taking,
  patient: boolean,
): Promise<void> {
  const { rds, signal, say } = taking;
  if (target.kind === 'db-cluster') {
    const names = `--db-cluster-identifier ${target.identifier} --db-cluster-snapshot-identifier ${snapshot}`;
    throw new NamedError(
      'ClusterNotBackedUp',
      `clusters are not backed up here yet: aws rds create-db-cluster-snapshot ${names}`,
    );
  }
  const Tags = onDemandTags({ site: target.site, resource: target.name, expires }, reason);
  const pause = pauses(signal);
  for (;;) {
    try {
      const input = { DBInstanceIdentifier: target.identifier, DBSnapshotIdentifier: snapshot, Tags };
      await rds.send(new CreateDBSnapshotCommand(input), { abortSignal: signal });
      return;
    } catch (error) {
      // The name is ours alone: an answer was lost and the call repeated.
      if (nameOf(error) === 'DBSnapshotAlreadyExistsFault') return;
      const busy = nameOf(error) === 'InvalidDBInstanceStateFault';
      if (!busy || !patient || pause.waited() > BUSY_SECONDS) throw error;
      say(`not yet: ${(error as Error).message}`);
      await pause();
    }
  }
}

/** Waits until a snapshot is available. */
export async function wait({ snapshot }: Order, { rds, signal, say }: Taking): Promise<void> {
  const pause = pauses(signal);
  for (;;) {
    const found = await describe(rds, snapshot, signal);
    const status = found?.Status ?? (pause.waited() < VISIBLE_SECONDS ? 'creating' : 'gone');
    if (status === 'available') return;
    if (status !== 'creating') throw new NamedError('SnapshotFailed', `snapshot ${snapshot} is ${status}`);
    say(`creating, ${found?.PercentProgress ?? 0} %`);
    await pause();
  }
}

async function describe(rds: RDSClient, snapshot: string, abortSignal: AbortSignal) {
  try {
    const input = { DBSnapshotIdentifier: snapshot };
    return (await rds.send(new DescribeDBSnapshotsCommand(input), { abortSignal })).DBSnapshots?.[0];
  } catch (error) {
    if (nameOf(error) === 'DBSnapshotNotFoundFault') return undefined;
    throw error;
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
