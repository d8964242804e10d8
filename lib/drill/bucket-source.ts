import type { ProtectedBucket } from '../plan/protected-bucket';
import type { FilesSourceDefinition } from '../private/contract/drill';
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

  private constructor(
    private readonly kind: FilesSourceDefinition['kind'],
    private readonly options: BucketSourceOptions,
  ) {}

  /** @internal */
  public _kind(): FilesSourceDefinition['kind'] {
    return this.kind;
  }

  /** @internal */
  public _render(resource: ProtectedBucket): FilesSourceDefinition {
    const { prefix } = this.options;
    if (prefix !== undefined && (prefix === '' || Buffer.byteLength(prefix) > LONGEST_PREFIX)) {
      throw new ValidationError(
        `prefix of BucketSource.${this.kind}() must be 1 to ${LONGEST_PREFIX} bytes, got ${show(prefix)}: leave it out to restore all files`,
      );
    }
    const bucket = resource._definition();
    if (this.kind === 'replica' && !bucket.replica) {
      throw new ValidationError(
        `${bucket.name} has no replica to restore from: name a site in another Region in copyTo of its plan, or say BucketSource.versions()`,
      );
    }
    return { kind: this.kind, bucket, prefix: prefix ?? '' };
  }
}
