import type { Finding, MonitorDefinition, MonitorReport } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import type { Store } from '../../shared/store';
import type { Clients } from '../account/clients';
import { assess, type Assessed } from '../freshness/assess';
import { messageOf } from '../findings/message';
import { send } from '../messages/send';
import { takeOver } from '../messages/take-over';
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
  const unsaid = await tell(news(before, report, looked.due.full), report, assessed.concerned);
  if (looked.due.full) await tellOfLate(report, place);
  const kept = await keepReport(place.state, { ...report, ...(unsaid.length > 0 && { unsaid }) }, condition);
  const { troubles } = looked;
  log.info('measured', { shard: report.shard, ...looked.due, kept, troubles: troubles.length, unsaid: unsaid.length });
  if (troubles.length + unsaid.length > 0) throw new NamedError('NotMeasured', sentence(report, looked, unsaid));
}

/** @returns findings of which that could not be said */
async function tell(all: readonly News[], report: MonitorReport, concerned: Assessed['concerned']): Promise<Finding[]> {
  const unsaid: Finding[] = [];
  for (const { finding, state, resource } of all) {
    const resources = resource === undefined ? concerned(finding.cause) : [resource];
    try {
      await send(messageOf(finding, state, report, resources), report.alerts);
    } catch (error) {
      log.error('not told', {
        finding: finding.id,
        state,
        reason: error instanceof Error ? error.message : String(error),
      });
      unsaid.push(finding);
    }
  }
  return unsaid;
}

/** Of what an alarm cannot tell, since silence has raised it already. In the next full run again, where that fails. */
async function tellOfLate(report: MonitorReport, { site, home, prefix, state }: Place): Promise<void> {
  const view = { site, region: home, prefix, restoreRoles: [], reports: [report], now: report.at };
  try {
    await takeOver(state, view, async ({ message, audiences }) => {
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
