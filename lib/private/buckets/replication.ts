import { Stack } from 'aws-cdk-lib';
import { type CfnPolicy, Policy, type Role } from 'aws-cdk-lib/aws-iam';
import type { ProtectBucketOptions } from '../../plan/bucket-options';
import { ReplicationRole } from '../../replication/replication-role';
import type { RecoverySite } from '../../site/recovery-site';
import { replicate, type ReplicatingRole } from '../permissions/replication';
import { ValidationError } from '../validation';
import type { BucketFacts } from './bucket-facts';
import { replicationRoleName, ruleId } from './names';
import { objectLock } from './object-lock';
import { deployReplicaFirst, type ReplicaTarget } from './replica-target';
import { ownRules, priorityAmong, renderRule } from './rule';

/** What a bucket of this app has been given. */
export interface Replication {
  readonly ruleId: string;
  /** What S3 replicates under. */
  readonly role: Role;
  /** The same for the account of the replica, by its fixed name. */
  readonly trusted: ReplicatingRole;
  /** What our rule needs of it; whatever asks for replication comes after it. */
  readonly policy: Policy;
}

/** Has a managed bucket replicated. What its stack says refers to the replica by names and outputs, and to no other stack. */
export function replicateBucket(
  name: string,
  home: RecoverySite,
  facts: BucketFacts,
  target: ReplicaTarget,
  options: ProtectBucketOptions,
): Replication {
  const declared = facts.declared!;
  const stack = Stack.of(declared);
  const own = ownRules(name, declared);
  if (own && !target.sameAccount) {
    throw new ValidationError(
      `${name} has replication rules of its own, whose role the account of its replica cannot be told of: replicate it within its account, or leave its replication to this library`,
    );
  }
  const id = ruleId(home, name);
  const rule = renderRule(id, priorityAmong(name, id, own, options.priority), target, options);
  deployReplicaFirst(target, stack);
  const { bucketArn, key, knownName } = facts;
  const locked = objectLock(declared) !== undefined;
  const source = { bucketArn: knownName === undefined ? declared.attrArn : bucketArn, key, locked };
  const statements = replicate({ source, replica: target, stack });
  const roleName = replicationRoleName(home, name);
  const { account } = stack;
  const roleArn = stack.formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName: roleName });
  const { role, policy } = own
    ? { role: own.role, policy: new Policy(declared, 'RecoverableReplication', { roles: [own.role], statements }) }
    : new ReplicationRole(declared, 'RecoverableReplication', {
        roleName,
        resourceName: name,
        statements,
      });
  // By name: a policy that refers to the bucket comes after it, and what is put meanwhile is replicated with what is older.
  if (knownName !== undefined) declared.addDependency(policy.node.defaultChild as CfnPolicy);
  declared.replicationConfiguration = { role: role.roleArn, rules: [...(own?.rules ?? []), rule] };
  return { ruleId: id, role, policy, trusted: { account, roleArn } };
}
