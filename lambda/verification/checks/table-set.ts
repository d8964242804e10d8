import type { TableProfile } from '../../../lib/private/contract/verification';
import { comparable, inconclusive, sayProblems, showsDamage, type StandardCheck } from '../conclusion';
import { count, list } from '../text';
import { tableKey, type View } from '../view';

const expected = 'at least one table, every table of the last passed drill, and no table that the server cannot read';

/** A reference moves on with the next pass alone, so what was meant would otherwise fail for ever. */
const ACCEPT = 'leave this check out, with the reason, until the next drill has passed';

/** Are the tables there? Whether they hold what they should is for other checks. */
export const tableSet: StandardCheck = {
  conclude(view, knowledge) {
    const of = [...view.of('database'), ...view.of('table')];
    const damaged = view.problemsOf('table').filter(({ problem }) => showsDamage(problem));
    if (damaged.length > 0) {
      const said = damaged.map(({ problem, database, path }) => ({
        problem,
        place: view.name({ database, schema: path[0], name: path[1] }),
      }));
      return { status: 'fail', expected, observed: sayProblems(said), of };
    }
    const reference = comparable(view, knowledge);
    const missing = missingTables(view, reference.profile?.tables ?? []);
    if (missing.length > 0) {
      const names = list(missing.map((table) => view.name(table)));
      return {
        status: 'fail',
        expected,
        observed: `missing since the last passed drill: ${names}; ${reference.said}; if that was on purpose, ${ACCEPT}`,
        of,
      };
    }
    const unseen = unseenDatabases(view, reference.profile?.tables ?? []);
    if (unseen.length > 0) {
      return inconclusive(
        expected,
        `${list(unseen.map((name) => `database ${view.shown(name)}`))} held tables in the last passed drill and cannot be entered now; allow connections to it, or, if it was closed on purpose, ${ACCEPT}`,
        { of },
      );
    }
    const gap = view.gap('table');
    if (gap) return inconclusive(expected, gap, { of, problems: view.problemsOf('database') });
    if (view.tables.every((table) => table.holds === 'unlogged' || table.holds === 'partitions')) {
      return {
        status: 'fail',
        expected,
        observed: `no table in any database (${list(view.server?.databases ?? [])})`,
        of,
      };
    }
    return {
      status: 'pass',
      expected,
      observed: [sayTables(view, reference.profile?.tables), ...aside(view), reference.said].join('; '),
      of,
    };
  },
};

/** A table in a database that was not looked into is unknown, not missing; one that became unlogged is there. */
function missingTables(view: View, then: readonly TableProfile[]): TableProfile[] {
  const there = new Set(view.tables.map(tableKey));
  const unknown = new Set([...new Set(then.map((table) => table.database))].filter((name) => isUnknown(view, name)));
  return then.filter((table) => !unknown.has(table.database) && !there.has(tableKey(table)));
}

/** Databases of the reference that nobody, or not this login, may enter now. */
function unseenDatabases({ server }: View, then: readonly TableProfile[]): string[] {
  const shut = new Set([...(server?.closed ?? []), ...(server?.refused ?? [])]);
  return [...new Set(then.map((table) => table.database))].filter((name) => shut.has(name));
}

/** A database that is gone is known to be gone. */
function isUnknown(view: View, database: string): boolean {
  const { server } = view;
  if (!server || [...server.refused, ...server.closed].includes(database)) return true;
  return server.databases.includes(database) && view.gapIn(database, 'table') !== null;
}

function sayTables(view: View, then: readonly TableProfile[] | undefined): string {
  const tables = view.tables.filter((table) => !table.partitionOf);
  const known = new Set(then?.map(tableKey));
  const fresh = then ? tables.filter((table) => table.holds !== 'unlogged' && !known.has(tableKey(table))) : [];
  const news =
    fresh.length > 0
      ? `, new since then: ${list(
          fresh.map((table) => view.name(table)),
          300,
        )}`
      : '';
  return count(tables.length, 'table') + news;
}

/** What is there and holds no promise, or belongs to somebody else. */
function aside(view: View): string[] {
  const unlogged = view.tables.filter((table) => table.holds === 'unlogged');
  const extension = sum(view, 'extensionTables');
  const foreign = sum(view, 'foreignTables');
  return [
    ...(unlogged.length > 0
      ? [
          `unlogged, hence empty after any restore: ${list(
            unlogged.map((table) => view.name(table)),
            200,
          )}`,
        ]
      : []),
    ...(extension > 0 ? [`${count(extension, 'table')} of extensions not looked at`] : []),
    ...(foreign > 0 ? [`${count(foreign, 'foreign table')} not looked at`] : []),
  ];
}

function sum(view: View, what: 'extensionTables' | 'foreignTables'): number {
  return [...view.databases.values()].reduce((total, database) => total + database[what], 0);
}
