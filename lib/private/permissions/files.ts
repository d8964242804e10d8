import type { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { SourceKey } from '../buckets/source-key';
import { anyKey } from './keys';
import { viaS3 } from './replication';

/** A bucket that files are read from: the protected one, or its replica. */
export interface FilesIn {
  readonly bucketArn: string;
  readonly region: string;
  readonly key: SourceKey;
}

/** Listing and reading files and their versions in one bucket, under its own key and no other. Nothing here changes anything. */
export class ReadFiles {
  readonly list = new PolicyStatement({ sid: 'ListFiles', actions: ['s3:ListBucket', 's3:ListBucketVersions'] });
  readonly get = new PolicyStatement({
    sid: 'ReadFiles',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
  });
  readonly statements = [this.list, this.get];

  constructor(private readonly stack: Stack) {}

  /** @returns what the key takes; one condition names the bucket that it is used for */
  add({ bucketArn, region, key }: FilesIn): PolicyStatement[] {
    this.list.addResources(bucketArn);
    this.get.addResources(`${bucketArn}/*`);
    if (key.kind === 's3') return [];
    return [
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.arn ?? anyKey(this.stack, region)],
        conditions: {
          StringEquals: { 'kms:ViaService': viaS3(region) },
          StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] },
        },
      }),
    ];
  }
}

/** Files that drills restored: put, read and listed under the key of the site. */
export function writeScratch(bucket: IBucket, key: IKey, region: string): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'ListScratch', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    new PolicyStatement({
      sid: 'WriteScratch',
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: [bucket.arnForObjects('*')],
    }),
    new PolicyStatement({
      sid: 'ScratchKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': viaS3(region) } },
    }),
  ];
}

/** The same files, version by version: the bucket is versioned, as AWS Backup asks of what it restores to. */
export function emptyScratch(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ListScratchVersions',
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resources: [bucket.bucketArn],
    }),
    new PolicyStatement({
      sid: 'EmptyScratch',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
  ];
}

/** The boundary for files: whatever else a role is ever granted, it deletes none that a drill did not restore, and opens no bucket. */
export function keepFiles(bucket: IBucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'NoFilesOutsideScratch',
    effect: Effect.DENY,
    actions: [
      's3:BypassGovernanceRetention',
      's3:Delete*',
      's3:PutBucket*',
      's3:PutEncryptionConfiguration',
      's3:PutLifecycleConfiguration',
      's3:PutObjectAcl',
      's3:PutObjectLegalHold',
      's3:PutObjectRetention',
      's3:PutObjectVersionAcl',
      's3:PutReplicationConfiguration',
    ],
    notResources: [bucket.arnForObjects('*')],
  });
}
