import { Token } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { show, ValidationError } from '../validation';

const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;

/** Accounts and organizations as AWS numbers them. An account may be known only at deployment. */
export function requireSources(sources: string[]): string[] {
  for (const source of sources) {
    if (Token.isUnresolved(source) || /^\d{12}$/.test(source) || ORGANIZATION.test(source)) continue;
    throw new ValidationError(
      `copiesFrom of a vault names accounts, 12 digits, or an organization, o- and 10 to 32 lower-case letters and digits, got: ${show(source)}`,
    );
  }
  return sources;
}

/** All that a vault can allow another account. Principals of an organization cannot be listed, so its id is a condition. */
export function allowCopiesFrom(source: string): PolicyStatement {
  const organization = !Token.isUnresolved(source) && ORGANIZATION.test(source);
  return new PolicyStatement({
    effect: Effect.ALLOW,
    principals: [organization ? new StarPrincipal() : new AccountPrincipal(source)],
    actions: ['backup:CopyIntoBackupVault'],
    resources: ['*'],
    conditions: organization ? { StringEquals: { 'aws:PrincipalOrgID': source } } : undefined,
  });
}
