import type { CoverageReport, Unprotected } from '../../../lib/private/contract/history';
import { runbook } from './links';
import type { Message } from './message';

/** Names that a sentence holds; the report in the state bucket has all. */
const NAMED = 5;

/** What is under no plan: all that a report names, or those of it that have come to it. */
export function unprotectedMessage(
  report: CoverageReport,
  which: readonly Unprotected[] = report.unprotected,
): Message {
  const { site, region } = report;
  const names = which.slice(0, NAMED).map(named).join(', ');
  const more = which.length > NAMED ? ` and ${which.length - NAMED} more` : '';
  const since = which.map((one) => one.since).sort();
  const one = which.length === 1;
  const kinds = which.some(({ kind }) => kind === 'bucket') ? 'databases and buckets' : 'databases';
  return {
    severity: 'ticket',
    state: 'raised',
    // Of those that came together; repeated, it is the same.
    cause: `unprotected ${since.at(-1)} ${which.length}`,
    title: `Site ${site}: ${one ? named(which[0]) : `${which.length} ${kinds}`} without protection`.slice(0, 79),
    what: `Under no plan of site ${site}: ${names}${more}.`,
    since: since[0] ?? report.at,
    means: `Nobody promises that ${one ? 'it' : 'any of them'} can be recovered, and nobody looks whether it could.`,
    nextStep: `Protect ${one ? 'it' : 'them'}, for example with plan.${which.every(({ kind }) => kind === 'bucket') ? 'protectBucket' : 'protectInstanceById'}(...), or name ${one ? 'it' : 'them'} in exclude of alarmOnUnprotected.`,
    links: [runbook(undefined, 'unprotected')],
    site,
    region,
    resources: which.map(({ identifier }) => identifier),
  };
}

function named({ kind, identifier }: Unprotected): string {
  return `${kind === 'bucket' ? 'bucket' : kind === 'db-cluster' ? 'cluster' : 'instance'} ${identifier}`;
}
