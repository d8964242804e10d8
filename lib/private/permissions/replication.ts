import { Aws, type Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SourceKey } from '../buckets/source-key';
import { anyKey } from './keys';

/** A bucket and its replica, as the stack of the bucket writes them. */
export interface Replicated {
  readonly source: { readonly bucketArn: string; readonly key: SourceKey; readonly locked: boolean };
  readonly replica: {
    readonly bucketArn: string;
    readonly region: string;
    readonly account: string;
    readonly sameAccount: boolean;
    /** The key, or in another account its alias. */
    readonly keyArn: string;
  };
  /** The stack of the bucket. */
  readonly stack: Stack;
}

/** What S3 does under the role of a replication rule: from this bucket into that, under these keys, and nothing else. */
export function replicate({ source, replica, stack }: Replicated): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadRule',
      actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      resources: [source.bucketArn],
    }),
    new PolicyStatement({
      sid: 'ReadVersions',
      actions: [
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionTagging',
        ...(source.locked ? ['s3:GetObjectLegalHold', 's3:GetObjectRetention'] : []),
      ],
      resources: [`${source.bucketArn}/*`],
    }),
    new PolicyStatement({
      sid: 'WriteReplicas',
      actions: [
        's3:ReplicateDelete',
        's3:ReplicateObject',
        's3:ReplicateTags',
        ...(replica.sameAccount ? [] : ['s3:ObjectOwnerOverrideToBucketOwner']),
      ],
      resources: [`${replica.bucketArn}/*`],
    }),
    ...decryptObjects(stack, source),
    encryptReplicas(stack, replica),
  ];
}

/**
 * Decrypting what is in one bucket, through S3. With Bucket Keys the context is the bucket's ARN, without them the object's, and a
 * bucket may hold both.
 */
export function decryptObjects(
  stack: Stack,
  { bucketArn, key }: Pick<Replicated['source'], 'bucketArn' | 'key'>,
): PolicyStatement[] {
  if (key.kind === 's3') return [];
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.arn ?? anyKey(stack)],
      conditions: {
        StringEquals: { 'kms:ViaService': viaS3(Aws.REGION) },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] },
        ...(key.kind === 'aws' && { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/aws/s3' } }),
      },
    }),
  ];
}

/** Bucket Keys are on there, for which S3 decrypts what it made before. The policy of another account's key says which key it is. */
function encryptReplicas(stack: Stack, { region, account, sameAccount, keyArn, bucketArn }: Replicated['replica']) {
  const there = stack.formatArn({ service: 'kms', region, account, resource: 'key', resourceName: '*' });
  return new PolicyStatement({
    sid: 'EncryptReplicas',
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [sameAccount ? keyArn : there],
    conditions: inReplica(region, bucketArn),
  });
}

function inReplica(region: string, bucketArn: string) {
  return {
    StringEquals: { 'kms:ViaService': viaS3(region) },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] },
  };
}

/** The role of another account, which may not be there yet, as policies that must not name what does not exist. */
export interface ReplicatingRole {
  readonly account: string;
  readonly roleArn: string;
}

/** What the bucket of another account lets the role do. Versioning is on there and is nobody's to change. */
export function takeReplicas(bucketArn: string, { account, roleArn }: ReplicatingRole): PolicyStatement[] {
  const principals = [new AccountPrincipal(account)];
  const conditions = { ArnEquals: { 'aws:PrincipalArn': roleArn } };
  return [
    new PolicyStatement({
      sid: 'TakeReplicas',
      principals,
      actions: ['s3:ObjectOwnerOverrideToBucketOwner', 's3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'],
      resources: [`${bucketArn}/*`],
      conditions,
    }),
    new PolicyStatement({
      sid: 'ShowVersioning',
      principals,
      actions: ['s3:GetBucketVersioning'],
      resources: [bucketArn],
      conditions,
    }),
  ];
}

/** What the key of another account lets the role do. */
export function encryptFrom(region: string, bucketArn: string, { account, roleArn }: ReplicatingRole): PolicyStatement {
  return new PolicyStatement({
    principals: [new AccountPrincipal(account)],
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { ...inReplica(region, bucketArn), ArnEquals: { 'aws:PrincipalArn': roleArn } },
  });
}

export function viaS3(region: string): string {
  return `s3.${region}.${Aws.URL_SUFFIX}`;
}
