import { inconclusive, sayProblems, showsDamage, type StandardCheck } from '../conclusion';
import type { ObservationOf } from '../observations';
import { count, list, number } from '../text';
import { isWhole, type View } from '../view';

const expected = 'every row that refers to another finds it';

/** Do references hold? Lost rows of one table show in the tables that refer to them. */
export const foreignKeys: StandardCheck = {
  conclude(view) {
    const of = view.of('foreign-key');
    const keys = [...grouped(of).values()];
    const broken = keys.filter((key) => key.promised && key.orphans > 0);
    const loose = keys.filter((key) => !key.promised);
    const problems = view.problemsOf('foreign-key', 'database');
    const damaged = problems.filter(({ problem }) => showsDamage(problem));
    const say = (some: typeof problems) =>
      sayProblems(some.map((each) => ({ problem: each.problem, place: placeOf(view, each) })));
    if (broken.length > 0) {
      const names = list(
        broken.map((key) => `${key.name}: ${count(key.orphans, 'row')} without its row in ${key.refersTo}`),
      );
      return { status: 'fail', expected, observed: names, of };
    }
    if (damaged.length > 0) return { status: 'fail', expected, observed: say(damaged), of };
    if (problems.length > 0) return inconclusive(expected, say(problems), { of, problems });
    const gap = view.gap('foreign-key') ?? (keys.every((key) => key.whole) ? null : 'not every row was asked');
    if (gap) return inconclusive(expected, gap, { of });
    return {
      status: 'pass',
      expected,
      observed: [`${count(keys.length, 'constraint')} checked row by row`, ...sayLoose(loose)].join('; '),
      of,
    };
  },
};

interface Key {
  name: string;
  refersTo: string;
  promised: boolean;
  orphans: number;
  whole: boolean;

  observations: ObservationOf<'foreign-key'>[];
}

function grouped(observations: readonly ObservationOf<'foreign-key'>[]): Map<string, Key> {
  const keys = new Map<string, Key>();
  for (const seen of observations) {
    if (!seen.found) continue;
    const id = [seen.database, ...seen.path].join('\0');
    const before = keys.get(id);
    const all = [...(before?.observations ?? []), seen];
    keys.set(id, {
      name: seen.path.map((part) => (/^\w+$/.test(part) ? part : JSON.stringify(part))).join('.'),
      refersTo: seen.found.refersTo,
      promised: seen.found.promised,
      orphans: (before?.orphans ?? 0) + seen.found.orphans,
      whole: isWhole(all),
      observations: all,
    });
  }
  return keys;
}

function placeOf(view: View, { database, path }: { database: string; path: readonly string[] }): string {
  if (path.length < 3) return `database ${view.shown(database)}`;
  return `${view.name({ database, schema: path[0], name: path[1] })}.${view.shown(path[2])}`;
}

function sayLoose(loose: readonly Key[]): string[] {
  if (loose.length === 0) return [];
  const names = list(
    loose.map((key) => `${key.name} (${number(key.orphans)} without)`),
    400,
  );
  return [`not validated or not enforced in the source, hence only reported: ${names}`];
}
