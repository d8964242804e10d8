import type { CheckDefinition, Expectation } from '../../../lib/private/contract/checks';
import { inconclusive, sayProblems, showsDamage, type CheckKind, type Conclusion } from '../conclusion';
import { list, number, quoted } from '../text';
import type { View } from '../view';

type Query = Extract<CheckDefinition, { kind: 'query' }>;

/** Does a statement of the user's own return what is expected? One row, one column. */
export const query: CheckKind<Query> = {
  conclude(check, view) {
    const expected = `one value ${sayExpectation(check.expect)}`;
    const of = view.of('query').filter(({ path }) => path[0] === check.id);
    const [seen] = of;
    if (!seen) return notAsked(check, view, expected);
    if (seen.problem) {
      const observed = sayProblems([{ problem: seen.problem, place: '' }]);
      const shown = showsDamage(seen.problem) || seen.problem.reason === 'missing' || seen.problem.reason === 'data';
      if (shown) return { status: 'fail', expected, observed, of };
      return inconclusive(expected, observed, { of, problems: [{ database: seen.database, problem: seen.problem }] });
    }
    if (!seen.found) return inconclusive(expected, 'the query was not answered', { of });
    const { rows, columns, value } = seen.found;
    const fail = (observed: string): Conclusion => ({ status: 'fail', expected, observed, of });
    if (rows === 0) return fail('no row');
    if (rows > 1 || columns !== 1)
      return fail(
        `${rows > 1 ? 'more than one row' : 'one row'} of ${number(columns)} column${columns === 1 ? '' : 's'}; write a query that returns one value`,
      );
    if (value === null) return fail('null');
    return { status: holds(check.expect, value) ? 'pass' : 'fail', expected, observed: quoted(value, 900), of };
  },
};

/** Why a query has no answer: for every check that brings its own. */
export function notAsked(check: Pick<Query, 'database'>, view: View, expected: string): Conclusion {
  const databases = view.server?.databases ?? [];
  const names = list(
    databases.map((name) => view.shown(name)),
    400,
  );
  const gap = view.gap();
  if (gap) return inconclusive(expected, `the query was not asked: ${gap}`, { problems: view.problemsOf('database') });
  if (check.database !== undefined && !databases.includes(check.database)) {
    return { status: 'fail', expected, observed: `there is no database ${quoted(check.database)}; there is ${names}` };
  }
  if (check.database === undefined && databases.length > 1) {
    return {
      status: 'fail',
      expected,
      observed: `more than one database could be meant: ${names}; name one in the check`,
    };
  }
  return inconclusive(expected, 'the query was not asked');
}

function sayExpectation(expect: Expectation): string {
  if ('atLeast' in expect) return `of at least ${expect.atLeast}`;
  if ('atMost' in expect) return `of at most ${expect.atMost}`;
  if ('between' in expect) return `between ${expect.between[0]} and ${expect.between[1]}`;
  return `equal to ${quoted(expect.equals, 800)}`;
}

/** Numbers compare as numbers, everything else as text; what is no number is neither large nor small enough. */
export function holds(expect: Expectation, value: string): boolean {
  const observed = numeric(value);
  if ('equals' in expect) return value === expect.equals || sameNumber(value, expect.equals);
  if (observed === null) return false;
  if ('atLeast' in expect) return observed >= expect.atLeast;
  if ('atMost' in expect) return observed <= expect.atMost;
  return 'between' in expect && observed >= expect.between[0] && observed <= expect.between[1];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numeric(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

/** Beyond 15 digits a double would call different numbers equal, so those must be written alike. */
function sameNumber(a: string, b: string): boolean {
  if (a.replace(/\D/g, '').length > 15 || b.replace(/\D/g, '').length > 15) return false;
  const [left, right] = [numeric(a), numeric(b)];
  return left !== null && Number.isFinite(left) && left === right && (left !== 0 || isZero(a) === isZero(b));
}

/** What a double is too coarse for is not zero. */
function isZero(text: string): boolean {
  return !/[1-9]/.test(text.split(/e/i)[0]);
}
