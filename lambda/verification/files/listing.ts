import { compareKeys } from './keys';
import { FileError, type Bucket, type Listed, type Page } from './port';

/**
 * Pages of a listing, the next one asked for while one is worked on. Never more than two are held.
 * @param after the last key that was done; null from the beginning
 */
export async function* pagesOf(bucket: Bucket, after: string | null): AsyncGenerator<Page, void, undefined> {
  let last = after;
  let next: Promise<Page> | null = bucket.list(after);
  while (next) {
    const page: Page = await next;
    for (const { key } of page.objects) {
      // A join of what is not in order would call present objects missing.
      if (last !== null && compareKeys(key, last) <= 0) throw new FileError('other', 'the listing is not in order');
      last = key;
    }
    next = page.more ? bucket.list(last) : null;
    next?.catch(() => undefined); // whoever stops before it is not told of its failure
    yield page;
  }
}

/** Walks along a listing to find keys that are asked for in its order. */
export class Beside {
  /** When the newest object that was passed was modified, milliseconds. */
  newest = -Infinity;
  private readonly pages: AsyncGenerator<Page, void, undefined>;
  private objects: readonly Listed[] = [];
  private index = 0;

  constructor(bucket: Bucket, after: string | null) {
    this.pages = pagesOf(bucket, after);
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
      [this.objects, this.index] = [value.objects, 0];
      if (value.objects.length > 0) return value.objects[0];
    }
  }
}

/** In a bucket that is gone there is nothing: everything is missing from it. */
function endIfGone(error: unknown): { value: undefined; done: true } {
  if (error instanceof FileError && error.reason === 'missing') return { value: undefined, done: true };
  throw error;
}
