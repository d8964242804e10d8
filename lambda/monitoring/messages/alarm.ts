import type { MonitorReport, ResourceReport, TaggedReport } from '../../../lib/private/contract/monitoring';
import { found, named } from '../reports';
import { general } from './alarm/general';
import { isSilence, ourMetric, since, type AlarmEvent } from './alarm/payload';
import { notProven } from './alarm/proven';
import { breaches, notRecoverable } from './alarm/recoverable';
import { MONITOR, silent, unmeasured } from './alarm/unmeasured';
import type { Message } from './message';
import { unprotectedMessage } from './unprotected';
import { everybody, planOf, type Notice, type SiteView } from './site-view';
import { audienceKey } from './topic';

/** However many databases are under no plan. */
const UNPROTECTED = 'unprotected';

/** What people are told when an alarm is raised: several things where what bears a tag shares it. */
export function raisedBy(event: AlarmEvent, view: SiteView): Notice[] {
  const metric = ourMetric(event);
  const watched = metric && named(view.reports, metric.resource);
  if (metric?.name === 'Unprotected' && view.coverage && !isSilence(event)) {
    const message: Message = { ...unprotectedMessage(view.coverage), cause: UNPROTECTED, lasting: true };
    return [{ message, audiences: everybody(view) }];
  }
  if (!metric || !watched) return [{ message: general(view, event), audiences: everybody(view) }];
  const { report, one } = watched;
  const tell = (...messages: Message[]) => messages.map((message) => ({ message, audiences: [report.alerts] }));
  if (isSilence(event)) return tell(silent(view, report, one.name, since(event)));
  if (metric.name === 'RestorableAgeRatio') {
    const late = breachesOf(view, report, one);
    if (late.length > 0) return tell(...late);
  }
  if (metric.name === 'DrillAgeRatio' && 'proven' in one && one.proven) {
    return tell(notProven(view, report, { ...one, proven: one.proven }));
  }
  return tell({ ...general(view, event), ...planOf(report) });
}

/** One of each cause, the worst first; none of what can be restored as its plan allows. */
export function breachesOf(view: SiteView, report: MonitorReport, one: ResourceReport | TaggedReport): Message[] {
  const late = ('identifier' in one ? [one] : one.resources)
    .flatMap(({ restorable }) => (restorable && restorable.ratio > 1 ? restorable : []))
    .sort((worse, other) => other.ratio - worse.ratio);
  return [...new Set(late.map(({ cause }) => cause))].flatMap((cause) => {
    const all = breaches(view, report, cause);
    return all.length > 0 ? notRecoverable(view, report, all[0], all) : [];
  });
}

/**
 * Whether what these people were told lasts, though one alarm or one finding of that cause is over: something else of theirs is
 * still in breach for it, or found.
 */
export function stillLasts({ message: { cause }, audiences }: Notice, view: SiteView, exempt?: string): boolean {
  const told = audiences.map(audienceKey);
  const theirs = { ...view, reports: view.reports.filter(({ alerts }) => told.includes(audienceKey(alerts))) };
  if (cause === MONITOR) return unmeasured(theirs).some((name) => name !== exempt);
  return theirs.reports.some(
    (report) =>
      breaches(theirs, report, cause).some(({ name }) => name !== exempt) ||
      found(report).some(({ finding }) => finding.cause === cause),
  );
}
