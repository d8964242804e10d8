import type { Finding } from '../../../lib/private/contract/monitoring';
import type { TITLES } from './titles';

/** A finding of this run; since when it is so, the runs before know. */
export interface Draft extends Omit<Finding, 'since'> {
  readonly id: keyof typeof TITLES;
}

/** Keeps since when each is so. */
export function withSince(drafts: readonly Draft[], before: readonly Finding[], now: string): Finding[] {
  return drafts.map((draft) => ({ ...draft, since: before.find((one) => same(one, draft))?.since ?? now }));
}

export function same(one: Pick<Finding, 'id' | 'cause'>, other: Pick<Finding, 'id' | 'cause'>): boolean {
  return one.id === other.id && one.cause === other.cause;
}
