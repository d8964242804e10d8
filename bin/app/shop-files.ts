import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** The files that the shop's rows speak of: versioned, under a key of their own. */
export function shopFiles(scope: Construct): Bucket {
  return new Bucket(scope, 'Documents', {
    encryption: BucketEncryption.KMS,
    encryptionKey: new Key(scope, 'DocumentsKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY }),
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
