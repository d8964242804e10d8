import { comparable, inconclusive, type StandardCheck } from '../conclusion';
import { settingsOf } from '../profile';
import { list, plain } from '../text';

const expected =
  'encodings and collations as in the last passed drill, and no collation that sorts differently than its indexes';

/**
 * Engine version and data checksums are recorded. A changed encoding or collation fails, and so does a collation whose
 * library is another version than the one the indexes in use were built with: lookups through them may miss rows.
 */
export const settings: StandardCheck = {
  conclude(view, knowledge) {
    const { server } = view;
    const gap = view.gap();
    const of = [...view.of('server'), ...view.of('database')];
    if (!server || gap)
      return inconclusive(expected, gap ?? 'the server was not looked at', {
        of,
        problems: view.problemsOf('database'),
      });
    const reference = comparable(view, knowledge);
    const drifted = [...view.databases].flatMap(([name, database]) =>
      database.drifted.map((each) => `${view.shown(name)}: ${each}`),
    );
    const changed = reference.profile ? changes(settingsOf(view), reference.profile.settings) : [];
    const recorded = `PostgreSQL ${server.engineVersion}, data checksums ${server.dataChecksums}${server.dataChecksums === 'on' ? '' : ' (a damaged page would go unnoticed by the server)'}`;
    const upgrade =
      reference.profile && reference.profile.engineVersion !== server.engineVersion
        ? `, ${reference.profile.engineVersion} in the last passed drill`
        : '';
    if (drifted.length === 0 && changed.length === 0) {
      return {
        status: 'pass',
        expected,
        observed: `${recorded}${upgrade}; ${encodings([...view.databases.values()].map((each) => each.encoding))}; ${reference.said}`,
        of,
      };
    }
    const reasons = [
      ...changed,
      ...(drifted.length > 0
        ? [
            `collations have another version than their indexes were built with (${list(drifted, 400)}); run REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION VERSION, on the source`,
          ]
        : []),
    ];
    return { status: 'fail', expected, observed: `${list(reasons, 700)}; ${recorded}`, of };
  },
};

/** What must not change. Checksums may be switched on, versions of collations are judged by drift. */
function changes(now: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>): string[] {
  return Object.entries(then)
    .filter(([key]) => /^(encoding|collation|ctype):/.test(key))
    .filter(([key, value]) => now[key] !== undefined && now[key] !== value)
    .map(([key, value]) => plain(`${key.replace(':', ' of ')} was ${value}, is ${now[key]}`, 200))
    .concat(
      then['data_checksums'] === 'on' && now['data_checksums'] !== 'on'
        ? [`data checksums were on, are ${now['data_checksums']}`]
        : [],
    );
}

function encodings(all: readonly string[]): string {
  return `encoding ${list([...new Set(all)])}`;
}
