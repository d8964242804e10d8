import type { CheckDefinition } from '../../../lib/private/contract/checks';
import type { MigrationProfile } from '../../../lib/private/contract/verification';
import { inconclusive, sayProblems, type CheckKind } from '../conclusion';
import { migrationsOf } from '../profile';
import { list, quoted } from '../text';
import { compareVersions } from '../versions';
import { nameOf, sayVersion } from './migrations';

type SchemaVersion = Extract<CheckDefinition, { kind: 'schema-version' }>;

/**
 * Is the schema at least at a version? For Alembic, whose revisions have no order in the database, `atLeast` must be one of
 * the heads.
 */
export const schemaVersion: CheckKind<SchemaVersion> = {
  conclude(check, view) {
    const expected = `${check.tool} ${check.atLeast === undefined ? 'has applied migrations, none failed' : sayAtLeast(check)}`;
    const of = view.of('migration').filter((seen) => check.database === undefined || seen.database === check.database);
    const found = migrationsOf(view).filter(
      (each) => each.tool === check.tool && (check.database === undefined || each.database === check.database),
    );
    const said = list(found.map((each) => `${nameOf(view, each)} at ${sayVersion(each)}`));
    const failed = found.flatMap((each) => each.failed);
    if (failed.length > 0)
      return { status: 'fail', expected, observed: `${said}; failed or unfinished: ${list(failed, 300)}`, of };
    const databases = [...new Set(found.map((each) => each.database))];
    if (databases.length > 1)
      return {
        status: 'fail',
        expected,
        observed: `more than one database is meant: ${said}; name one in the check`,
        of,
      };
    if (found.some((each) => each.applied > 0 && reaches(check, each)))
      return { status: 'pass', expected, observed: said, of };
    const problems = of.flatMap((seen) => (seen.problem ? [{ database: seen.database, problem: seen.problem }] : []));
    if (problems.length > 0)
      return inconclusive(expected, sayProblems(problems.map(({ problem }) => ({ problem, place: '' }))), {
        of,
        problems,
      });
    const gap = view.gap('migration');
    if (gap) return inconclusive(expected, gap, { of, problems: view.problemsOf('database') });
    return { status: 'fail', expected, observed: said || `no table of ${check.tool} was found`, of };
  },
};

function reaches(check: SchemaVersion, found: MigrationProfile): boolean {
  if (check.atLeast === undefined) return true;
  const order = compareVersions(check.tool, found.version, check.atLeast);
  return order === null ? found.version.split(',').includes(check.atLeast) : order >= 0;
}

function sayAtLeast(check: SchemaVersion): string {
  return check.tool === 'alembic'
    ? `has the head ${quoted(check.atLeast ?? '')}`
    : `at version ${quoted(check.atLeast ?? '')} or newer`;
}
