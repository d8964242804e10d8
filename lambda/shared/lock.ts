import { keys } from './keys';
import type { Store } from './store';

export interface Lock {
  readonly drillId: string;
  readonly execution: string;
  readonly expiresAt: string;
}

/**
 * Takes a resource's lock, so that its drills never overlap. An expired lock is taken over by compare-and-swap.
 * @returns null when the lock is ours, else the lock that holds it.
 */
export async function acquireLock(state: Store, resource: string, lock: Lock, now: string): Promise<Lock | null> {
  const key = keys.lock(resource);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await state.put(key, lock, 'absent')) return null;
    const held = await state.get<Lock>(key);
    if (!held) continue; // released between the two calls
    if (held.value.drillId === lock.drillId) return null; // our own retry
    if (held.value.expiresAt > now) return held.value;
    if (await state.put(key, lock, { etag: held.etag })) return null;
  }
  return { drillId: 'unknown', execution: 'unknown', expiresAt: now };
}

/** Releases the lock if this drill holds it. */
export async function releaseLock(state: Store, resource: string, drillId: string): Promise<void> {
  const held = await state.get<Lock>(keys.lock(resource));
  if (held?.value.drillId === drillId) await state.delete(keys.lock(resource));
}
