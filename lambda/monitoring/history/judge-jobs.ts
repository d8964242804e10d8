import type { WatchedSource } from '../../../lib/private/contract/monitoring';
import { observed, type Observed } from './observed';
import { slowerThanUsual } from './slower';
import type { Durations, Usual } from './usual';
import { secondsInWords, shareInWords } from './words';

/** Of its completion window; a job that is not done when it closes is ended by AWS Backup. */
const NEARLY_FULL = 0.8;
const RATE_TO_READ = 0.95;
const RATE_TO_WORK_ON = 0.8;
/** Of fewer jobs a rate says little, and what failed has been told of. */
const JOBS_OF_A_RATE = 5;

/** Jobs that come near the end of their window, for as long as they do, and a last one that was slow for its kind. */
export function judgeDurations({ name, durations }: Usual, sources: readonly WatchedSource[], day: string): Observed[] {
  return durations.flatMap((one) => [...nearlyFull(name, one, windowOf(one, sources)), ...slower(name, one, day)]);
}

function nearlyFull(name: string, one: Durations, window: number | undefined): Observed[] {
  const last = one.seconds.at(-1) ?? 0;
  if (window === undefined || last <= NEARLY_FULL * window) return [];
  return [
    observed(
      name,
      'window-nearly-full',
      'ticket',
      true,
      one.day,
      {
        title: `${name}: ${one.kind} took ${shareInWords(last / window)} of its window`,
        what: `The last ${named(one)} of ${name} took ${secondsInWords(last)} of the ${secondsInWords(window)} that it may.`,
        means: 'AWS Backup ends a job whose window closes, and then there is no new recovery point.',
        nextStep: "Give the plan's backup tiers a longer completionWindow, or an hour with less load.",
      },
      seriesOf(one),
    ),
  ];
}

function slower(name: string, one: Durations, day: string): Observed[] {
  const usual = one.day === day ? slowerThanUsual(one.seconds) : null;
  if (usual === null) return [];
  const last = secondsInWords(one.seconds.at(-1) ?? 0);
  return [
    observed(
      name,
      'slower-than-usual',
      'digest',
      false,
      day,
      {
        title: `${name}: ${one.kind} took ${last}`,
        what: `The last ${named(one)} of ${name} took ${last}; it usually takes ${secondsInWords(usual)}.`,
        means: 'The recovery point is there; if this goes on, jobs will not fit their window.',
        nextStep: 'Look for a load, a resize or unusually many changes at that hour.',
      },
      seriesOf(one),
    ),
  ];
}

/** The share of backup and copy jobs of the last 30 days that made what they were to make; null where none ended. */
export function successRate({ jobs }: Usual): number | null {
  const succeeded = jobs.reduce((sum, one) => sum + one.succeeded, 0);
  const all = jobs.reduce((sum, one) => sum + one.succeeded + one.failed, 0);
  return all === 0 ? null : succeeded / all;
}

export function judgeRate(usual: Usual, day: string): Observed[] {
  const rate = successRate(usual);
  if (rate === null || rate >= RATE_TO_READ) return [];
  const { name, jobs, failedJobs } = usual;
  const all = jobs.reduce((sum, one) => sum + one.succeeded + one.failed, 0);
  const failed = jobs.reduce((sum, one) => sum + one.failed, 0);
  const severity = rate < RATE_TO_WORK_ON && all >= JOBS_OF_A_RATE ? 'ticket' : 'digest';
  const said = failedJobs.at(-1)?.message;
  return [
    observed(name, 'success-rate', severity, true, jobs.find((one) => one.failed > 0)?.day ?? day, {
      title: `${name}: ${failed} of ${all} backup jobs failed in 30 days`,
      what: `Of ${all} backup and copy jobs of ${name} that ended in the last 30 days ${failed} made nothing, so ${shareInWords(rate)} succeeded${said ? `; the last one said: ${said.replace(/\.$/, '')}` : ''}.`,
      means: 'There are fewer moments to go back to than the plan promises.',
      nextStep: 'Open the failed jobs in the AWS Backup console; the reason is in each.',
    }),
  ];
}

/** How long AWS Backup gives a backup of this rule; unknown for rules that are not of the plan. Copies have no window. */
function windowOf({ kind, rule }: Durations, sources: readonly WatchedSource[]): number | undefined {
  if (kind === 'copy' || rule === undefined) return undefined;
  return sources.find((one) => one.kind === 'recovery-point' && one.tier === rule)?.completionSeconds;
}

function named({ kind, rule, vault }: Durations): string {
  const to = vault === undefined ? '' : ` to ${vault.split(':').slice(3).join(':')}`;
  return `${rule === undefined ? '' : `${rule} `}${kind}${to}`;
}

function seriesOf({ kind, rule = '', vault = '' }: Durations): string {
  return [kind, rule, vault].filter((part) => part !== '').join(' ');
}
