/** What an expression makes of the metrics of one period, by their ids. */
export interface Computation {
  /** Of the metrics that it names. */
  readonly ids: readonly string[];
  /** Undefined where a metric has no data and nothing fills it. */
  readonly compute: (values: ReadonlyMap<string, number | undefined>) => number | undefined;
}

const NUMBER = /-?\d+(?:\.\d+)?/.source;
const ID = /[a-z]\w*/.source;
const TERM = new RegExp(`^(?:FILL\\(\\s*(${ID})\\s*,\\s*(${NUMBER})\\s*\\)|(${ID}))$`);
const CONDITION = new RegExp(`^IF\\(\\s*(${ID})\\s*>\\s*(${NUMBER})\\s*,\\s*(${ID})\\s*,\\s*(${NUMBER})\\s*\\)$`);

/**
 * Of metric math, what alarms of the library use is rehearsed: sums, of metrics and of FILL with a number, and one metric as long
 * as another is above a number.
 * @returns undefined for anything else
 */
export function computationOf(expression: string): Computation | undefined {
  const condition = CONDITION.exec(expression.trim());
  if (condition) return whileAbove(condition);
  const terms = expression.split('+').map((term) => TERM.exec(term.trim()));
  return terms.every((term) => term !== null) ? sumOf(terms) : undefined;
}

/** The metric itself. */
export function plain(id: string): Computation {
  return { ids: [id], compute: (values) => values.get(id) };
}

function whileAbove([, watched, bound, shown, otherwise]: RegExpExecArray): Computation {
  return {
    ids: [watched, shown],
    compute: (values) => {
      const value = values.get(watched);
      if (value === undefined) return undefined;
      return value > Number(bound) ? values.get(shown) : Number(otherwise);
    },
  };
}

function sumOf(terms: readonly RegExpExecArray[]): Computation {
  const all = terms.map(([, filled, fill, alone]) =>
    alone === undefined ? { id: filled, fill: Number(fill) } : { id: alone, fill: undefined },
  );
  return {
    ids: all.map(({ id }) => id),
    compute: (values) => {
      const added = all.map(({ id, fill }) => values.get(id) ?? fill);
      return added.some((value) => value === undefined) ? undefined : added.reduce<number>((a, b) => a + b!, 0);
    },
  };
}
