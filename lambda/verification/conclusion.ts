import type { CheckDefinition, CheckResult, CheckStatus } from '../../lib/private/contract/checks';
import type { LastPassed, Profile } from '../../lib/private/contract/verification';
import type { Problem } from './observations';
import { grantSql } from './postgres/grants';
import { list, plain } from './text';
import type { View } from './view';

/** What the results are compared with, beside the checks' own expectations. */
export interface Knowledge {
  /** Of the resource's last passed drill. */
  readonly lastPassed?: LastPassed;
  /** An exact profile of the source at the restore point. */
  readonly baseline?: Profile;
}

/** What a check says; `conclude` adds who said it. */
export interface Conclusion {
  readonly status: Exclude<CheckStatus, 'skipped'>;
  readonly expected: string;
  readonly observed: string;
  /** The observations it rests on; for when it ended. */
  readonly of?: readonly { readonly finishedAt: string }[];
  /** Problems whose missing rights are to be named. */
  readonly problems?: readonly ProblemAt[];
  readonly newestRow?: string;
}

export type ProblemAt = { readonly database: string; readonly problem: Problem };

/** A check of a plan draws its conclusion from what was seen; pure. */
export interface CheckKind<C extends CheckDefinition> {
  conclude(check: C, view: View, knowledge: Knowledge): Conclusion;
}

/** A standard check has nothing to configure. */
export interface StandardCheck {
  conclude(view: View, knowledge: Knowledge): Conclusion;
}

/** The result as evidence keeps it. An exception in a check is no knowledge, hence inconclusive. */
export function resultOf(id: string, kind: CheckResult['kind'], view: View, draw: () => Conclusion): CheckResult {
  let conclusion: Conclusion;
  try {
    conclusion = draw();
  } catch (error) {
    conclusion = {
      status: 'inconclusive',
      expected: 'an answer',
      observed: `the check itself broke: ${String(error)}`,
    };
  }
  const { status, expected, observed, of = [], problems = [], newestRow } = conclusion;
  const grant = status === 'inconclusive' ? grantOf(view, problems) : undefined;
  return {
    id,
    kind,
    status,
    expected: plain(expected),
    observed: plain(observed),
    ...(grant ? { grant } : {}),
    finishedAt: view.finishedAt(of),
    ...(newestRow ? { newestRow } : {}),
  };
}

/** What stood in the way, in sentences: one per kind of problem, with the places it was met at. */
export function sayProblems(problems: readonly { problem: Problem; place: string }[]): string {
  const groups = new Map<string, { words: string; places: string[] }>();
  for (const { problem, place } of problems) {
    const words = WORDS[problem.reason];
    // Messages that differ only in the name they carry are one cause.
    const key = problem.reason === 'privilege' ? problem.reason : `${problem.reason}:${problem.message}`;
    const group = groups.get(key) ?? { words: words(problem.message), places: [] };
    group.places.push(place);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ words, places }) => (places.every((place) => place === '') ? words : `${words}: ${list(places, 300)}`))
    .join('; ');
}

/** The same for what a view holds: each problem with the table or database that it was met in. */
export function sayTroubles(view: View, problems: ReturnType<View['problemsOf']>): string {
  const placeOf = (database: string, path: readonly string[]) =>
    path.length > 1 ? view.name({ database, schema: path[0], name: path[1] }) : `database ${view.shown(database)}`;
  return sayProblems(problems.map(({ problem, database, path }) => ({ problem, place: placeOf(database, path) })));
}

const WORDS: Readonly<Record<Problem['reason'], (message: string) => string>> = {
  privilege: (message) => `a right is missing (${message})`,
  timeout: () => 'one round was too short to read it; give rounds more time',
  lost: (message) => `the connection was lost twice (${message})`,
  missing: (message) => message,
  damaged: (message) => `the server cannot read it (${message})`,
  data: (message) => message,
  other: (message) => message,
};

/** Whether the problem itself shows that the restored data is bad. */
export function showsDamage(problem: Problem): boolean {
  return problem.reason === 'damaged';
}

export function inconclusive(expected: string, observed: string, rest: Partial<Conclusion> = {}): Conclusion {
  return { status: 'inconclusive', expected, observed, ...rest };
}

/** Whether the last passed drill can be compared with: not when this one restored an earlier moment. */
export function comparable(
  view: View,
  knowledge: Knowledge,
): { profile: Profile; said: string } | { profile: null; said: string } {
  const last = knowledge.lastPassed;
  if (!last)
    return { profile: null, said: 'no earlier passed drill to compare with; this one is recorded as the reference' };
  const then = last.profile.restorePoint;
  if (then !== undefined && Date.parse(view.plan.restorePoint) < Date.parse(then)) {
    return {
      profile: null,
      said: `not compared with the drill passed at ${last.at}, which restored a later moment (${then})`,
    };
  }
  return { profile: last.profile, said: `compared with the drill passed at ${last.at}` };
}

function grantOf(view: View, problems: readonly ProblemAt[]): string | undefined {
  if (!view.server) return undefined;
  const lacking = new Map<string, NonNullable<Problem['lacks']>[number][]>();
  for (const { database, problem } of problems) {
    if (problem.lacks) lacking.set(database, [...(lacking.get(database) ?? []), ...problem.lacks]);
  }
  const several = view.severalHold();
  return grantSql(
    view.server.login,
    [...lacking].map(([database, lacks]) => ({ database, lacks })),
    several,
  );
}
