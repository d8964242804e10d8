import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { CfnElement } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RecoveryPlan } from '../../plan/recovery-plan';
import type { ResourceInventory, SettingInventory, SiteInventory, SourceInventory } from '../contract/inventory';
import { judge, type Promised, unreachable } from './reach';

/** A protected resource, as far as its kind alone knows it. */
export interface Inventoried extends Pick<ResourceInventory, 'kind' | 'engine' | 'identifier'> {
  readonly construct: Construct;
  readonly plan: RecoveryPlan;
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly owned: boolean;
  readonly declared?: CfnElement;
  readonly sets: readonly SettingInventory[];
  readonly sources: () => SourceInventory[];
  readonly drills: () => ResourceInventory['drills'];
}

/** Says of a protected resource in the cloud assembly what its plan knows. */
export function takeInventory(of: Inventoried): void {
  of.construct.node.addMetadata('cdk-recoverable:resource', Lazy.any({ produce: () => render(of, promised(of)) }));
}

/** Judges a resource once more when all that the app does to it is done. */
export function judgeAtTheEnd(of: Inventoried): void {
  of.construct.node.addValidation({ validate: () => unreachable(promised(of)) });
}

function promised({ name, plan, sources }: Inventoried): Promised {
  const { region } = placeOf(Stack.of(plan.site));
  return { name, objectives: plan.objectives, region, sources: sources() };
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

function render(of: Inventoried, promised: Promised): ResourceInventory {
  const { plan, name, kind, engine, identifier, owned, declared, sets, drills } = of;
  return {
    schema: 'cdk-recoverable/resource/v1',
    site: plan.site.siteName,
    plan: plan.planName,
    owner: plan.owner,
    name,
    kind,
    engine,
    identifier,
    ownership: owned ? 'owned' : 'observed',
    declared: declared && { template: declared.stack.templateFile, logicalId: declared.logicalId },
    ...placeOf(Stack.of(plan.site)),
    objectives: { ...judge(promised), rtoSeconds: plan.objectives.rto.toSeconds() },
    sources: promised.sources,
    sets,
    drills: drills(),
  };
}
