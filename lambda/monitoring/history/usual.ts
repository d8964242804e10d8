import type { DrillFigures, FailedJob } from '../../../lib/private/contract/history';
import type { Severity } from '../../../lib/private/contract/monitoring';
import { daysBetween } from './days';
import type { DayFigures } from './day-figures';

/** What is kept of a shard's resources, so that a day can be judged by those before it. Made from the history's objects. */
export interface UsualOfShard {
  readonly schema: 'cdk-recoverable/history-usual/v1';
  /** The last day that is in it, `YYYY-MM-DD`. */
  readonly through: string;
  readonly resources: readonly Usual[];
}

/** One resource's last days, all of it oldest first. */
export interface Usual {
  readonly name: string;
  readonly sizes: readonly SizeOfDay[];
  readonly jobs: readonly { readonly day: string; readonly succeeded: number; readonly failed: number }[];
  readonly failedJobs: readonly FailedJob[];
  readonly durations: readonly Durations[];
  readonly drills: readonly DrillFigures[];
  /** What was raised and is not over. */
  readonly open: readonly Open[];
}

export interface Open {
  readonly cause: string;
  readonly title: string;
  readonly severity: Severity;
  readonly since: string;
}

export interface SizeOfDay {
  readonly day: string;
  readonly bytes: number;
  readonly allocatedBytes?: number;
  readonly backupBytes?: number;
}

/** Of completed jobs of one kind, rule and vault. */
export interface Durations {
  readonly kind: 'backup' | 'copy';
  readonly rule?: string;
  /** Of copies, where they go. */
  readonly vault?: string;
  readonly seconds: readonly number[];
  readonly day: string;
}

/** Days over which success is reckoned: those after which AWS Backup forgets. */
export const DAYS_OF_JOBS = 30;
const DAYS_OF_SIZES = 60;
const JOBS_OF_DURATIONS = 60;
const DRILLS = 60;
const FAILED_JOBS = 10;

export function nothingYet(name: string): Usual {
  return { name, sizes: [], jobs: [], failedJobs: [], durations: [], drills: [], open: [] };
}

/** With one more day, and without what is too long ago. */
export function withDay(usual: Usual, day: string, figures: DayFigures | undefined): Usual {
  const within = (days: number) => (one: { readonly day: string }) => daysBetween(one.day, day) < days;
  const { size, succeeded = 0, failed = 0, failedJobs = [], durations = [], drills = [] } = figures ?? {};
  return {
    ...usual,
    sizes: [...usual.sizes, ...(size ? [{ day, ...size }] : [])].filter(within(DAYS_OF_SIZES)),
    jobs: [...usual.jobs, ...(succeeded + failed > 0 ? [{ day, succeeded, failed }] : [])].filter(within(DAYS_OF_JOBS)),
    failedJobs: [...usual.failedJobs, ...failedJobs]
      .filter(({ endedAt }) => within(DAYS_OF_JOBS)({ day: endedAt.slice(0, 10) }))
      .slice(-FAILED_JOBS),
    durations: withDurations(usual.durations, durations, day).filter(within(DAYS_OF_SIZES)),
    drills: [...usual.drills, ...drills].slice(-DRILLS),
  };
}

/** Those of a rule that has not run for long are forgotten with it. */
function withDurations(known: readonly Durations[], more: DayFigures['durations'], day: string): Durations[] {
  const all = [...known];
  for (const { kind, rule, vault, seconds } of more) {
    const at = all.findIndex((one) => one.kind === kind && one.rule === rule && one.vault === vault);
    const before = at < 0 ? [] : all[at].seconds;
    const after = { kind, rule, vault, seconds: [...before, seconds].slice(-JOBS_OF_DURATIONS), day };
    if (at < 0) all.push(after);
    else all[at] = after;
  }
  return all;
}
