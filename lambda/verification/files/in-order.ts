import pLimit from 'p-limit';

/** So many requests for objects at once, each of which is two or three of S3's. */
export const AT_ONCE = 24;

export interface Done<R> {
  /** Of the items from the first on, without a gap: what comes after is to be done again. */
  readonly results: readonly R[];
  /** What stopped it; absent where the deadline did, or nothing. */
  readonly error?: unknown;
}

/**
 * Works on items, a bounded number at once, and starts none after the deadline or an error. At least one is begun, so that
 * whoever comes again gets on. All that were begun have ended when it returns.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  isOver: () => boolean,
): Promise<Done<R>> {
  const limit = pLimit(AT_ONCE);
  let stopped = false;
  const outcomes = await Promise.allSettled(
    items.map((item, index) =>
      limit(async () => {
        if (stopped || (index > 0 && isOver())) {
          stopped = true;
          throw NOT_BEGUN;
        }
        try {
          return await work(item);
        } catch (error) {
          stopped = true;
          throw error;
        }
      }),
    ),
  );
  const end = outcomes.findIndex((outcome) => outcome.status === 'rejected');
  const results = outcomes
    .slice(0, end === -1 ? undefined : end)
    .flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected' && outcome.reason !== NOT_BEGUN);
  return { results, ...(failed?.status === 'rejected' && { error: failed.reason as unknown }) };
}

const NOT_BEGUN = new Error('not begun');
