import { Policy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What the role of a replication rule is made with. */
export interface ReplicationRoleProps {
  /** The role's name: a policy in the account of the replica may name it before it is there. */
  readonly roleName: string;
  /** `<plan>/<resource>` of the bucket. */
  readonly resourceName: string;
  /** What S3 may do under it. */
  readonly statements: PolicyStatement[];
}

/** The role that S3 replicates one bucket under, beside the bucket, so that neither stack waits for the other. */
export class ReplicationRole extends Construct {
  /** The role. */
  public readonly role: Role;
  /** What it may do; apart from the role, which the bucket names while this names the bucket. */
  public readonly policy: Policy;

  constructor(scope: Construct, id: string, props: ReplicationRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: props.roleName,
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
      description: `Replicates ${props.resourceName}`,
    });
    this.policy = new Policy(this, 'Policy', { roles: [this.role], statements: props.statements });
  }
}
