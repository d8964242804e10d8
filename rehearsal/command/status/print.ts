import { styleText } from 'node:util';
import type { Finding } from '../../../lib/private/contract/monitoring';
import { wholeSecond } from '../../../lambda/shared/clock';
import { counted, duration, moment } from '../../../lambda/evidence/text';
import { printable } from '../printable';
import { table } from '../table';
import { wrapped } from '../wrapped';
import { stateOf } from './judge';
import { ago } from './monitors';
import type {
  MonitorStatus,
  ProvenStatus,
  RecoverableStatus,
  ResourceStatus,
  SiteStatus,
  StatusReport,
} from './report';

const MARK = { fresh: '✔', stale: '✖', unknown: '?' } as const;
const WORST_FIRST = ['stale', 'unknown', 'fresh'] as const;

/** The status for people: what is worst comes first. */
export function printStatus(report: StatusReport): string {
  return coloured(report.sites.map((site) => ofSite(site, report)).join('\n\n'));
}

function ofSite(site: SiteStatus, { region, at }: StatusReport): string {
  const ordered = WORST_FIRST.flatMap((state) => site.resources.filter((one) => stateOf(one) === state));
  return [
    `${MARK[site.state]} Site ${printable(site.site)} in ${printable(region)}: ${summary(site)}`,
    ...monitors(site, at),
    ...(ordered.length > 0 ? ['', table(HEAD, ordered.map(row))] : []),
    ...findings(site),
  ].join('\n');
}

function summary({ resources, monitors: of }: SiteStatus): string {
  if (of.length === 0) return 'no monitor is scheduled, so nobody looks at anything; deploy its plans again';
  if (resources.length === 0) return 'its monitors watch nothing';
  const counts = WORST_FIRST.map((state) => [state, resources.filter((one) => stateOf(one) === state).length] as const);
  const said = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return `${counted(resources.length, 'resource')}, ${said.join(', ')}`;
}

function monitors({ monitors: all }: SiteStatus, at: string): string[] {
  const watching = all.filter(({ state }) => state === 'watching').map(({ reportedAt = at }) => reportedAt);
  const oldest = watching.sort().at(0);
  return [
    ...(oldest === undefined ? [] : [`Measured ${ago(oldest, at)}, at ${second(oldest)}`]),
    ...all.filter(({ state }) => state !== 'watching').flatMap(notWatching),
    ...all.flatMap(({ plan, troubles }) =>
      troubles.map((one) => wrapped(`? Plan ${printable(plan ?? '')}: could not be asked: ${printable(one)}`, '  ')),
    ),
  ];
}

function notWatching({ plan, shard, what = '', nextStep = '' }: MonitorStatus): string[] {
  return [
    wrapped(`? Plan ${printable(plan ?? `of shard ${shard}`)}: ${printable(what)}`, '  '),
    wrapped(`  Next step: ${printable(nextStep)}`, '  '),
  ];
}

const HEAD = ['Resource', 'Newest restorable state', 'Last passed drill'];

function row(one: ResourceStatus): string[] {
  return [
    [one.name, ...(stateOf(one) === 'fresh' ? [] : [one.identifier])].map(printable).join('\n'),
    [
      ...recoverable(one.recoverable),
      ...(one.stoppedSince === undefined ? [] : [`stopped since ${second(one.stoppedSince)}`]),
      ...(one.tag ? [`tagged ${one.tag.key}=${one.tag.value}`] : []),
    ]
      .map(printable)
      .join('\n'),
    proven(one.proven),
  ];
}

function recoverable(found: RecoverableStatus): string[] {
  const { state, of = '', ageSeconds, allowedSeconds = 0, newest, since } = found;
  if (state === 'not-promised') return ['- nothing promised here'];
  if (ageSeconds === undefined) return ['? not measured'];
  const age = newest === undefined ? `none for ${duration(ageSeconds)}` : `${duration(ageSeconds)} old`;
  const figures = `${of}: ${age}, ${duration(allowedSeconds)} allowed`;
  if (state === 'fresh') return [`${MARK.fresh} ${figures}`];
  if (state === 'unknown') return ['? unknown', `last seen: ${figures}`];
  return [`${MARK.stale} ${since === undefined ? 'cannot be restored from' : `stale since ${second(since)}`}`, figures];
}

function proven({ state, ageSeconds = 0, intervalSeconds = 0, lastPassedAt }: ProvenStatus): string {
  const every = `every ${duration(intervalSeconds)}`;
  const passed = lastPassedAt === undefined ? 'none has passed' : `${duration(ageSeconds)} ago`;
  const said = {
    proven: `${MARK.fresh} ${passed}, ${every}`,
    overdue: `${MARK.stale} overdue: ${passed}, ${every}`,
    unknown: `? unknown${lastPassedAt === undefined ? '' : `, last seen: ${passed}`}, ${every}`,
    'not-yet': `- none yet, ${every}`,
    'not-drilled': '- not drilled',
  };
  return said[state];
}

function findings({ resources, findings: ofSite }: SiteStatus): string[] {
  const all = [
    ...ofSite.map((one) => finding(one.plan, one)),
    ...resources.flatMap(({ name, findings: own }) => own.map((one) => finding(name, one))),
  ];
  return all.length === 0 ? [] : ['', 'Findings', ...all];
}

function finding(whose: string, { severity, what, means, nextStep, since }: Finding): string {
  return [
    wrapped(`${severity === 'digest' ? '-' : MARK.stale} ${severity}  ${printable(whose)}: ${printable(what)}`, '  '),
    wrapped(`  Since ${second(since)}. ${printable(means)}`, '  '),
    wrapped(`  Next step: ${printable(nextStep)}`, '  '),
  ].join('\n');
}

/** Where a terminal shows colours; `styleText` asks it. */
function coloured(text: string): string {
  return text.replace(/[✔✖]/gu, (mark) => styleText(mark === MARK.fresh ? 'green' : 'red', mark));
}

/** RFC 3339 may have fractions, which no deadline needs. */
function second(time: string): string {
  return moment(Number.isNaN(Date.parse(time)) ? time : wholeSecond(time));
}
