import { GetScheduleCommand, paginateListSchedules, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { MonitorDefinition } from '../../lib/private/contract/monitoring';
import { NamedError } from '../shared/named-error';

export interface SiteRegistry {
  /** The site's schedule group. */
  readonly group: string;
  /** What the names of the site's functions begin with. */
  readonly prefix: string;
}

export interface MonitorSchedule {
  readonly name: string;
  readonly enabled: boolean;
  readonly definition: MonitorDefinition;
}

/** What the site's plans protect: the schedules that start its monitor say so, disabled ones too. */
export async function monitorDefinitions(
  scheduler: SchedulerClient,
  registry: SiteRegistry,
): Promise<MonitorDefinition[]> {
  return (await monitorSchedules(scheduler, registry)).map(({ definition }) => definition);
}

/** Drills, of which there may be thousands, are told apart by what they start, and not read. */
export async function monitorSchedules(
  scheduler: SchedulerClient,
  { group, prefix }: SiteRegistry,
): Promise<MonitorSchedule[]> {
  const schedules: MonitorSchedule[] = [];
  for await (const page of paginateListSchedules({ client: scheduler }, { GroupName: group })) {
    for (const { Name, State, Target } of page.Schedules ?? []) {
      if (!Name || !Target?.Arn?.endsWith(`:function:${prefix}monitor`)) continue;
      const schedule = await scheduler.send(new GetScheduleCommand({ GroupName: group, Name }));
      schedules.push({
        name: Name,
        enabled: State === 'ENABLED',
        definition: parse(schedule.Target?.Input, Name),
      });
    }
  }
  return schedules;
}

function parse(input: string | undefined, schedule: string): MonitorDefinition {
  let definition: Partial<MonitorDefinition> | null = null;
  try {
    definition = JSON.parse(input ?? '') as Partial<MonitorDefinition> | null;
  } catch {
    // told below in one sentence, without the input itself
  }
  if (definition?.schema !== 'cdk-recoverable/monitor/v1') {
    throw new NamedError(
      'InvalidDefinition',
      `schedule ${schedule} holds no monitor definition of schema cdk-recoverable/monitor/v1; deploy its plan again`,
    );
  }
  return definition as MonitorDefinition;
}
