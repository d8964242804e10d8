import { Annotations, Aws, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CopyTarget } from './copy-target';
import { isAwsManaged, keyConstruct } from '../databases/instance-key';
import { ValidationError } from '../validation';

const shared = new WeakMap<Key, Set<string>>();

export interface SharedKeyParts {
  readonly scope: Construct;
  /** Of the resource. */
  readonly name: string;
  /** Key ARN, `aws/rds`, `none` for what is not encrypted; nothing where only the account knows. */
  readonly key?: string;
  /** Whether the settings of the resource, and the policy of its key, are of the plan. */
  readonly managed: boolean;
  /** In the other account. */
  readonly target: CopyTarget;
}

/**
 * The other account copies the snapshot with the key that it is under, so the key's policy must let it. The policy of a key of
 * this app says so after this; of any other it is asked for.
 */
export function shareKey({ scope, name, key: keyArn, managed, target }: SharedKeyParts): void {
  if (keyArn === 'none') return;
  if (keyArn !== undefined && isAwsManaged(keyArn)) {
    throw new ValidationError(
      `${name} is encrypted under the AWS-managed key of RDS, which no other account can use, so AWS Backup cannot copy it to ${target.name} of account ${target.account}: encrypt it under a customer-managed key, or copy within its account`,
    );
  }
  const statements = useFrom(scope, target);
  const key = managed && keyArn !== undefined ? keyConstruct(keyArn) : undefined;
  if (key) {
    const accounts = shared.get(key) ?? new Set();
    const once = `${target.account}/${target.region}`;
    if (accounts.has(once)) return;
    shared.set(key, accounts.add(once));
    for (const statement of statements) key.addToResourcePolicy(statement);
    return;
  }
  const actions = statements.flatMap((statement) => statement.actions).join(', ');
  if (keyArn !== undefined) {
    Annotations.of(scope).addInfoV2(
      'cdk-recoverable:keyToShare',
      `${name} is copied to ${target.name} of account ${target.account}: the policy of its key, which this app does not change, must allow that account ${actions}`,
    );
    return;
  }
  Annotations.of(scope).addWarningV2(
    'cdk-recoverable:keyNotKnown',
    `${name} is copied to ${target.name} of account ${target.account}, and nobody here knows its key: under an AWS-managed key every copy fails; give encryptionKey, whose policy must allow that account ${actions}, or see that it is not encrypted`,
  );
}

/** What AWS documents for the key of a shared snapshot, through RDS alone. */
function useFrom(scope: Construct, { account, region }: CopyTarget): PolicyStatement[] {
  const principals = [new AccountPrincipal(account)];
  const regions = [...new Set([Stack.of(scope).region, region])];
  const via = { 'kms:ViaService': regions.map((each) => `rds.${each}.${Aws.URL_SUFFIX}`) };
  return [
    new PolicyStatement({ principals, actions: ['kms:DescribeKey'], resources: ['*'] }),
    new PolicyStatement({
      principals,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ListGrants', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: { StringEquals: via },
    }),
    new PolicyStatement({
      principals,
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { StringEquals: via, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}
