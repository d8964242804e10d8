import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { MonitorDefinition } from '../../../lib/private/contract/monitoring';
import { schedulesOf, type FoundSchedule, type FoundSite } from './sites';

export interface FoundMonitor {
  readonly schedule: FoundSchedule;
  readonly definition: MonitorDefinition;
}

/** The schedules of a site's monitors: the register of what it protects. Those of its drills, maybe a thousand, are not read. */
export async function monitorsOf(client: SchedulerClient, site: FoundSite): Promise<FoundMonitor[]> {
  const monitor = `:function:${site.prefix}monitor`;
  const found: FoundMonitor[] = [];
  for await (const schedule of schedulesOf(client, site, ({ Target }) => Target?.Arn?.endsWith(monitor) ?? true)) {
    if (isMonitor(schedule.input)) found.push({ schedule, definition: schedule.input });
  }
  return found;
}

function isMonitor(input: object): input is MonitorDefinition {
  return (input as Partial<MonitorDefinition>).schema === 'cdk-recoverable/monitor/v1';
}
