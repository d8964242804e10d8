import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnElement } from 'aws-cdk-lib';
import type { ProtectedDatabase } from '../../plan/protected-database';
import type { ResourceInventory, SettingInventory, SiteInventory, SourceInventory } from '../contract/inventory';
import { judge, unreachable } from './reach';

/**
 * Says of a protected resource in the cloud assembly what its plan knows, and judges it once more when all that the app does
 * to it is done.
 */
export function takeInventory(
  resource: ProtectedDatabase,
  declared: CfnElement | undefined,
  sets: readonly SettingInventory[],
  sources: () => SourceInventory[],
): void {
  const promised = () => ({
    name: resource.resourceName,
    objectives: resource.plan.objectives,
    region: placeOf(Stack.of(resource.plan.site)).region,
    sources: sources(),
  });
  resource.node.addValidation({ validate: () => unreachable(promised()) });
  const produce = () => render(resource, declared, sets, promised());
  resource.node.addMetadata('cdk-recoverable:resource', Lazy.any({ produce }));
}

export function siteInventory(site: string): SiteInventory {
  return { schema: 'cdk-recoverable/site/v1', site };
}

/** Account and Region, in the words of the cloud assembly where only a deployment knows them. */
export function placeOf({ account, region }: Pick<Stack, 'account' | 'region'>): {
  readonly account: string;
  readonly region: string;
} {
  return {
    account: Token.isUnresolved(account) ? 'unknown-account' : account,
    region: Token.isUnresolved(region) ? 'unknown-region' : region,
  };
}

function render(
  resource: ProtectedDatabase,
  declared: CfnElement | undefined,
  sets: readonly SettingInventory[],
  promised: Parameters<typeof judge>[0],
): ResourceInventory {
  const { plan, resourceName: name, identifier } = resource;
  return {
    schema: 'cdk-recoverable/resource/v1',
    site: plan.site.siteName,
    plan: plan.planName,
    owner: plan.owner,
    name,
    kind: resource._kind(),
    engine: resource.engine.engineName,
    identifier,
    ownership: resource.owned ? 'owned' : 'observed',
    declared: declared && { template: declared.stack.templateFile, logicalId: declared.logicalId },
    ...placeOf(Stack.of(plan.site)),
    objectives: { ...judge(promised), rtoSeconds: plan.objectives.rto.toSeconds() },
    sources: promised.sources,
    sets,
    drills: resource._drills().map((drill) => drill._inventory()),
  };
}
