import { Annotations } from 'aws-cdk-lib';
import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RecoverySite } from '../site/recovery-site';
import type { SiteFunction } from '../site/site-function';

/** How many managed policies a role takes unless an account's quota is raised. */
const ATTACHABLE = 10;

export interface SitePolicyParts {
  readonly site: RecoverySite;
  readonly description: string;
  /** Whose roles have it. */
  readonly functions: readonly SiteFunction[];
  readonly statements: PolicyStatement[];
}

/**
 * What roles of a site may do with what somebody protects, granted by whoever does. Managed policies: all inline policies of a role
 * share 10,240 characters. Whoever makes one too many of a role is told.
 */
export function sitePolicy(scope: Construct, id: string, parts: SitePolicyParts): ManagedPolicy {
  const { site, description, functions, statements } = parts;
  for (const { role, node } of functions) {
    if (site._registry().attach(role.node.path) !== ATTACHABLE + 1) continue;
    Annotations.of(scope).addWarningV2(
      `cdk-recoverable:managedPolicies${node.id}`,
      `the role ${node.id} of recovery site ${site.siteName} has more than ${ATTACHABLE} managed policies, some for each plan and more with what it protects: join plans, raise the quota of managed policies per role, or use another site`,
    );
  }
  return new ManagedPolicy(scope, id, { description, roles: functions.map(({ role }) => role), statements });
}
