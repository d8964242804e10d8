import { comparable, inconclusive, sayTroubles, type StandardCheck } from '../conclusion';
import { countedTables } from '../profile';
import { count, list, number } from '../text';
import { tableKey } from '../view';

const expected = 'every table that held rows in the last passed drill holds rows';

/** Has a table lost all of its rows? Every row is counted from the table itself, never from an index. */
export const noTableEmptied: StandardCheck = {
  conclude(view, knowledge) {
    const of = view.of('table');
    const counted = countedTables(view);
    const reference = comparable(view, knowledge);
    const before = new Map((reference.profile?.tables ?? []).map((table) => [tableKey(table), table.rows]));
    const emptied = counted.filter((table) => table.rows === 0 && (before.get(tableKey(table)) ?? 0) > 0);
    if (emptied.length > 0) {
      const names = list(
        emptied.map((table) => `${view.name(table)} (had ${number(before.get(tableKey(table)) ?? 0)})`),
      );
      return { status: 'fail', expected, observed: `empty now: ${names}; ${reference.said}`, of };
    }
    const problems = view.problemsOf('table', 'database');
    if (problems.length > 0) {
      return inconclusive(expected, `rows could not be counted: ${sayTroubles(view, problems)}`, { of, problems });
    }
    const gap = view.gap('table') ?? (counted.length === 0 ? 'no table was counted' : null);
    if (gap) return inconclusive(expected, gap, { of });
    const rows = counted.reduce((sum, table) => sum + table.rows, 0);
    const empty = counted.filter((table) => table.rows === 0).length;
    const said = `${count(rows, 'row')} in ${count(counted.length, 'table')}${empty > 0 ? `, ${number(empty)} of them empty` : ''}`;
    return { status: 'pass', expected, observed: `${said}; ${reference.said}`, of };
  },
};
