import { type Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ReplicaBucket } from '../../replication/replica-bucket';
import type { RecoverySite } from '../../site/recovery-site';
import type { FilesIn } from '../permissions/files';
import { encryptFrom, type ReplicatingRole, takeReplicas } from '../permissions/replication';
import { publishKey } from '../published-key';
import { ValidationError } from '../validation';
import { FilePolicies } from './file-policies';
import { bucketArn } from './names';

export interface ReplicaParts {
  readonly planName: string;
  /** Id of the resource in its plan. */
  readonly id: string;
  readonly bucketName: string;
  readonly oldVersions: Duration;
  /** Where drills here find what the replica is of; nothing where it cannot be named or read here. */
  readonly source?: FilesIn;
  readonly objectLock?: CfnBucket.ObjectLockConfigurationProperty;
  /** Of another account; nothing where the account is the same and its own policies decide. */
  readonly role?: ReplicatingRole;
}

/** The replicas that a site holds, under its key. Nothing here refers to the stacks of their buckets, which are deployed later. */
export class SiteReplicas {
  private output?: string;
  private alias?: string;
  private files?: FilePolicies;

  constructor(
    private readonly site: RecoverySite,
    private readonly removalPolicy: RemovalPolicy,
  ) {}

  /** How others name the key: an output of the stack, or for other accounts, which can read none, an alias (without `alias/`). */
  keyName(sameAccount: boolean): string {
    if (sameAccount) {
      this.output ??= publishKey(this.site, `RecoverySiteKey${this.site.prefix}`, 'Key of replicas', this.site.key);
      return this.output;
    }
    if (this.alias === undefined) {
      this.alias = `${this.site.prefix}replicas`;
      new Alias(this.site, 'ReplicaKeyAlias', { aliasName: `alias/${this.alias}`, targetKey: this.site.key });
    }
    return this.alias;
  }

  make(parts: ReplicaParts): ReplicaBucket {
    const { bucketName, oldVersions, objectLock, role } = parts;
    const replica = new ReplicaBucket(this.placeOf(parts), parts.id, {
      bucketName,
      encryptionKey: this.site.key,
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
      this.site.key.addToResourcePolicy(encryptFrom(stack.region, bucketArn(stack, bucketName), role));
    }
    this.letDrillsRead(replica, parts);
    return replica;
  }

  /** With the rights of the roles that recover here, so that replicas are read as they would be after the Region is lost. */
  private letDrillsRead({ node, bucket }: ReplicaBucket, { source }: ReplicaParts): void {
    const { site } = this;
    site.scratchBucket();
    this.files ??= new FilePolicies(node.scope!.node.scope as Construct, site);
    const { region } = Stack.of(site);
    const replica: FilesIn = { bucketArn: bucket.bucketArn, region, key: { kind: 'key', arn: site.key.keyArn } };
    this.files.allow([replica, ...(source ? [source] : [])]);
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
