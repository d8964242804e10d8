import { type Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alias, type Key } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ReplicaBucket } from '../../replication/replica-bucket';
import { encryptFrom, type ReplicatingRole, takeReplicas } from '../permissions/replication';
import { publishKey } from '../published-key';
import { ValidationError } from '../validation';
import { bucketArn } from './names';

export interface ReplicaParts {
  readonly planName: string;
  /** Id of the resource in its plan. */
  readonly id: string;
  readonly bucketName: string;
  readonly oldVersions: Duration;
  readonly objectLock?: CfnBucket.ObjectLockConfigurationProperty;
  /** Of another account; nothing where the account is the same and its own policies decide. */
  readonly role?: ReplicatingRole;
}

/** The replicas that a site holds, under its key. Nothing here refers to the stacks of their buckets, which are deployed later. */
export class SiteReplicas {
  private output?: string;
  private alias?: string;

  constructor(
    private readonly site: Construct,
    private readonly key: Key,
    private readonly prefix: string,
    private readonly removalPolicy: RemovalPolicy,
  ) {}

  /** How others name the key: an output of the stack, or for other accounts, which can read none, an alias (without `alias/`). */
  keyName(sameAccount: boolean): string {
    if (sameAccount) {
      this.output ??= publishKey(this.site, `RecoverySiteKey${this.prefix}`, 'Key of replicas', this.key);
      return this.output;
    }
    if (this.alias === undefined) {
      this.alias = `${this.prefix}replicas`;
      new Alias(this.site, 'ReplicaKeyAlias', { aliasName: `alias/${this.alias}`, targetKey: this.key });
    }
    return this.alias;
  }

  make(parts: ReplicaParts): ReplicaBucket {
    const { bucketName, oldVersions, objectLock, role } = parts;
    const replica = new ReplicaBucket(this.placeOf(parts), parts.id, {
      bucketName,
      encryptionKey: this.key,
      oldVersions,
      objectLock,
      removalPolicy: this.removalPolicy,
    });
    if (role) {
      const stack = Stack.of(this.site);
      for (const statement of takeReplicas(replica.bucket.bucketArn, role)) {
        replica.bucket.addToResourcePolicy(statement);
      }
      // By its name: the key is older than the bucket.
      this.key.addToResourcePolicy(encryptFrom(stack.region, bucketArn(stack, bucketName), role));
    }
    return replica;
  }

  private placeOf({ planName, id }: ReplicaParts): Construct {
    const all = child(this.site, 'Replicas');
    const plan = child(all, planName);
    if (!plan.node.tryFindChild(id)) return plan;
    throw new ValidationError(
      `two plans named ${planName} have ${planName}/${id} replicated to one recovery site: give one of them another name`,
    );
  }
}

function child(scope: Construct, id: string): Construct {
  return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
}
