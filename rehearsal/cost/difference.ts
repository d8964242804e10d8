import type { CostEstimate, CostOf } from './estimate';
import { rounded } from './line';

/** One line that two apps do not have alike; nothing where an app has no such line. */
export interface Difference {
  readonly of: string;
  readonly stack: string;
  readonly item: string;
  readonly base: number | null;
  readonly app: number | null;
  readonly difference: number;
}

/** What one app costs more or less than another, line by line; what costs the same is left out. */
export function differences(base: CostEstimate, app: CostEstimate): Difference[] {
  const [before, after] = [flat(base), flat(app)];
  return [...new Map([...before, ...after])].flatMap(([key, { of, stack, item }]) => {
    const [was, is] = [before.get(key), after.get(key)].map((found) => found?.usd ?? null);
    const difference = rounded((is ?? 0) - (was ?? 0));
    const same = difference === 0 && before.has(key) === after.has(key);
    return same ? [] : [{ of, stack, item, base: was, app: is, difference }];
  });
}

function flat({ sites, resources }: CostEstimate) {
  const lines = (kind: string) => (one: CostOf) =>
    one.lines.map(({ item, usd }) => {
      const of = kind === 'site' ? `site ${one.name}` : one.name;
      return [JSON.stringify([of, one.stack, item]), { of, stack: one.stack, item, usd }] as const;
    });
  return new Map([...sites.flatMap(lines('site')), ...resources.flatMap(lines('resource'))]);
}
