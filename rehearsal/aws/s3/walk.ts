import { behind, compareKeys } from './key-order';
import type { BucketStorage } from './storage';
import type { ObjectVersion } from './version';

export interface Walk {
  readonly prefix: string;
  /** Keys that have it behind the prefix are one group. */
  readonly delimiter?: string;
  /** Where to begin: a key or a group. */
  readonly from: string;
  /** Keys without any such version are passed over. */
  readonly visible: (history: readonly ObjectVersion[]) => boolean;
}

/** What a page of a listing shows: a group of keys, or a key with its versions from the oldest to the newest. */
export interface Entry {
  readonly name: string;
  /** Absent for a group. */
  readonly history?: readonly ObjectVersion[];
}

/** The entries of a listing in order. Reads no more keys than it is asked for, and of a group one alone. */
export function* walk(storage: BucketStorage, { prefix, delimiter, from, visible }: Walk): Generator<Entry> {
  let at: string | undefined = compareKeys(from, prefix) > 0 ? from : prefix;
  while (at !== undefined) {
    let next: string | undefined;
    for (const [key, history] of storage.from(at)) {
      if (!key.startsWith(prefix)) return;
      if (!visible(history)) continue;
      const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
      if (cut < 0) {
        yield { name: key, history };
        continue;
      }
      const group = key.slice(0, cut + delimiter!.length);
      if (compareKeys(group, from) >= 0) yield { name: group };
      next = behind(group);
      break;
    }
    at = next;
  }
}
