import type { WatchedSource } from '../../../lib/private/contract/monitoring';

type Kind = WatchedSource['kind'];

const BY_ITSELF: readonly Kind[] = ['point-in-time', 'versions'];
const FOLLOWING: readonly Kind[] = ['replicated', 'replica'];

/** What a resource keeps of itself, and says itself: lost with it. */
export function isKeptByItself({ kind }: { readonly kind: Kind }): boolean {
  return BY_ITSELF.includes(kind);
}

/** What its own service carries elsewhere as it changes, under a key of that place. */
export function isFollowing({ kind }: { readonly kind: Kind }): boolean {
  return FOLLOWING.includes(kind);
}

/** What follows every change, here and elsewhere: it may be minutes old, and is asked in every run. */
export function isAskedInEveryRun(source: { readonly kind: Kind }): boolean {
  return isKeptByItself(source) || isFollowing(source);
}
