import type { MigrationProfile } from '../../../lib/private/contract/verification';
import { comparable, inconclusive, sayTroubles, type StandardCheck } from '../conclusion';
import { migrationsOf } from '../profile';
import { count, list, plain } from '../text';
import { compareVersions } from '../versions';
import type { View } from '../view';

const expected = 'no failed or unfinished migration, and none older than, or gone since, the last passed drill';

/** Are the migrations of Flyway, Prisma, Alembic or Rails complete, and not behind where they were? */
export const migrations: StandardCheck = {
  conclude(view, knowledge) {
    const of = [...view.of('database'), ...view.of('migration')];
    const found = migrationsOf(view);
    const problems = view.problemsOf('migration', 'database');
    const reference = comparable(view, knowledge);
    const gap = view.gap('migration');
    const bad = [
      ...found
        .filter((each) => each.failed.length > 0)
        .map((each) => `${nameOf(view, each)} failed or unfinished: ${list(each.failed, 300)}`),
      ...(reference.profile && !gap
        ? reference.profile.migrations.flatMap((then) => behind(view, then, found) ?? [])
        : []),
    ];
    if (bad.length > 0) return { status: 'fail', expected, observed: `${bad.join('; ')}; ${reference.said}`, of };
    if (problems.length > 0) {
      return inconclusive(expected, sayTroubles(view, problems), { of, problems });
    }
    if (gap) return inconclusive(expected, gap, { of });
    const said = found.map((each) => `${nameOf(view, each)} at ${sayVersion(each)}`);
    const none = 'no table of Flyway, Prisma, Alembic or Rails in any database';
    const unordered = reference.profile ? changedHeads(view, reference.profile.migrations, found) : [];
    return {
      status: 'pass',
      expected,
      observed: [said.length > 0 ? list(said) : none, ...unordered, reference.said].join('; '),
      of,
    };
  },
};

/** Why a tool's table is behind the reference; undefined when it is not. A table that could not be read is not behind. */
function behind(view: View, then: MigrationProfile, all: readonly MigrationProfile[]): string[] | undefined {
  const now = all.find((each) => isSame(each, then));
  if (!now) {
    const unread = view
      .problemsOf('migration')
      .some((each) => each.database === then.database && each.path[0] === then.schema);
    const unseen = view.problemsOf('database').some((each) => each.database === then.database);
    return unread || unseen ? undefined : [`${nameOf(view, then)} is gone; it was at ${sayVersion(then)}`];
  }
  const order = compareVersions(now.tool, now.version, then.version);
  if (order !== null && order < 0) return [`${nameOf(view, now)} is at ${sayVersion(now)}, was at ${sayVersion(then)}`];
  const fewer = now.applied < then.applied;
  // Without an order, or at the very same version, fewer entries mean lost ones; at a newer version they were squashed.
  if (fewer && (order === 0 || (order === null && now.applied === 0))) {
    return [`${nameOf(view, now)} has lost entries: ${sayVersion(now)}, was ${sayVersion(then)}`];
  }
  return undefined;
}

function changedHeads(view: View, then: readonly MigrationProfile[], now: readonly MigrationProfile[]): string[] {
  return now
    .filter((each) => each.tool === 'alembic')
    .filter((each) => then.some((other) => isSame(each, other) && other.version !== each.version))
    .map(
      (each) => `${nameOf(view, each)} has other heads than before; revisions of Alembic have no order in the database`,
    );
}

function isSame(a: MigrationProfile, b: MigrationProfile): boolean {
  return (
    a.database === b.database &&
    a.schema === b.schema &&
    a.tool === b.tool &&
    (a.table ?? b.table) === (b.table ?? a.table)
  );
}

export function nameOf(view: View, each: MigrationProfile): string {
  const place = each.table
    ? view.name({ database: each.database, schema: each.schema, name: each.table })
    : view.shown(each.schema);
  return `${each.tool} (${place})`;
}

export function sayVersion(each: MigrationProfile): string {
  return each.version === ''
    ? 'no version'
    : `version ${plain(each.version, 150)} (${count(each.applied, 'entry', 'entries')})`;
}
