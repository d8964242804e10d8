import { Stack } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { snapshotUnder } from '../private/permissions/backup';
import { denyOutside } from '../private/permissions/boundary';
import {
  chooseRecoveryPoints,
  claimCopies,
  describeRestoreJobs,
  listRestoreJobs,
  readRestoreNotes,
  restoreRecoveryPoints,
  startRestoreJobs,
  writeRestoreNotes,
} from '../private/permissions/recovery-points';
import type { SiteFunctions } from '../site/site-functions';

/** What restores from recovery points are made with. */
export interface RecoveryPointRestoreProps {
  /** The site's name. */
  readonly siteName: string;
  /** What the names of all copies begin with. */
  readonly prefix: string;
  /** The functions of the site. */
  readonly functions: SiteFunctions;
  /** ARN of the vault that holds the recovery points. */
  readonly vaultArn: string;
  /** Where a drill notes that it asked for a restore. */
  readonly stateBucket: IBucket;
  /** Encrypts the state bucket. */
  readonly encryptionKey: IKey;
}

/**
 * Lets the drills of a site restore from recovery points of AWS Backup. AWS Backup works under a role of its own here, since it
 * checks the name and place of a copy against nothing else; what the site's functions need for it is granted beside it.
 */
export class RecoveryPointRestore extends Construct {
  /** What AWS Backup may do for a drill: restore copies under the site's prefix into the drill network. */
  public readonly role: Role;

  constructor(scope: Construct, id: string, props: RecoveryPointRestoreProps) {
    super(scope, id);
    const { prefix, siteName } = props;
    const stack = Stack.of(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: `Restores recovery points for drills of recovery site ${siteName}`,
    });
    for (const statement of [...restoreRecoveryPoints(stack, prefix), denyOutside(stack, prefix)]) {
      this.role.addToPolicy(statement);
    }
    this.grant(props);
  }

  /**
   * Lets AWS Backup restore what is encrypted under these keys.
   * @param plan gets the policy: its stack may be another than the site's
   * @internal
   */
  public _allowKeys(plan: Construct, keyArns: string[]): void {
    if (keyArns.length === 0) return;
    const policy = (plan.node.tryFindChild('RestoreKeys') as Policy) ?? this.attached(plan);
    for (const keyArn of keyArns) policy.addStatements(...snapshotUnder(keyArn));
  }

  private attached(plan: Construct): Policy {
    return new Policy(plan, 'RestoreKeys', { roles: [this.role] });
  }

  private grant({
    functions,
    prefix,
    siteName,
    stateBucket,
    encryptionKey,
    vaultArn,
  }: RecoveryPointRestoreProps): void {
    const stack = Stack.of(this);
    functions.choose._allow(...chooseRecoveryPoints(stack, vaultArn));
    functions.restore._allow(
      ...startRestoreJobs(stack, this.role.roleArn),
      ...writeRestoreNotes(stateBucket, encryptionKey),
    );
    functions.ready._allow(describeRestoreJobs(), ...claimCopies(stack, prefix, siteName), denyOutside(stack, prefix));
    functions.teardown._allow(listRestoreJobs());
    functions.sweep._allow(listRestoreJobs(), ...readRestoreNotes(stateBucket, encryptionKey));
    for (const { lambdaFunction } of [functions.restore, functions.teardown, functions.sweep]) {
      lambdaFunction.addEnvironment('RESTORE_ROLE', this.role.roleArn);
    }
  }
}
