import { InvalidParameterValueException$ } from '@aws-sdk/client-backup';
import { deniedMessage } from '../authorization';
import { conditionsHold } from '../authorization/conditions';
import { list } from '../authorization/policy';
import { AwsError, modelled } from '../protocol/types';
import type { Allow } from '../rds/for-backup';
import type { Check } from '../service';
import type { BackupOptions, ServiceRole } from './model';

const SERVICE = 'backup.amazonaws.com';

/** Assumes a role, as AWS Backup does before it touches anything: what follows is authorised as that role's own calls. */
export function assume(options: BackupOptions, arn: string): Allow {
  return inTheNameOf(options, trusting(options, arn));
}

/** A role that trusts AWS Backup. */
export function trusting({ roles, account }: BackupOptions, arn: string): ServiceRole {
  const role = roles.get(arn);
  if (!role || !trusts(role, account)) {
    throw modelled(InvalidParameterValueException$, `IAM Role ${arn} cannot be assumed by AWS Backup`);
  }
  return role;
}

/** A role that was assumed here or in another Region, in front of the policies of this one. */
export function inTheNameOf({ authorize }: Pick<BackupOptions, 'authorize'>, role: ServiceRole): Allow {
  return ({ deniedAs, ...request }) => {
    const decision = authorize(role.principal, request);
    if (decision.allowed) return;
    const message = deniedMessage(role.principal, request, decision);
    throw (deniedAs ?? ((said: string) => new AwsError('AccessDenied', 403, said)))(message);
  };
}

function trusts({ trust }: ServiceRole, account: string): boolean {
  const statements = list(trust.Statement);
  return statements.some(({ Effect, Action, Principal, Condition }) => {
    const services = typeof Principal === 'object' ? list(Principal.Service) : [];
    return (
      Effect === 'Allow' &&
      list(Action).includes('sts:AssumeRole') &&
      services.includes(SERVICE) &&
      conditionsHold(Condition, { 'aws:SourceAccount': account })
    );
  });
}

/** The caller must be allowed to hand a role to AWS Backup, and to no other service. */
export function passRole(arn: string): Check {
  return { action: 'iam:PassRole', resource: arn, context: { 'iam:PassedToService': SERVICE } };
}
