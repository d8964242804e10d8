import {
  GetScheduleCommand,
  paginateListScheduleGroups,
  paginateListSchedules,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { DrillDefinition, SourceDefinition } from '../../../lib/private/contract/drill';
import type { Undrilled } from '../../../lib/private/contract/registry';
import type { DatabaseKind } from '../../../lambda/recovery/database-snapshots';
import { NamedError } from '../../../lambda/shared/named-error';

/** A protected resource as a site knows it. */
export interface Protected {
  readonly site: string;
  /** Of everything that the site makes. */
  readonly prefix: string;
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: DatabaseKind;
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly identifier: string;
}

const GROUP = /^(rcv-([a-z](?:-?[a-z0-9])*)-[0-9a-f]{8}-)drills$/;

/** Everything that the sites of an account protect in one Region: the schedules of their drills are the registry. */
export async function protectedResources(client: SchedulerClient, site?: string): Promise<Protected[]> {
  const groups = await siteGroups(client);
  const wanted = groups.filter((group) => site === undefined || group.site === site);
  if (wanted.length === 0) {
    const names = [...new Set(groups.map((group) => group.site))].join(', ');
    const region = await client.config.region();
    throw new NamedError(
      'UserError',
      groups.length === 0
        ? `there is no recovery site in ${region} of this account: check profile and Region`
        : `there is no recovery site ${JSON.stringify(site)} in ${region} of this account; there is: ${names}`,
    );
  }
  const found: Protected[] = [];
  for (const group of wanted) found.push(...(await resourcesOf(client, group)));
  return found;
}

interface SiteGroup {
  readonly group: string;
  readonly site: string;
  readonly prefix: string;
}

async function siteGroups(client: SchedulerClient): Promise<SiteGroup[]> {
  const found: SiteGroup[] = [];
  for await (const page of paginateListScheduleGroups({ client }, { NamePrefix: 'rcv-' })) {
    for (const { Name: group = '' } of page.ScheduleGroups ?? []) {
      const [, prefix, site] = GROUP.exec(group) ?? [];
      if (prefix) found.push({ group, prefix, site });
    }
  }
  return found;
}

/** One for each resource, however often it is drilled. */
async function resourcesOf(client: SchedulerClient, { group, site, prefix }: SiteGroup): Promise<Protected[]> {
  const found = new Map<string, Protected>();
  for await (const page of paginateListSchedules({ client }, { GroupName: group })) {
    for (const { Name } of page.Schedules ?? []) {
      const schedule = await client.send(new GetScheduleCommand({ GroupName: group, Name }));
      for (const resource of resourcesIn(schedule.Target?.Input, placeOf(schedule.Arn)))
        found.set(resource.name, { site, prefix, ...resource });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A drill's definition, or what a plan cannot drill; sweeper and monitor are scheduled beside them, and name neither. */
function resourcesIn(input = '{}', here: string): readonly Pick<Protected, 'name' | 'kind' | 'identifier'>[] {
  const { definition, undrilled = [] } = JSON.parse(input) as { definition?: DrillDefinition } & Partial<Undrilled>;
  if (definition?.schema !== 'cdk-recoverable/drill/v1') return undrilled;
  if (definition.sources.every((source) => isElsewhere(source, here))) return [];
  const { name, identifier } = definition.resource;
  return [{ name, kind: 'db-instance', identifier }];
}

/** A site also drills copies of what is in another Region or account, which cannot be backed up from here. */
function isElsewhere(source: SourceDefinition, here: string): boolean {
  return source.kind === 'recovery-point' && placeOf(source.resourceArn) !== here;
}

/** Region and account of an ARN. */
function placeOf(arn = ''): string {
  return arn.split(':').slice(3, 5).join(':');
}
