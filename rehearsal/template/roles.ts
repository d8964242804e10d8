import type { PolicyDocument } from '../aws';
import type { Deployed, Deployment } from './deployment';

/** The identity policies of a role as the template grants them: inline, attached, managed. */
export function policiesOf(deployment: Deployment, role: Deployed): PolicyDocument[] {
  const own = ((role.properties.Policies as { PolicyDocument: PolicyDocument }[]) ?? []).map(
    (policy) => policy.PolicyDocument,
  );
  const attached = [...deployment.all('AWS::IAM::Policy'), ...deployment.all('AWS::IAM::ManagedPolicy')]
    .filter((policy) => ((policy.properties.Roles as string[]) ?? []).includes(role.name) || isListed(policy, role))
    .map((policy) => policy.properties.PolicyDocument as PolicyDocument);
  return [...own, ...attached];
}

function isListed(policy: Deployed, role: Deployed): boolean {
  return ((role.properties.ManagedPolicyArns as string[]) ?? []).includes(policy.arn);
}
