import type { CoverageReport, Unprotected } from '../../../lib/private/contract/history';
import { secondsBetween } from '../../shared/clock';

/** What has been there for two looks is there to stay: a database is made some minutes before its plan may be. */
const SETTLED_SECONDS = 3_000;

/** What has settled since the last look, where something had settled before: the alarm is raised then and says no more. */
export function newcomers(now: CoverageReport, before: CoverageReport | undefined): Unprotected[] {
  if (!before || settled(before, before.at).length === 0) return [];
  const known = new Set(settled(before, before.at).map(nameOf));
  return settled(now, now.at).filter((one) => !known.has(nameOf(one)));
}

function settled({ unprotected }: CoverageReport, at: string): Unprotected[] {
  return unprotected.filter(({ since }) => secondsBetween(since, at) >= SETTLED_SECONDS);
}

function nameOf({ kind, identifier }: Unprotected): string {
  return `${kind} ${identifier}`;
}
