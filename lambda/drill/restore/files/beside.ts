import { compareKeys } from '../../../verification/files/keys';
import type { Unlisted } from './restored';
import type { Wanted, WantedPage } from './wanted';

/** As many files are handed over at once. */
const AT_MOST = 1000;

/** What two listings have, one after the other: a file, the end of a page, or that there is no more to know. */
type Entry =
  | { readonly is: 'file'; readonly key: string; readonly file: Wanted }
  | { readonly is: 'end'; readonly key: string }
  | { readonly is: 'unlisted'; readonly unlisted: Unlisted };

/**
 * What was restored beside what had to be, both in the order of keys and never more than a page of each: files that are restored,
 * and those that are not and had to be as `absent`.
 */
export async function* beside(
  restored: AsyncGenerator<WantedPage>,
  held: AsyncGenerator<WantedPage>,
): AsyncGenerator<WantedPage> {
  const [left, right] = [filesOf(restored), entriesOf(held)];
  let [here, there] = [await next(left), await next(right)];
  let files: Wanted[] = [];
  const page = (upTo: string | null, unlisted?: Unlisted): WantedPage => {
    const full = { files, upTo, ...(unlisted && { unlisted }) };
    files = [];
    return full;
  };
  while (here || there) {
    if (there?.is === 'unlisted') {
      yield page(files.at(-1)?.key ?? null, there.unlisted);
      there = await next(right);
      continue;
    }
    const order = !here ? 1 : !there ? -1 : compareKeys(here.key, there.key);
    if (here && order <= 0) {
      const same = order === 0 && there?.is === 'file' ? there.file : undefined;
      files.push(same ? joined(here, same) : here);
      here = await next(left);
      if (same) there = await next(right);
    } else if (there) {
      // What is restored up to there has been handed over or is in this page.
      if (there.is === 'end') yield page(there.key);
      else if (there.file.held) files.push({ ...there.file, absent: true });
      there = await next(right);
    }
    if (files.length >= AT_MOST) yield page(files.at(-1)!.key);
  }
  if (files.length > 0) yield page(files.at(-1)!.key);
}

/** What nobody has written over has the size that it had. */
function joined(restored: Wanted, { held, undone, size }: Wanted): Wanted {
  return held ? { ...restored, held, ...(!undone && { size }) } : restored;
}

async function* filesOf(pages: AsyncGenerator<WantedPage>): AsyncGenerator<Wanted> {
  for await (const { files } of pages) yield* files;
}

async function* entriesOf(pages: AsyncGenerator<WantedPage>): AsyncGenerator<Entry> {
  for await (const { files, upTo, unlisted } of pages) {
    for (const file of files) yield { is: 'file', key: file.key, file };
    // Also where a page holds no file: a round that ends there must not begin before it again.
    if (upTo !== null) yield { is: 'end', key: upTo };
    if (unlisted) yield { is: 'unlisted', unlisted };
  }
}

async function next<T>(of: AsyncGenerator<T, void>): Promise<T | undefined> {
  return (await of.next()).value ?? undefined;
}
