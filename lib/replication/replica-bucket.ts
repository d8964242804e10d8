import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../private/private-bucket';

/** What a replica is made with. */
export interface ReplicaBucketProps {
  /** The replica's name, known at synthesis. */
  readonly bucketName: string;
  /** Encrypts replicas. */
  readonly encryptionKey: IKey;
  /** How long versions that are not the newest are kept. */
  readonly oldVersions: Duration;
  /** What happens to the bucket when it is removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * The Object Lock of what is replicated: what is locked there is locked here.
   * @default - none
   */
  readonly objectLock?: CfnBucket.ObjectLockConfigurationProperty;
}

/**
 * The replica of a bucket, in the stack of another site: versioned, under that site's key with a Bucket Key, closed to the public
 * and to plain text. Replicas belong to the account of this bucket. Nothing expires but old versions: what the source's own
 * lifecycle removes stays here, since S3 replicates no lifecycle.
 */
export class ReplicaBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ReplicaBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      ...privateBucket(props.encryptionKey, props.removalPolicy),
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      objectLockEnabled: props.objectLock ? true : undefined,
      lifecycleRules: [
        { id: 'old-versions', noncurrentVersionExpiration: props.oldVersions },
        // A marker that hides nothing any more, and parts of an upload that was given up.
        { id: 'remains', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    const declared = this.bucket.node.defaultChild as CfnBucket;
    if (props.objectLock?.rule) declared.objectLockConfiguration = props.objectLock;
  }
}
