import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DrillState, Removed, TeardownFacts } from '../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../shared/clock';
import { patience } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import { removeInstance, removeSecret } from '../../shared/removal';

const rds = new RDSClient();
const secrets = new SecretsManagerClient();

/**
 * Tear down: removes what the drill may have made, by the names decided before the first create call, and ends only when
 * everything has stayed absent for a while: an instance whose create answer was lost may appear late.
 */
export const handler = async ({ drill, source, teardown }: DrillState): Promise<TeardownFacts> => {
  const time = now();
  const startedAt = teardown?.startedAt ?? time;
  if (!source) return { gone: true, waitSeconds: 0, startedAt, removed: [], leftBehind: [] }; // nothing was attempted

  const { poll, gone: quiet, teardown: limit } = patience();
  const instance: Removed = { kind: 'db-instance', identifier: drill.names.instance };
  const secret: Removed = { kind: 'secret', identifier: drill.names.secret };
  const present = await stillPresent([
    [instance, removeInstance(rds, drill.names.instance, drill.id)],
    [secret, removeSecret(secrets, drill.names.secret, drill.id)],
  ]);
  const met = [...(teardown?.removed ?? []), ...(teardown?.leftBehind ?? []), ...present];
  const seen = [instance, secret].filter((thing) => met.some((one) => one.kind === thing.kind));
  const leftBehind = present;
  const removed = seen.filter((thing) => !present.some((left) => left.kind === thing.kind));

  if (leftBehind.length > 0) {
    if (secondsBetween(startedAt, time) > limit) {
      const names = leftBehind.map((thing) => `${thing.kind} ${thing.identifier}`).join(', ');
      throw new NamedError('LeftBehind', `still there after ${limit} s: ${names}; the sweeper removes them`);
    }
    return { gone: false, waitSeconds: poll, startedAt, removed, leftBehind };
  }
  const absentSince = teardown?.absentSince ?? time;
  const gone = secondsBetween(absentSince, time) >= quiet;
  return { gone, waitSeconds: gone ? 0 : poll, absentSince, startedAt, removed, leftBehind };
};

/** What was there. One removal's trouble does not keep the other from being asked for. */
async function stillPresent(removals: readonly (readonly [Removed, Promise<boolean>])[]): Promise<Removed[]> {
  await Promise.allSettled(removals.map(([, removal]) => removal));
  const there = await Promise.all(removals.map(([, removal]) => removal));
  return removals.filter((_, index) => there[index]).map(([thing]) => thing);
}
