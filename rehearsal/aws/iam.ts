import * as sdk from '@aws-sdk/client-iam';
import { queryProtocol } from './protocol/query';
import { AwsError, modelled } from './protocol/types';
import { operation, type Place, type Service } from './service';

/** Roles that services made for themselves, as far as somebody asks whether they exist. */
export class RehearsedIam {
  /** @param options roles by name and path, such as `/aws-service-role/rds.amazonaws.com/` */
  constructor(private readonly options: Place & { readonly serviceRoles: ReadonlyMap<string, string> }) {}

  service(): Service {
    return {
      signingName: 'iam',
      protocol: queryProtocol('com.amazonaws.iam', '2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
      operations: [
        operation<sdk.GetRoleRequest, sdk.GetRoleResponse>(
          sdk.GetRole$,
          ['RoleName'],
          // Of a role that is not there nobody knows the path.
          ({ RoleName = '' }) => [{ action: 'iam:GetRole', resource: this.arn(RoleName) }],
          ({ RoleName = '' }) => this.getRole(RoleName),
        ),
      ],
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    };
  }

  private arn(name: string): string {
    return `arn:aws:iam::${this.options.account}:role${this.options.serviceRoles.get(name) ?? '/'}${name}`;
  }

  private getRole(name: string): sdk.GetRoleResponse {
    const path = this.options.serviceRoles.get(name);
    if (path === undefined) {
      throw modelled(sdk.NoSuchEntityException$, `The role with name ${name} cannot be found.`);
    }
    const created = { CreateDate: new Date('2024-01-01T00:00:00Z'), RoleId: `AROA${'X'.repeat(17)}` };
    return { Role: { Path: path, RoleName: name, Arn: this.arn(name), ...created } };
  }
}
