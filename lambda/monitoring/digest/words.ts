import type { CoverageReport, HistorySummary, ResourceHistory } from '../../../lib/private/contract/history';
import type { Finding, MonitorReport, ResourceReport } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { dayOf, daysBetween } from '../history/days';
import { isStale } from '../messages/alarm/unmeasured';
import { line, span, when } from '../messages/text';

/** What a digest is made of: the reports of the plans whose people read it, and what concerns the whole site. */
export interface Week {
  readonly site: string;
  readonly region: string;
  readonly now: string;
  readonly reports: readonly MonitorReport[];
  readonly history?: HistorySummary;
  readonly coverage?: CoverageReport;
}

export interface Digest {
  readonly title: string;
  readonly lines: readonly string[];
  /** How many resources are not as promised. */
  readonly troubled: number;
}

interface Row {
  readonly report: MonitorReport;
  readonly resource: ResourceReport;
  readonly history?: ResourceHistory;
  readonly troubles: readonly string[];
}

/** Days since the last one that the history knows; it is written every night. */
const HISTORY_DAYS = 2;

/** A digest is read to its end or not at all: what is well is summed up past this. */
const LISTED = 40;

/** A week in words: first what needs somebody, then each resource in a line. Nothing is left out that is not well. */
export function inWords(week: Week): Digest {
  const rows = rowsOf(week);
  const troubled = rows.filter(({ troubles }) => troubles.length > 0);
  const shared = sharedTroubles(week);
  const needs = [
    ...troubled.flatMap(({ resource, troubles }) => troubles.map((text) => `${resource.name}: ${text}`)),
    ...shared,
  ];
  return {
    title: titleOf(week, rows.length, needs.length),
    troubled: troubled.length,
    lines: [
      `${week.site} in ${week.region}, ${when(week.now)}. ${summary(rows)}`,
      ...(needs.length > 0 ? ['', 'Needs somebody:', ...needs.map((each) => `- ${line(each)}`)] : []),
      ...remarks(rows, week),
      ...(rows.length > 0 ? ['', 'Each resource:', ...each(rows, week.now)] : []),
    ],
  };
}

function titleOf({ site }: Week, resources: number, needs: number): string {
  if (resources === 0 && needs === 0) return `${site}: nothing is protected`;
  return needs === 0
    ? `${site}: all ${resources} recoverable and proven`
    : `${site}: ${needs} ${needs === 1 ? 'thing needs' : 'things need'} somebody`;
}

function rowsOf({ reports, history, now }: Week): Row[] {
  const past = new Map(history?.resources.map((one) => [one.name, one]));
  return reports.flatMap((report) =>
    [...report.resources, ...report.tagged.flatMap(({ resources }) => resources)].map((resource) => {
      const known = past.get(resource.name);
      return { report, resource, history: known, troubles: troublesOf(report, resource, known, now) };
    }),
  );
}

function troublesOf(
  report: MonitorReport,
  resource: ResourceReport,
  history: ResourceHistory | undefined,
  now: string,
): string[] {
  const { restorable, proven, objectives } = resource;
  const troubles: string[] = [];
  if (isStale(report, now)) troubles.push(`nobody has measured it since ${when(report.at)}`);
  else if (objectives && !restorable) troubles.push('what it could be restored from could not be measured');
  if (restorable && restorable.ratio > 1) troubles.push(late(resource));
  if (proven && proven.ratio > 1) troubles.push(notProven(resource, now));
  const findings = [...resource.findings, ...(history?.findings ?? [])].filter(isUrgent);
  return [...troubles, ...findings.map(findingInWords)];
}

function late({ restorable }: ResourceReport): string {
  const { of, ageSeconds, allowedSeconds, newest } = restorable!;
  const what =
    { rpo: 'the newest restorable state', regionLossRpo: 'the newest state elsewhere' }[of] ?? `the newest of ${of}`;
  return `${what} is ${newest ? `${span(ageSeconds)} old` : 'missing'}, ${span(allowedSeconds)} are allowed`;
}

function notProven({ proven, since }: ResourceReport, now: string): string {
  const { lastPassedAt, provenSeconds } = proven!;
  const every = `one must every ${span(provenSeconds)}`;
  return lastPassedAt
    ? `the last drill passed ${span(secondsBetween(lastPassedAt, now))} ago, ${every}`
    : `no drill has passed since ${when(since)}, ${every}`;
}

