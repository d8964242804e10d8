import type { MonitorReport } from '../../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../../shared/clock';
import { runbook } from '../links';
import type { Message } from '../message';
import { here, planOf, type SiteView } from '../site-view';
import { when } from '../text';

/** The cause of all silence: one monitor measures everything. */
export const MONITOR = 'monitor';

/** A report this much older than its interval is not written any more. */
const MISSED_RUNS = 3;

export function isStale({ at, everySeconds }: MonitorReport, now: string): boolean {
  return secondsBetween(at, now) > MISSED_RUNS * everySeconds;
}

/** What is not measured now, though it should be. */
export function unmeasured({ reports, now }: SiteView): string[] {
  return reports.flatMap((report) => {
    const stale = isStale(report, now);
    const unknown = ({ objectives, restorable }: MonitorReport['resources'][number]) => objectives && !restorable;
    return [...report.resources.filter((one) => stale || unknown(one)), ...(stale ? report.tagged : [])].map(
      ({ name }) => name,
    );
  });
}

/** Silence of any number of resources. */
export function silent(view: SiteView, report: MonitorReport | undefined, name: string, since: string): Message {
  const names = [...new Set([name, ...unmeasured(view)])];
  const others = names.length - 1;
  const known = report && !isStale(report, view.now) ? report.troubles[0] : undefined;
  const last = report ? `the last report is of ${when(report.at)}` : 'there is no report';
  return {
    ...here(view),
    ...(report && planOf(report)),
    severity: 'page',
    state: 'raised',
    lasting: true,
    cause: MONITOR,
    title: `${name}${others > 0 ? ` and ${others} more` : ''}: nobody measures any more`,
    what: `What ${name}${others > 0 ? ` and ${others} more` : ''} could be restored from is not measured any more: ${known ? `AWS said ${known.replace(/\.$/, '')}` : last}.`,
    since,
    means: 'A missed backup would go unnoticed: whether any objective holds is not known.',
    nextStep: `Read the newest lines in the log of the function whose name ends with monitor, and see whether the schedules of site ${view.site} are enabled.`,
    links: [runbook(report?.runbook, 'monitor-silent')],
    resources: names,
  };
}
