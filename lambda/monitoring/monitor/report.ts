import type { MonitorReport, ResourceReport } from '../../../lib/private/contract/monitoring';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import type { PutCondition, Store } from '../../shared/store';

export interface Before {
  /** Absent: this is the first run, or what the last one left cannot be read. */
  readonly report?: MonitorReport;
  readonly condition: PutCondition;
}

const SCHEMA = 'cdk-recoverable/monitor-report/v1';

/** What the last run saw. A report that cannot be read counts as none: a monitor that stops for it would be worse. */
export async function lastReport(state: Store, shard: string): Promise<Before> {
  const stored = await state.getText(keys.report(shard));
  if (!stored) return { condition: 'absent' };
  const report = parse(stored.body);
  if (!report) {
    log.error('the last report cannot be read: what was never seen is as old as this run', { shard });
  }
  return { ...(report && { report }), condition: { etag: stored.etag } };
}

/**
 * Keeps the report, unless a later run was faster. One that looked earlier and wrote meanwhile is replaced.
 * @returns whether it was kept
 */
export async function keepReport(state: Store, report: MonitorReport, read: PutCondition): Promise<boolean> {
  const key = keys.report(report.shard);
  let condition = read;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await state.put(key, report, condition)) return true;
    const { report: other, condition: now } = await lastReport(state, report.shard);
    if (other && other.at >= report.at) return false;
    condition = now;
  }
  return false;
}

function parse(body: string): MonitorReport | undefined {
  try {
    const report = JSON.parse(body) as Partial<MonitorReport> | null;
    const known = report?.schema === SCHEMA && isTime(report.at) && lists(report.findings, report.tagged);
    const resources = [...(report?.resources ?? []), ...(report?.tagged ?? []).flatMap((tag) => tag.resources)];
    return known && resources.every(isResource) ? (report as MonitorReport) : undefined;
  } catch {
    return undefined;
  }
}

function isResource({ name, identifier, since, stopped, sources, findings }: Partial<ResourceReport>): boolean {
  const texts = [name, identifier].every((one) => typeof one === 'string');
  return texts && isTime(since) && lists(stopped, sources, findings);
}

function lists(...all: unknown[]): boolean {
  return all.every(Array.isArray);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
