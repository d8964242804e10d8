import type { MonitorReport, ResourceReport } from '../../../../lib/private/contract/monitoring';
import { plusSeconds, secondsBetween } from '../../../shared/clock';
import { consoleOf, runbook } from '../links';
import type { Message } from '../message';
import { here, planOf, type SiteView } from '../site-view';
import { span, when } from '../text';

/** No drill has passed for longer than its interval. */
export function notProven(
  view: SiteView,
  report: MonitorReport,
  resource: ResourceReport & { readonly proven: NonNullable<ResourceReport['proven']> },
): Message {
  const { name, identifier, kind, since, proven, objectives } = resource;
  const { lastPassedAt, provenSeconds } = proven;
  const age = secondsBetween(lastPassedAt ?? since, view.now);
  const promise = objectives
    ? `its RPO of ${span(objectives.rpoSeconds)} and its RTO are promises alone`
    : 'its objectives are promises alone';
  return {
    ...here(view),
    ...planOf(report),
    severity: 'ticket',
    state: 'raised',
    lasting: true,
    cause: `proven ${name}`,
    title: lastPassedAt ? `${name}: no drill passed for ${span(age)}` : `${name}: no drill has passed yet`,
    what: lastPassedAt
      ? `The last restore drill of ${name} that passed was on ${when(lastPassedAt)}, ${span(age)} ago; one must pass every ${span(provenSeconds)}.`
      : `No restore drill of ${name} has passed since it was first seen on ${when(since)}; one must pass every ${span(provenSeconds)}.`,
    since: plusSeconds(lastPassedAt ?? since, provenSeconds),
    means: `Nobody knows whether it can be recovered: ${promise}.`,
    nextStep: `Read the newest evidence under chain/${name}/ in the evidence bucket and mend what it names; if there is none, see whether the drill's schedule is enabled, and start the drill.`,
    links: [consoleOf.resource(view.region, kind, identifier), runbook(report.runbook, 'not-proven')],
    resources: [name],
  };
}
