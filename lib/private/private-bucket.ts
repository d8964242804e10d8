import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, BucketEncryption, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';

/** What every bucket of a site is: under a key of the site, over TLS alone, and never public. */
export function privateBucket(encryptionKey: IKey, removalPolicy: RemovalPolicy): BucketProps {
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy,
  };
}

/** Everything is gone after this, whatever became of the drill that restored it. */
const DAYS = 7;

/** Where drills restore files to: versioned, since AWS Backup restores to no other bucket, and empty again in any case. */
export function expiringBucket(encryptionKey: IKey, removalPolicy: RemovalPolicy): BucketProps {
  return {
    ...privateBucket(encryptionKey, removalPolicy),
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
    lifecycleRules: [
      {
        id: 'files-expire',
        expiration: Duration.days(DAYS - 1),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
      { id: 'markers-expire', expiredObjectDeleteMarker: true },
    ],
  };
}
