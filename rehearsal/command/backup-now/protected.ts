import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { DatabaseKind } from '../../../lambda/monitoring/account/facts';
import type { MonitorDefinition, WatchedResource } from '../../../lib/private/contract/monitoring';
import { monitorsOf } from '../account/monitors';
import { type FoundSite, sitesNamed } from '../account/sites';

/** A protected resource as a site knows it. */
export interface Protected extends Pick<WatchedResource, 'name' | 'identifier'> {
  readonly kind: DatabaseKind;
  readonly site: string;
  /** Of everything that the site makes. */
  readonly prefix: string;
}

/** Everything that the sites of an account protect in one Region. */
export async function protectedResources(client: SchedulerClient, site?: string): Promise<Protected[]> {
  const found: Protected[] = [];
  for (const each of await sitesNamed(client, site)) found.push(...(await resourcesOf(client, each)));
  return found;
}

async function resourcesOf(client: SchedulerClient, site: FoundSite): Promise<Protected[]> {
  const monitors = await monitorsOf(client, site);
  const found = monitors.flatMap(({ definition }) => resourcesIn(definition, site));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A site also drills copies of what is in another Region or account, which cannot be backed up from here: it has no profile. */
function resourcesIn({ resources }: MonitorDefinition, { site, prefix }: FoundSite): Protected[] {
  return resources.flatMap(({ name, kind, identifier, profile }) =>
    profile === undefined || kind === 'bucket' ? [] : [{ site, prefix, name, kind, identifier }],
  );
}
