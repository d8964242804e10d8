import type { LastPassed } from '../../../lib/private/contract/verification';
import type { ResourceReport } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';

export type Proven = NonNullable<ResourceReport['proven']>;

/**
 * How long ago a resource was proven, over how long that may be. Before the first drill it counts from when the monitor first saw
 * the resource, so that nothing alarms before a drill was due.
 */
export async function provenNow(state: Store, resource: string, provenSeconds: number, now: string): Promise<Proven> {
  const passed = await state.get<LastPassed>(keys.lastPassed(resource));
  const since = passed?.value.at ?? (await firstSeen(state, resource, now));
  const ratio = secondsBetween(since, now) / provenSeconds;
  return { ratio, provenSeconds, ...(passed && { lastPassedAt: passed.value.at }) };
}

async function firstSeen(state: Store, resource: string, now: string): Promise<string> {
  await state.put(keys.firstSeen(resource), { at: now }, 'absent');
  return (await state.get<{ at: string }>(keys.firstSeen(resource)))?.value.at ?? now;
}

/** Between two looks nothing but time has passed. */
export function provenStill(last: Proven, provenSeconds: number, before: string, now: string): Proven {
  const ratio = (last.ratio * last.provenSeconds + secondsBetween(before, now)) / provenSeconds;
  return { ...last, ratio, provenSeconds };
}
