import { secondsBetween } from '../../shared/clock';
import { span } from '../messages/text';
import type { Draft } from './draft';
import { called, cli, type Subject } from './subject';

const DAY = 86_400;

/** A window may be so much shorter than its days, since what is older than them goes as a whole day's backup. */
const SLACK = 36 * 3600;

/** What RDS itself keeps: whether it keeps any, for how long, and how far back it reaches by now. */
export function automatedBackups(subject: Subject): Draft[] {
  const { report, profile } = subject;
  const kept = profile.sources.filter(({ kind }) => ['point-in-time', 'snapshot', 'replicated'].includes(kind));
  if (kept.length === 0 || report.status === 'gone' || report.retentionDays === undefined) return [];
  if (report.retentionDays === 0)
    return [
      off(
        subject,
        kept.some(({ known }) => known),
      ),
    ];
  return [...lowered(subject), ...short(subject)];
}

function off(subject: Subject, promised: boolean): Draft {
  const { name, profile } = subject;
  const days = profile.retentionDays ?? subject.report.retentionFirst ?? 0;
  return {
    id: 'automated-backups-off',
    severity: promised ? 'page' : 'ticket',
    cause: promised ? name : `${name} automated-backups-off`,
    what: `The automated backups of ${name} are off.`,
    means: `No moment of it can be restored; the recovery point objective is ${span(profile.rpoSeconds)}.`,
    nextStep: `Turn them on, which may suspend I/O for a moment: ${cli(subject).modify(`--backup-retention-period ${days > 0 ? days : 7}`)}.`,
  };
}

/** Against what the app declares; where only the account knows, against what was first seen. */
function lowered(subject: Subject): Draft[] {
  const { name, report, profile } = subject;
  const wanted = profile.retentionDays ?? report.retentionFirst ?? 0;
  const { retentionDays: kept = 0 } = report;
  if (kept >= wanted) return [];
  return [
    {
      id: 'retention-lowered',
      severity: 'ticket',
      cause: `${name} retention-lowered`,
      what: `Automated backups of ${name} are kept ${days(kept)}, not ${days(wanted)}.`,
      means: `Damage that is noticed after more than ${days(kept)} cannot be undone by a point-in-time restore.`,
      nextStep: `Keep them ${days(wanted)} again: ${cli(subject).modify(`--backup-retention-period ${wanted}`)}.`,
    },
  ];
}

/**
 * A window shorter than its days. After a blue/green switch, or under another database of the same name, history begins again:
 * that is known from its identity alone.
 */
function short(subject: Subject): Draft[] {
  const { report, profile, now } = subject;
  const { retentionDays = 0, since, resourceIdSince = since, retentionSince = since } = report;
  const watched = profile.sources.find(({ kind }) => kind === 'point-in-time');
  const source = report.sources.find(({ kind }) => kind === 'point-in-time');
  if (!watched || source?.newest === undefined) return [];
  const promised = retentionDays * DAY;
  if (resourceIdSince > since && secondsBetween(resourceIdSince, now) < promised)
    return [replaced(subject, resourceIdSince)];
  if (source.oldest === undefined) return [];
  const begun = retentionSince > since ? retentionSince : since;
  const expected = Math.min(promised, secondsBetween(begun, now));
  const window = secondsBetween(source.oldest, now);
  return window < expected - SLACK ? [shrunk(subject, source.oldest, window)] : [];
}

function replaced(subject: Subject, since: string): Draft {
  const { name, report, identifier } = subject;
  return {
    id: 'window-short',
    severity: 'ticket',
    cause: `${name} window-short`,
    what: `${name} is another database than before, under the same name: its point-in-time history begins anew, no earlier than ${since.slice(0, 16)}Z.`,
    means: `No moment before that can be restored from ${called(subject)}, until ${days(report.retentionDays ?? 0)} have passed.`,
    nextStep: `If that was a blue/green switch, keep the old database or its retained backups so long: \`aws rds describe-db-instance-automated-backups --region ${subject.region}\` lists those; else find out who replaced ${identifier}.`,
  };
}

function shrunk(subject: Subject, oldest: string, window: number): Draft {
  const { name, report } = subject;
  return {
    id: 'window-short',
    severity: 'ticket',
    cause: `${name} window-short`,
    what: `The point-in-time history of ${name} reaches back ${span(window)}, to ${oldest.slice(0, 16)}Z, though backups are kept ${days(report.retentionDays ?? 0)}.`,
    means: 'No moment before that can be restored.',
    nextStep: `See what happened to it then: \`aws rds describe-events --source-type ${subject.kind} --source-identifier ${subject.identifier} --duration 20160 --region ${subject.region}\`.`,
  };
}

function days(count: number): string {
  return `${count} day${count === 1 ? '' : 's'}`;
}
