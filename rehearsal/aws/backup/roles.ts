import { InvalidParameterValueException$ } from '@aws-sdk/client-backup';
import { modelled } from '../protocol/types';
import type { Check } from '../service';
import { inTheNameOf, trusts, type Allow, type ServiceRole } from '../service-roles';
import type { BackupOptions } from './model';

export { inTheNameOf } from '../service-roles';

const SERVICE = 'backup.amazonaws.com';

/** Assumes a role, as AWS Backup does before it touches anything: what follows is authorised as that role's own calls. */
export function assume(options: BackupOptions, arn: string): Allow {
  return inTheNameOf(options, trusting(options, arn));
}

/** A role that trusts AWS Backup. */
export function trusting({ roles, account }: BackupOptions, arn: string): ServiceRole {
  const role = roles.get(arn);
  if (!role || !trusts(role, SERVICE, account)) {
    throw modelled(InvalidParameterValueException$, `IAM Role ${arn} cannot be assumed by AWS Backup`);
  }
  return role;
}

/** The caller must be allowed to hand a role to AWS Backup, and to no other service. */
export function passRole(arn: string): Check {
  return { action: 'iam:PassRole', resource: arn, context: { 'iam:PassedToService': SERVICE } };
}
