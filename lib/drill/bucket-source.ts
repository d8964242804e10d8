import type { Duration } from 'aws-cdk-lib';
import type { ProtectedBucket } from '../plan/protected-bucket';
import type { BucketBackupSourceDefinition, FilesSourceDefinition } from '../private/contract/drill';
import { show, ValidationError } from '../private/validation';

/** Which files are restored. */
export interface BucketSourceOptions {
  /**
   * Keys that begin with it are restored, 1 to 500 bytes. A drill that restores everything takes as long, and as much storage for
   * as long, as all files need.
   * @default - all files
   */
  readonly prefix?: string;
}

/** Longest prefix, bytes. */
const LONGEST_PREFIX = 500;

type Kind = FilesSourceDefinition['kind'] | BucketBackupSourceDefinition['kind'];

/** How each kind is asked for. */
const FACTORY: Readonly<Record<Kind, string>> = {
  replica: 'replica',
  versions: 'versions',
  'recovery-point': 'backup',
};

/** Where a drill of a bucket restores files from. */
export class BucketSource {
  /** The newest versions in the replica, read under the replica's key: what is left when bucket or Region are lost. */
  public static replica(options: BucketSourceOptions = {}): BucketSource {
    return new BucketSource('replica', options);
  }

  /**
   * The versions that were the newest at the declared disaster, from the bucket itself: what undoes a deletion or an overwrite.
   */
  public static versions(options: BucketSourceOptions = {}): BucketSource {
    return new BucketSource('versions', options);
  }

  /**
   * The bucket's recovery point of AWS Backup that reaches closest to the declared disaster, restored by AWS Backup. Under
   * continuous backups its data is 15 minutes old, else as old as the most frequent tier's interval; both count against the RPO
   * objective. It is restored to a bucket that drills of this one have for themselves.
   */
  public static backup(options: BucketSourceOptions = {}): BucketSource {
    return new BucketSource('recovery-point', options);
  }

  private constructor(
    private readonly kind: Kind,
    private readonly options: BucketSourceOptions,
  ) {}

  /** @internal */
  public _kind(): Kind {
    return this.kind;
  }

  /**
   * How old its newest data may become while everything works; nothing for what follows the bucket.
   * @internal
   */
  public _oldest({ plan }: ProtectedBucket): Duration | undefined {
    return this.kind === 'recovery-point' ? plan.bucketBackup?._oldest() : undefined;
  }

  /** @internal */
  public _render(resource: ProtectedBucket): FilesSourceDefinition | BucketBackupSourceDefinition {
    const { prefix } = this.options;
    if (prefix !== undefined && (prefix === '' || Buffer.byteLength(prefix) > LONGEST_PREFIX)) {
      throw new ValidationError(
        `prefix of BucketSource.${FACTORY[this.kind]}() must be 1 to ${LONGEST_PREFIX} bytes, got ${show(prefix)}: leave it out to restore all files`,
      );
    }
    if (this.kind === 'recovery-point') return restorable(resource, prefix ?? '');
    const bucket = resource._definition();
    if (this.kind === 'replica' && resource._isReplicaForeign()) {
      throw new ValidationError(
        `the replica of ${bucket.name} is in another account, which lets S3 alone write there, and no drill read: say BucketSource.versions() or BucketSource.backup()`,
      );
    }
    if (this.kind === 'replica' && !bucket.replica) {
      throw new ValidationError(
        `${bucket.name} has no replica to restore from: name a site in another Region in copyTo of its plan, or say BucketSource.versions()`,
      );
    }
    return { kind: this.kind, bucket, prefix: prefix ?? '' };
  }
}

function restorable(resource: ProtectedBucket, prefix: string): BucketBackupSourceDefinition {
  const { plan, resourceName, bucketName } = resource;
  if (!plan.bucketBackup) {
    throw new ValidationError(
      `${resourceName} has no recovery points: plan ${plan.planName} has no backup tiers; give it some, or leave BucketSource.backup() out`,
    );
  }
  return {
    kind: 'recovery-point',
    ...plan.bucketBackup._restorable(bucketName, resource._facts().bucketArn),
    bucket: resource._definition(),
    prefix,
    restoreBucket: plan.site.bucketRestore()._bucketOf(resourceName),
  };
}
