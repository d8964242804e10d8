import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { RecoverySite } from '../site/recovery-site';
import { topStack } from './site-names';
import { show, ValidationError } from './validation';

/** One site for all plans of a stack that name none; the first plan's topics hear of what concerns the whole site. */
export function sharedSite(plan: Construct, alerts: Alerts): RecoverySite {
  const stack = topStack(plan);
  const existing = stack.node.tryFindChild('RecoverySite');
  if (existing === undefined) return new RecoverySite(stack, 'RecoverySite', { alerts });
  if (existing instanceof RecoverySite) return existing;
  throw new ValidationError(
    `stack ${stack.stackName} has something else under the id RecoverySite: give plan ${plan.node.id} its site`,
  );
}

/** Roles, topics and databases of a drill live in one account and Region. */
export function requireSamePlace(plan: Construct, planName: string, site: RecoverySite): void {
  requirePlaceOf(site, plan, `plan ${planName}`);
}

/** The same of whatever else works for a site. */
export function requirePlaceOf(site: RecoverySite, one: Construct, what: string): void {
  const here = Stack.of(one);
  const there = Stack.of(site);
  if (here.region !== there.region || here.account !== there.account) {
    throw new ValidationError(
      `${what} is for ${place(here)} and its site ${site.siteName} for ${place(there)}: they must be in the same account and Region, given alike`,
    );
  }
}

function place({ account, region }: Stack): string {
  return `account ${show(account)}, Region ${show(region)}`;
}
