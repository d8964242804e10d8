import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { DrillDefinition, SourceDefinition } from '../../../lib/private/contract/drill';
import type { Undrilled } from '../../../lib/private/contract/registry';
import type { DatabaseKind } from '../../../lambda/recovery/database-snapshots';
import { schedulesOf, sitesNamed, type FoundSite } from '../account/sites';

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

/** Everything that the sites of an account protect in one Region: the schedules of their drills are the registry. */
export async function protectedResources(client: SchedulerClient, site?: string): Promise<Protected[]> {
  const found: Protected[] = [];
  for (const one of await sitesNamed(client, site)) found.push(...(await resourcesOf(client, one)));
  return found;
}

/** One for each resource, however often it is drilled. */
async function resourcesOf(client: SchedulerClient, of: FoundSite): Promise<Protected[]> {
  const { site, prefix } = of;
  const found = new Map<string, Protected>();
  for await (const { arn, input } of schedulesOf(client, of)) {
    for (const resource of resourcesIn(input, placeOf(arn))) found.set(resource.name, { site, prefix, ...resource });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A drill's definition, or what a plan cannot drill; sweeper and monitor are scheduled beside them, and name neither. */
function resourcesIn(input: object, here: string): readonly Pick<Protected, 'name' | 'kind' | 'identifier'>[] {
  const { definition, undrilled = [] } = input as { definition?: DrillDefinition } & Partial<Undrilled>;
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
