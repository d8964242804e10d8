import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../private/private-bucket';

/** Days, by what objects begin with. What was told of an alarm is kept as long as any alarm may stay raised. */
const EXPIRATIONS = { drills: 30, executions: 30, monitor: 400, messages: 400 };

/** What a state bucket is made with. */
export interface StateBucketProps {
  /** Encrypts state. */
  readonly encryptionKey: IKey;
  /** What happens to the bucket when it is removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Keeps what drills need to know of each other: locks, rotation, profiles of the last passed drill. Its objects are
 * replaced by compare-and-swap, which an Object Lock would forbid; a drill's own working files expire, and so does what plans that
 * were removed have left of reports and messages: a living one is written again long before.
 */
export class StateBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...privateBucket(props.encryptionKey, props.removalPolicy),
      lifecycleRules: Object.entries(EXPIRATIONS).map(([kind, days]) => ({
        id: `${kind}-expire`,
        prefix: `${kind}/`,
        expiration: Duration.days(days),
      })),
    });
  }
}
