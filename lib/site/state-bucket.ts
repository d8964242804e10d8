import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../private/private-bucket';

/** What a state bucket is made with. */
export interface StateBucketProps {
  /** Encrypts state. */
  readonly encryptionKey: IKey;
  /** What happens to the bucket when it is removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Keeps what drills need to know of each other: locks, rotation, profiles of the last passed drill. Its objects are
 * replaced by compare-and-swap, which an Object Lock would forbid; a drill's own working files expire.
 */
export class StateBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...privateBucket(props.encryptionKey, props.removalPolicy),
      lifecycleRules: ['drills', 'executions'].map((kind) => ({
        id: `${kind}-expire`,
        prefix: `${kind}/`,
        expiration: Duration.days(30),
      })),
    });
  }
}
