import { deniedMessage, type Authorize, type PolicyDocument } from './authorization';
import { conditionsHold, known } from './authorization/conditions';
import { list } from './authorization/policy';
import type { Principal } from './authorization/principal';
import { AwsError } from './protocol/types';
import type { Check } from './service';

/** A role that a service may assume, and what its trust policy says. */
export interface ServiceRole {
  readonly principal: Principal;
  readonly trust: PolicyDocument;
}

/** Throws unless the role in whose name a service works is allowed this. */
export type Allow = (check: Check) => void;

/** Whether a service may assume a role for an account. */
export function trusts({ trust }: ServiceRole, service: string, account: string, sourceArn?: string): boolean {
  const context = { 'aws:SourceAccount': account, ...(sourceArn && { 'aws:SourceArn': sourceArn }) };
  return list(trust.Statement).some(({ Effect, Action, Principal, Condition }) => {
    const services = typeof Principal === 'object' ? list(Principal.Service) : [];
    return (
      Effect === 'Allow' &&
      list(Action).includes('sts:AssumeRole') &&
      services.includes(service) &&
      conditionsHold(Condition, known(context))
    );
  });
}

/** A role that was assumed here or in another Region, in front of the policies of this one. */
export function inTheNameOf({ authorize }: { readonly authorize: Authorize }, role: ServiceRole): Allow {
  return ({ deniedAs, ...request }) => {
    const decision = authorize(role.principal, request);
    if (decision.allowed) return;
    const message = deniedMessage(role.principal, request, decision);
    throw (deniedAs ?? ((said: string) => new AwsError('AccessDenied', 403, said)))(message);
  };
}
