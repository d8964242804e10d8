import { compareKeys } from './keys';
import { FileError, type Bucket, type Listed, type Page } from './port';

/** A page, and when it was asked for, milliseconds: what was there by then is in it. */
interface Dated extends Page {
  readonly askedAt: number;
}

/**
 * Pages of a listing, the next one asked for while one is worked on. Never more than two are held.
 * @param after the last key that was done; null from the beginning
 */
export async function* pagesOf(
  bucket: Bucket,
  after: string | null,
  now = Date.now,
): AsyncGenerator<Dated, void, undefined> {
  const ask = async (from: string | null): Promise<Dated> => {
    const askedAt = now();
    return { ...(await bucket.list(from)), askedAt };
  };
  let last = after;
  let next: Promise<Dated> | null = ask(after);
  while (next) {
    const page: Dated = await next;
    for (const { key } of page.objects) {
      // A join of what is not in order would call present objects missing.
      if (last !== null && compareKeys(key, last) <= 0) throw new FileError('other', 'the listing is not in order');
      last = key;
    }
    next = page.more ? ask(last) : null;
    next?.catch(() => undefined); // whoever stops before it is not told of its failure
    yield page;
  }
}

/** Walks along a listing to find keys that are asked for in its order. */
export class Beside {
  /** When the newest object that was passed was modified, milliseconds. */
  newest = -Infinity;
  /** When the page that the last answer is from was asked for, milliseconds. */
  askedAt: number;
  private readonly pages: AsyncGenerator<Dated, void, undefined>;
  private objects: readonly Listed[] = [];
  private index = 0;

  constructor(bucket: Bucket, after: string | null, now = Date.now) {
    this.askedAt = now();
    this.pages = pagesOf(bucket, after, now);
  }

  /** @param key above every one that was asked for before */
  async find(key: string): Promise<Listed | null> {
    for (;;) {
      const current = this.objects[this.index] ?? (await this.turn());
      if (!current) return null;
      const order = compareKeys(current.key, key);
      if (order > 0) return null;
      this.newest = Math.max(this.newest, current.modified);
      this.index++;
      if (order === 0) return current;
    }
  }

  private async turn(): Promise<Listed | null> {
    for (;;) {
      const { value, done } = await this.pages.next().catch(endIfGone);
      if (done) return null;
      [this.objects, this.index, this.askedAt] = [value.objects, 0, value.askedAt];
      if (value.objects.length > 0) return value.objects[0];
    }
  }
}

/** In a bucket that is gone there is nothing: everything is missing from it. */
function endIfGone(error: unknown): { value: undefined; done: true } {
  if (error instanceof FileError && error.reason === 'missing') return { value: undefined, done: true };
  throw error;
}