/** Each once, whichever plan's monitor saw it. */
function sharedTroubles({ reports, history, coverage, now }: Week): string[] {
  const findings = [...reports.flatMap((report) => report.findings), ...(history?.findings ?? [])].filter(isUrgent);
  const open = coverage?.unprotected ?? [];
  const names = open.slice(0, 5).map(({ identifier }) => identifier);
  const more = open.length > 5 ? ` and ${open.length - 5} more` : '';
  return [
    ...new Set(findings.map(findingInWords)),
    ...(history && daysBetween(history.through, dayOf(now)) > HISTORY_DAYS
      ? [
          `Nobody has written since ${history.through} what became of backup jobs and sizes: what is said of them here is of that day. Read the newest lines in the log of the function whose name ends with history.`,
        ]
      : []),
    ...(open.length > 0
      ? [`Under no plan: ${names.join(', ')}${more}. Protect each, or name it in exclude of alarmOnUnprotected.`]
      : []),
  ];
}

/** What nobody is told otherwise: stopped databases, jobs that failed and were made good. */
function remarks(rows: readonly Row[], { reports }: Week): string[] {
  const said = [
    ...rows.flatMap(({ resource, history }) =>
      [...resource.findings, ...(history?.findings ?? [])]
        .filter((one) => !isUrgent(one))
        .map((one) => `${resource.name}: ${findingInWords(one)}`),
    ),
    ...new Set(reports.flatMap((report) => report.findings.filter((one) => !isUrgent(one)).map(findingInWords))),
    ...rows.flatMap(({ resource, history }) => failed(resource.name, history)),
  ];
  return said.length === 0 ? [] : ['', 'For your information:', ...said.map((text) => `- ${line(text)}`)];
}

function failed(name: string, history: ResourceHistory | undefined): string[] {
  const count = history?.last30Days.failed ?? 0;
  if (count === 0) return [];
  const [newest] = history!.failedJobs;
  const last = newest ? `, the last on ${when(newest.endedAt)}${newest.message ? ` (${newest.message})` : ''}` : '';
  return [`${name}: ${count} ${count === 1 ? 'job' : 'jobs'} of AWS Backup failed in 30 days${last}`];
}

function each(rows: readonly Row[], now: string): string[] {
  const ordered = [...rows].sort((a, b) => worst(b) - worst(a));
  const shown = ordered.slice(0, LISTED).map((row) => `- ${line(rowInWords(row, now))}`);
  const rest = ordered.length - LISTED;
  return rest > 0 ? [...shown, `- and ${rest} more, all of them better`] : shown;
}

function rowInWords({ resource, history }: Row, now: string): string {
  const { name, restorable, proven, sources } = resource;
  const newest = sources
    .map((source) => source.newest ?? '')
    .sort()
    .at(-1);
  const parts = [
    newest ? `restorable to ${when(newest)}` : 'nothing to restore from is known',
    ...(restorable ? [`${Math.round(restorable.ratio * 100)} % of what is allowed`] : []),
    proven
      ? proven.lastPassedAt
        ? `proven ${span(secondsBetween(proven.lastPassedAt, now))} ago`
        : 'not proven yet'
      : 'not drilled',
    ...(history?.successRate !== undefined
      ? [`${Math.round(history.successRate * 100)} % of backup jobs succeeded`]
      : []),
  ];
  return `${name}: ${parts.join(', ')}`;
}

function worst({ resource: { restorable, proven }, troubles }: Row): number {
  return troubles.length * 100 + Math.max(restorable?.ratio ?? 0, proven?.ratio ?? 0);
}

function summary(rows: readonly Row[]): string {
  const promised = rows.filter(({ resource }) => resource.objectives);
  const recoverable = promised.filter(({ resource }) => resource.restorable && resource.restorable.ratio <= 1).length;
  const drilled = rows.filter(({ resource }) => resource.proven);
  const proven = drilled.filter(({ resource }) => resource.proven!.ratio <= 1).length;
  return `Of what is protected ${of(recoverable, promised.length)} can be restored as promised; of what is drilled ${of(proven, drilled.length)} were proven in time.`;
}

function of(count: number, all: number): string {
  return count === all ? `all ${all}` : `${count} of ${all}`;
}

function isUrgent({ severity }: Finding): boolean {
  return severity !== 'digest';
}

function findingInWords({ what, nextStep }: Finding): string {
  return `${what} ${nextStep}`;
}
