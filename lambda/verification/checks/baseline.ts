import type { Profile, TableProfile } from '../../../lib/private/contract/verification';
import { inconclusive, sayTroubles, showsDamage, type Conclusion } from '../conclusion';
import { profileOf } from '../profile';
import { count, list, number } from '../text';
import { tableKey, type View } from '../view';

const expected = 'every table as it was in the source at the restore point, in rows and content';

/** Is the restored content that of the source? Only where an exact profile of the source at that moment was handed over. */
export function compareWithBaseline(view: View, baseline: Profile): Conclusion {
  const of = [...view.of('database'), ...view.of('table')];
  const restored = profileOf(view);
  const problems = view.problemsOf('table', 'database');
  const hashes = major(restored.engineVersion) === major(baseline.engineVersion);
  const known = new Set(restored.tables.map(tableKey));
  const unread = new Set([
    ...problems.map(({ database, path }) => [database, ...path].join('\0')),
    // A partitioned table of which a part could not be read.
    ...view.tables.filter((table) => table.holds === 'partitions' && !known.has(tableKey(table))).map(tableKey),
  ]);
  const differing = differences(baseline.tables, restored.tables, hashes, view).filter(
    ({ table }) => !unread.has(tableKey(table)) && !unread.has(table.database),
  );
  const damaged = problems.filter(({ problem }) => showsDamage(problem));
  if (differing.length > 0 || damaged.length > 0) {
    const said = [
      ...(differing.length > 0
        ? [`${count(differing.length, 'table differs', 'tables differ')}: ${sayDifferences(differing, view)}`]
        : []),
      ...(damaged.length > 0 ? [sayTroubles(view, damaged)] : []),
    ];
    return { status: 'fail', expected, observed: said.join('; '), of };
  }
  if (problems.length > 0) return inconclusive(expected, sayTroubles(view, problems), { of, problems });
  const gap = view.gap('table');
  if (gap) return inconclusive(expected, gap, { of });
  if (baseline.tables.length === 0) return inconclusive(expected, 'the baseline holds no table', { of });
  if (!hashes) {
    return inconclusive(
      expected,
      `rows agree; content was hashed by PostgreSQL ${baseline.engineVersion} in the source and ${restored.engineVersion} here, which does not compare`,
      { of },
    );
  }
  if (![...baseline.tables, ...restored.tables].every((table) => table.content !== undefined)) {
    return inconclusive(expected, 'rows agree; the content of at least one table was not hashed', { of });
  }
  return {
    status: 'pass',
    expected,
    observed: `${count(restored.tables.length, 'table')} equal in rows and content, source as of ${baseline.capturedAt}`,
    of,
  };
}

interface Difference {
  readonly table: TableProfile;
  readonly said: string;
}

function differences(
  source: readonly TableProfile[],
  restored: readonly TableProfile[],
  hashes: boolean,
  view: View,
): Difference[] {
  const there = new Map(restored.map((table) => [tableKey(table), table]));
  const known = new Set(source.map(tableKey));
  const unlogged = new Set(view.tables.filter((table) => table.holds === 'unlogged').map(tableKey));
  return [
    ...source
      .filter((table) => !unlogged.has(tableKey(table)))
      .flatMap((table) => {
        const said = difference(table, there.get(tableKey(table)), hashes);
        return said ? [{ table, said }] : [];
      }),
    ...restored.filter((table) => !known.has(tableKey(table))).map((table) => ({ table, said: 'not in the source' })),
  ];
}

function difference(source: TableProfile, restored: TableProfile | undefined, hashes: boolean): string | null {
  if (!restored) return 'missing';
  if (restored.rows !== source.rows) return `${number(restored.rows)} rows, ${number(source.rows)} in the source`;
  const both = source.content !== undefined && restored.content !== undefined;
  return hashes && both && source.content !== restored.content ? `${number(source.rows)} rows of other content` : null;
}

/** With figures while they fit into the sentence, else by name alone, so that as many as possible are named. */
function sayDifferences(differing: readonly Difference[], view: View): string {
  const full = differing.map(({ table, said }) => `${view.name(table)} (${said})`);
  return full.join(', ').length <= 850
    ? full.join(', ')
    : list(
        differing.map(({ table }) => view.name(table)),
        850,
      );
}

function major(version: string): string {
  return version.split('.')[0];
}
