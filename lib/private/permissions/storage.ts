import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Reading needs the list right too: without it S3 answers that access is denied where an object is missing, and a missing
 * pointer is an everyday thing here.
 */
export function readObjects(bucket: IBucket, key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    useKey(key, ['kms:Decrypt']),
  ];
}

export function readWriteObjects(bucket: IBucket, key: IKey): PolicyStatement[] {
  return [
    ...readObjects(bucket, key),
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
    useKey(key, ['kms:GenerateDataKey']),
  ];
}

/** The same of a part of the bucket, by the beginning of its keys. */
export function readUnder(bucket: IBucket, key: IKey, read: string[]): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: read.map((each) => bucket.arnForObjects(each)) }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    useKey(key, ['kms:Decrypt']),
  ];
}

/** What a function is given of a bucket where it needs a part of it: keys to read, and of these keys to write. */
export interface Keys {
  readonly read: string[];
  readonly write: string[];
}

export function objectsUnder(bucket: IBucket, key: IKey, { read, write }: Keys): PolicyStatement[] {
  const of = (keys: string[]) => keys.map((each) => bucket.arnForObjects(each));
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: of(read) }),
    new PolicyStatement({ actions: ['s3:PutObject'], resources: of(write) }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    useKey(key, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/** Only locks are ever deleted; everything else in the state bucket is replaced or expires. */
export function deleteLocks(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:DeleteObject'],
    resources: [bucket.arnForObjects('resources/*/lock.json')],
  });
}

function useKey(key: IKey, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
  });
}
