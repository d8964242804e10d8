import type { Finding, MonitorDefinition, MonitorReport } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import type { Store } from '../../shared/store';
import type { Clients } from '../account/clients';
import { assess, type Assessed } from '../freshness/assess';
import { messageOf } from '../findings/message';
import { stillLasts } from '../messages/alarm';
import type { Message } from '../messages/message';
import { send } from '../messages/send';
import type { SiteView } from '../messages/site-view';
import { takeOver } from '../messages/take-over';
import { readReports, reported } from '../reports';
import { look, type Looked } from './look';
import { publish } from './publish';
import { keepReport, lastReport } from './report';
import { MOST_TROUBLES, reportOf } from './report-of';
import { news, type News } from './told';

/** Where a monitor runs. */
export interface Place {
  readonly site: string;
  readonly home: string;
  /** What drills make begins so. */
  readonly prefix: string;
  /** `arn:<partition>:rds:<region>:<account>` */
  readonly rdsArn: string;
  readonly state: Store;
  readonly clients: Clients;
}

/**
 * One run over one shard: looks, judges, publishes, tells, keeps. What cannot be asked silences nothing else; the run then ends
 * with an error that names it, after everything else has been published.
 */
export async function run(definition: MonitorDefinition, place: Place): Promise<void> {
  const time = now();
  const { report: before, condition } = await lastReport(place.state, definition.shard);
  const looked = await look(definition, before, place, time);
  const assessed = assess(definition, before, looked);
  const report = reportOf(definition, before, place, looked, assessed);
  publish(report, { proven: looked.proven, sourceMetrics: definition.sourceMetrics, listed: looked.listed });
  const { failed, standing } = await tell(news(before, report, looked.due.full), report, place, assessed.concerned);
  const unsaid = [...failed, ...standing];
  const kept = await keepReport(place.state, { ...report, ...(unsaid.length > 0 && { unsaid }) }, condition);
  // Of two shards that run at once, the later one sees what both have kept.
  const late = lateOf(report);
  if (late.length > 0 && (looked.due.full || `${late}` !== `${lateOf(before)}`)) await tellOfLate(report, place);
  const { troubles } = looked;
  log.info('measured', { shard: report.shard, ...looked.due, kept, troubles: troubles.length, unsaid: failed.length });
  if (troubles.length + failed.length > 0) throw new NamedError('NotMeasured', sentence(report, looked, failed));
}

/** What is late, and why. */
function lateOf(report: MonitorReport | undefined): string[] {
  return reported(report ? [report] : []).flatMap(({ resource: { name, restorable } }) =>
    restorable && restorable.ratio > 1 ? `${name}: ${restorable.cause}` : [],
  );
}

/** Findings of which it is yet to be said that they began or are over. */
interface Unsaid {
  /** Nobody could be told. */
  readonly failed: Finding[];
  /** They are over, and what people were told is not: something else stands under the same cause. */
  readonly standing: Finding[];
}

async function tell(
  all: readonly News[],
  report: MonitorReport,
  place: Place,
  concerned: Assessed['concerned'],
): Promise<Unsaid> {
  const unsaid: Unsaid = { failed: [], standing: [] };
  for (const { finding, state, resource } of all) {
    const resources = resource === undefined ? concerned(finding.cause) : [resource];
    const message = messageOf(finding, state, report, resources);
    try {
      if (state === 'cleared' && (await lasts(message, report, place))) unsaid.standing.push(finding);
      else await send(message, report.alerts);
    } catch (error) {
      log.error('not told', {
        finding: finding.id,
        state,
        reason: error instanceof Error ? error.message : String(error),
      });
      unsaid.failed.push(finding);
    }
  }
  return unsaid;
}

/** What the cause of a finding that is over still stands for, in this shard or in another. */
async function lasts(message: Message, report: MonitorReport, place: Place): Promise<boolean> {
  const notice = { message, audiences: [report.alerts] };
  if (stillLasts(notice, viewOf(place, [report], report.at))) return true;
  const others = (await readReports(place.state)).filter(({ shard }) => shard !== report.shard);
  return stillLasts(notice, viewOf(place, others, report.at));
}

function viewOf({ site, home, prefix }: Place, reports: readonly MonitorReport[], now: string): SiteView {
  return { site, region: home, prefix, restoreRoles: [], reports, now };
}

/** Of what an alarm cannot tell, since it is raised already. In the next full run again, where that fails. */
async function tellOfLate({ shard, at }: MonitorReport, place: Place): Promise<void> {
  try {
    const view = viewOf(place, await readReports(place.state), at);
    const own = view.reports.filter((one) => one.shard === shard);
    await takeOver(place.state, view, own, async ({ message, audiences }) => {
      await Promise.all(audiences.map((alerts) => send(message, alerts)));
    });
  } catch (error) {
    log.error('not told of what is late', { reason: error instanceof Error ? error.message : String(error) });
  }
}

/** What was not measured, and what AWS said about it. */
function sentence(report: MonitorReport, { troubles, due, proven }: Looked, unsaid: readonly Finding[]): string {
  const unmeasured = report.resources.filter(
    ({ name, objectives, restorable, proven: drilled }) =>
      (objectives && !restorable) || (due.full && drilled && !proven.has(name)),
  );
  return [
    ...(unmeasured.length > 0 ? [`not measured: ${unmeasured.map(({ name }) => name).join(', ')}`] : []),
    ...(unsaid.length > 0 ? [`nobody could be told of: ${unsaid.map(({ id }) => id).join(', ')}`] : []),
    ...troubles.slice(0, MOST_TROUBLES),
  ].join('; ');
}
