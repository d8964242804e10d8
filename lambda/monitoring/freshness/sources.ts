import type { SourceReport, WatchedSource } from '../../../lib/private/contract/monitoring';
import { ratioOf, WORST_RATIO } from './ratio';
import { runningSeconds, type Stop } from './running';

/** What AWS says of one source of one resource; without a moment there is nothing to restore from it. */
export interface Moment {
  readonly newest?: string;
  readonly oldest?: string;
}

/** What is known of a source beside what its plan says. */
export interface Known {
  /** Absent: AWS was not asked in this run, or did not answer. */
  readonly moment?: Moment;
  readonly last?: SourceReport;
  /** Why nothing can be restored from it. */
  readonly blocked?: string;
  /** From when on there was something to back up. */
  readonly since: string;
  readonly stopped: readonly Stop[];
  readonly now: string;
}

/**
 * The same source as long as what counts as its newest is the same: what is new may be missing as long as it may be old. Of what is
 * continuous anything counts that goes on, however long it is kept.
 */
export function sameSource(watched: WatchedSource, report: SourceReport): boolean {
  return (
    watched.name === report.name &&
    watched.kind === report.kind &&
    watched.region === report.region &&
    watched.vaultArn === report.vaultArn &&
    (watched.kind === 'continuous' || watched.retentionDays === report.retentionDays)
  );
}

/** @returns undefined for what nobody promised and was never there. */
export function sourceReport(watched: WatchedSource, known: Known): SourceReport | undefined {
  const { moment, last, blocked, now, stopped } = known;
  const { newest, oldest } = moment ?? last ?? {};
  if (!watched.known && newest === undefined && !last) return undefined;
  const since = last?.since ?? now;
  const beginning = known.since > since ? known.since : since;
  const ageSeconds = runningSeconds(newest ?? beginning, now, stopped);
  const { name, kind, region, vaultArn, retentionDays, allowedSeconds } = watched;
  return {
    name,
    kind,
    ...(region !== undefined && { region }),
    ...(vaultArn !== undefined && { vaultArn }),
    ...(retentionDays !== undefined && { retentionDays }),
    since,
    ...(newest !== undefined && { newest }),
    ...(oldest !== undefined && { oldest }),
    ageSeconds,
    allowedSeconds,
    ratio: blocked === undefined ? ratioOf(ageSeconds, allowedSeconds) : WORST_RATIO,
    lookedAt: moment ? now : (last?.lookedAt ?? since),
    ...(blocked !== undefined && { blocked }),
  };
}
