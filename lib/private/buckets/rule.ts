import { Reference, Resource, Token, Tokenization } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ProtectBucketOptions } from '../../plan/bucket-options';
import { requireWhole, ValidationError } from '../validation';
import type { ReplicaTarget } from './replica-target';

/** S3 replicates within this time, minutes, or says that it did not. */
export const REPLICATION_TIME = 15;

/** How old an object must be before it has to be in the replica: twice the time that is promised, or taken for it. */
export function lagSeconds(timed: boolean): number {
  return 2 * (timed ? REPLICATION_TIME * 60 : 86_400);
}

/** When a replica is called late: half of how far it may be behind. */
export function lateSeconds({ lagSeconds }: { readonly lagSeconds: number }): number {
  return lagSeconds / 2;
}

/** The rule of this library, in the words of version 2: a filter, though it lets everything through. */
export function renderRule(
  id: string,
  priority: number,
  target: ReplicaTarget,
  options: ProtectBucketOptions,
): CfnBucket.ReplicationRuleProperty {
  const timed = options.replicationTimeControl ?? true;
  const time = { minutes: REPLICATION_TIME };
  return {
    id,
    status: 'Enabled',
    priority,
    filter: { prefix: '' },
    deleteMarkerReplication: { status: status(options.replicateDeleteMarkers) },
    sourceSelectionCriteria: {
      sseKmsEncryptedObjects: { status: 'Enabled' },
      replicaModifications: { status: status(options.replicateModifications) },
    },
    destination: {
      bucket: target.bucketArn,
      ...(!target.sameAccount && { account: target.account, accessControlTranslation: { owner: 'Destination' } }),
      encryptionConfiguration: { replicaKmsKeyId: target.keyArn },
      ...(timed && { replicationTime: { status: 'Enabled', time } }),
      metrics: { status: 'Enabled', ...(timed && { eventThreshold: time }) },
    },
  };
}

/** What a bucket replicates already, as far as its construct says. */
export interface OwnRules {
  readonly rules: CfnBucket.ReplicationRuleProperty[];
  /** All rules of a bucket share one role. */
  readonly role: Role;
}

/** The bucket's own rules, to which one can be added; refused where nobody here could tell what they say. */
export function ownRules(name: string, declared: CfnBucket): OwnRules | undefined {
  const own = declared.replicationConfiguration;
  if (own === undefined) return undefined;
  const { rules, role } = own as CfnBucket.ReplicationConfigurationProperty;
  const known = !Token.isUnresolved(own) && Array.isArray(rules) && !rules.some((rule) => Token.isUnresolved(rule));
  if (!known) {
    throw refusal(name, 'has replication rules that are known at deployment alone');
  }
  const all = rules as CfnBucket.ReplicationRuleProperty[];
  if (all.some(({ filter }) => filter === undefined)) {
    throw refusal(name, 'has a replication rule without a filter, which S3 takes beside no other');
  }
  if (all.some(({ priority }) => priority === undefined || Token.isUnresolved(priority))) {
    throw refusal(
      name,
      'has a replication rule whose priority is not known, which S3 asks for of several: give it one',
    );
  }
  const construct = roleOf(role);
  if (!construct) {
    throw refusal(
      name,
      'has replication rules under a role that is not of this app, and all rules of a bucket share one',
    );
  }
  return { rules: all, role: construct };
}

/** The priority of our rule among those that are there. */
export function priorityAmong(name: string, id: string, own: OwnRules | undefined, given: number | undefined): number {
  const rules = own?.rules ?? [];
  if (rules.some((rule) => rule.id === id)) throw refusal(name, `has a replication rule named ${id} already`);
  const taken = rules.map(({ priority }) => priority!);
  if (given === undefined) return Math.max(0, ...taken) + 1;
  requireWhole(given, `priority of the replication of ${name}`, 0, 2_147_483_647);
  if (taken.includes(given)) {
    throw new ValidationError(
      `priority ${given} of the replication of ${name} is that of another rule of the bucket, and S3 takes each once: choose one of its own, or leave priority out`,
    );
  }
  return given;
}

function refusal(name: string, why: string): ValidationError {
  return new ValidationError(
    `${name} ${why}: say manage: false and give its replica, or leave its replication to this library`,
  );
}

/** The construct behind the ARN of a role, where it is of this app and takes policies. */
function roleOf(arn: string): Role | undefined {
  if (!Token.isUnresolved(arn)) return undefined;
  const parts = Tokenization.reverseString(arn);
  const [token] = parts.tokens;
  const role = parts.length === 1 && Reference.isReference(token) ? token.target.node.scope : undefined;
  return role instanceof Role && Resource.isOwnedResource(role) ? role : undefined;
}

function status(on = false): string {
  return on ? 'Enabled' : 'Disabled';
}
