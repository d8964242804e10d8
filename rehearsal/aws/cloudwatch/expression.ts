/** One term of a sum: a metric, and what it counts where it has no data. */
export interface Term {
  readonly id: string;
  readonly fill?: number;
}

const TERM = /^(?:FILL\(\s*([a-z]\w*)\s*,\s*(-?\d+(?:\.\d+)?)\s*\)|([a-z]\w*))$/;

/** Of metric math, sums are rehearsed, of metrics and of FILL with a number: no alarm of the library uses more. */
export function isSum(expression: string): boolean {
  return expression.split('+').every((term) => TERM.test(term.trim()));
}

export function sumOf(expression: string): Term[] {
  return expression.split('+').map((term) => {
    const [, filled, fill, plain] = TERM.exec(term.trim()) ?? [];
    return plain === undefined ? { id: filled, fill: Number(fill) } : { id: plain };
  });
}

/** The sum in one period; undefined where a metric has no data and nothing fills it. */
export function add(terms: readonly Term[], values: ReadonlyMap<string, number | undefined>): number | undefined {
  const added = terms.map(({ id, fill }) => values.get(id) ?? fill);
  return added.some((value) => value === undefined) ? undefined : added.reduce<number>((a, b) => a + b!, 0);
}
