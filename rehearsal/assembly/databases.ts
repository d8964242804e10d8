import type { ResourceInventory } from '../../lib/private/contract/inventory';
import type { AssembledStack, TemplateResource } from './read';
import { text } from './text';

/** A database that a template of the app creates. */
export interface DeclaredDatabase {
  readonly stack: string;
  readonly logicalId: string;
  readonly kind: 'db-instance' | 'db-cluster';
  /** Absent where the template does not say it. */
  readonly engine?: string;
  /** Absent where only a deployment gives one. */
  readonly identifier?: string;
  readonly account: string;
  readonly region: string;
  /** Whether it follows another database, whose data it holds. */
  readonly replica: boolean;
}

/** Every database of the app that no plan protects. The instances of a cluster are the cluster's. */
export function underNoPlan(stacks: readonly AssembledStack[]): DeclaredDatabase[] {
  const resources = stacks.flatMap((stack) => stack.resources.map(({ data }) => ({ folder: stack.folder, data })));
  const declared = new Set(
    resources.map(
      ({ folder, data }) => data.declared && place(folder, data.declared.template, data.declared.logicalId),
    ),
  );
  const named = new Set(resources.map(({ data }) => identity(data)));
  return stacks.flatMap((stack) =>
    [...stack.templates].flatMap(([template, { Resources }]) =>
      Object.entries(Resources ?? {})
        .filter(([logicalId, one]) => isDatabase(one) && !declared.has(place(stack.folder, template, logicalId)))
        .map(([logicalId, one]) => describe(stack, logicalId, one))
        .filter((one) => one.identifier === undefined || !named.has(identity(one))),
    ),
  );
}

/** A protected resource that is no bucket. */
export type DatabaseInventory = ResourceInventory & { readonly kind: Exclude<ResourceInventory['kind'], 'bucket'> };

export function isOfDatabase(resource: ResourceInventory): resource is DatabaseInventory {
  return resource.kind !== 'bucket';
}

/** The template's resource that an owned resource is. */
export function declarationOf(
  stack: AssembledStack,
  stacks: readonly AssembledStack[],
  declared: { readonly template: string; readonly logicalId: string } | undefined,
): TemplateResource | undefined {
  if (!declared) return undefined;
  const { template, logicalId } = declared;
  const holder = stacks.find(({ folder, templates }) => folder === stack.folder && templates.has(template));
  return holder?.templates.get(template)?.Resources?.[logicalId];
}

function isDatabase({ Type, Properties }: TemplateResource): boolean {
  if (Type === 'AWS::RDS::DBCluster') return true;
  return Type === 'AWS::RDS::DBInstance' && Properties?.DBClusterIdentifier === undefined;
}

function describe(
  { name, account, region }: AssembledStack,
  logicalId: string,
  one: TemplateResource,
): DeclaredDatabase {
  const kind = one.Type === 'AWS::RDS::DBCluster' ? 'db-cluster' : 'db-instance';
  const properties = one.Properties ?? {};
  const identifier = properties[kind === 'db-instance' ? 'DBInstanceIdentifier' : 'DBClusterIdentifier'];
  return {
    stack: name,
    logicalId,
    kind,
    engine: properties.Engine === undefined ? undefined : text(properties.Engine),
    identifier: typeof identifier === 'string' ? identifier : undefined,
    account,
    region,
    replica:
      (properties.SourceDBInstanceIdentifier ??
        properties.SourceDBClusterIdentifier ??
        properties.ReplicationSourceIdentifier) !== undefined,
  };
}

function place(folder: string, template: string, logicalId: string): string {
  return JSON.stringify([folder, template, logicalId]);
}

/** RDS keeps identifiers in lower case. */
function identity(
  of: Pick<ResourceInventory, 'kind' | 'region' | 'account'> & { readonly identifier?: unknown },
): string {
  const { kind, region, account, identifier } = of;
  return JSON.stringify([
    kind,
    region,
    account,
    typeof identifier === 'string' ? identifier.toLowerCase() : identifier,
  ]);
}
