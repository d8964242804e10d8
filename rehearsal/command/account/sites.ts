import {
  GetScheduleCommand,
  paginateListScheduleGroups,
  paginateListSchedules,
  type SchedulerClient,
  type ScheduleSummary,
} from '@aws-sdk/client-scheduler';
import { NamedError } from '../../../lambda/shared/named-error';

/** A recovery site as an account shows it: the group of its schedules, which are the registry. */
export interface FoundSite {
  readonly group: string;
  readonly site: string;
  /** Of everything that the site makes. */
  readonly prefix: string;
}

export interface FoundSchedule {
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  /** ARN of what it starts. */
  readonly starts: string;
  /** What it is started with; an empty object where somebody wrote what is no JSON. */
  readonly input: object;
}

const GROUP = /^(rcv-([a-z](?:-?[a-z0-9])*)-[0-9a-f]{8}-)drills$/;

/** Every recovery site of an account in one Region. */
export async function allSites(client: SchedulerClient): Promise<FoundSite[]> {
  const found: FoundSite[] = [];
  for await (const page of paginateListScheduleGroups({ client }, { NamePrefix: 'rcv-' })) {
    for (const { Name: group = '' } of page.ScheduleGroups ?? []) {
      const [, prefix, site] = GROUP.exec(group) ?? [];
      if (prefix) found.push({ group, prefix, site });
    }
  }
  return found;
}

/** The sites of that name, or all; there is at least one. */
export async function sitesNamed(client: SchedulerClient, site?: string): Promise<FoundSite[]> {
  const sites = await allSites(client);
  const wanted = sites.filter((one) => site === undefined || one.site === site);
  if (wanted.length > 0) return wanted;
  const names = [...new Set(sites.map((one) => one.site))].join(', ');
  const region = await client.config.region();
  throw new NamedError(
    'UserError',
    sites.length === 0
      ? `there is no recovery site in ${region} of this account: check profile and Region`
      : `there is no recovery site ${JSON.stringify(site)} in ${region} of this account; there is: ${names}`,
  );
}

/** The schedules of a site, read one by one; `wanted` leaves out what need not be read. */
export async function* schedulesOf(
  client: SchedulerClient,
  { group }: FoundSite,
  wanted: (summary: ScheduleSummary) => boolean = () => true,
): AsyncGenerator<FoundSchedule> {
  for await (const page of paginateListSchedules({ client }, { GroupName: group })) {
    for (const summary of (page.Schedules ?? []).filter(wanted)) {
      const schedule = await client.send(new GetScheduleCommand({ GroupName: group, Name: summary.Name }));
      yield {
        name: schedule.Name ?? '',
        arn: schedule.Arn ?? '',
        enabled: schedule.State !== 'DISABLED',
        starts: schedule.Target?.Arn ?? '',
        input: parsed(schedule.Target?.Input),
      };
    }
  }
}

function parsed(text = '{}'): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
