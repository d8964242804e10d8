import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Objectives } from '../../plan/objectives';
import type { ProtectedInstance } from '../../plan/protected-instance';
import type { RecoverySite } from '../../site/recovery-site';
import type { SourceDefinition } from '../contract/drill';

/** By what a drill of copies is judged: they are what is left when the Region is lost. */
export function objectivesElsewhere({ regionLossRpo, ...objectives }: Objectives): Objectives {
  return { ...objectives, rpo: regionLossRpo ?? objectives.rpo };
}

/** Where a drill finds the copies of an instance: recovery points keep the ARN of what they are of. */
export function copyDefinition(site: RecoverySite, resource: ProtectedInstance): SourceDefinition {
  const home = Stack.of(resource.plan.site);
  const there = Stack.of(site);
  // Where no account is known, both stacks are of the one that deploys them.
  return {
    kind: 'recovery-point',
    vault: site.vault().vaultName,
    resourceArn: there.formatArn({
      service: 'rds',
      region: home.region,
      account: Token.isUnresolved(home.account) ? there.account : home.account,
      resource: 'db',
      resourceName: resource._knownIdentifier(),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  };
}
