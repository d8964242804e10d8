import * as sdk from '@aws-sdk/client-s3';
import { AwsError, modelled } from '../protocol/types';
import type { ObjectVersion } from './storage';

export interface Bucket {
  readonly name: string;
  /** Default true: a delete without version leaves a marker. */
  readonly versioned?: boolean;
  /** ARN of the key of its default encryption; absent: S3's own keys. */
  readonly kmsKeyArn?: string;
  /** Default true. */
  readonly bucketKey?: boolean;
}

const KEPT = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage'] as const;
export const PUT_MEMBERS = [
  'Bucket',
  'Key',
  'Body',
  'ContentLength',
  'ContentMD5',
  'ContentType',
  'ChecksumAlgorithm',
  'ChecksumCRC32',
  'ChecksumSHA1',
  'ChecksumSHA256',
  'IfMatch',
  'IfNoneMatch',
  'Metadata',
  ...KEPT,
] as const;

export function putContext(input: sdk.PutObjectCommandInput): Record<string, string> {
  return {
    's3:ObjectCreationOperation': 'true',
    ...(input.IfNoneMatch !== undefined && { 's3:if-none-match': input.IfNoneMatch }),
    ...(input.IfMatch !== undefined && { 's3:if-match': input.IfMatch }),
  };
}

export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new AwsError('KeyTooLongError', 400, 'Your key is too long', undefined, { MaxSizeAllowed: '1024' });
  }
}

/** Conditional writes and deletes: If-None-Match takes `*` alone, If-Match one tag. */
export function checkCondition(
  input: { IfMatch?: string; IfNoneMatch?: string },
  newest: ObjectVersion | undefined,
): void {
  if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== '*') {
    throw new AwsError(
      'NotImplemented',
      501,
      'A header you provided implies functionality that is not implemented',
      undefined,
      {
        Header: 'If-None-Match',
      },
    );
  }
  if (input.IfNoneMatch === '*' && newest) {
    throw precondition('If-None-Match');
  }
  if (input.IfMatch !== undefined && !newest) {
    throw modelled(sdk.NoSuchKey$, 'The specified key does not exist.');
  }
  if (input.IfMatch !== undefined && newest && !sameTag(input.IfMatch, newest)) {
    throw precondition('If-Match');
  }
}

export function sameTag(asked: string, version: ObjectVersion): boolean {
  return asked === '*' || asked.replaceAll('"', '') === version.etag.replaceAll('"', '');
}

export function precondition(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', 412, message, undefined, { Condition: condition });
}

/** Headers stored with the object. `aws-chunked` belongs to the transport. */
export function kept(input: sdk.PutObjectCommandInput): Record<string, string> {
  const given = KEPT.map(
    (name) => [name, name === 'ContentEncoding' ? contentEncoding(input[name]) : input[name]] as const,
  );
  return Object.fromEntries(given.filter((entry): entry is [(typeof KEPT)[number], string] => !!entry[1]));
}

function contentEncoding(given: string | undefined): string | undefined {
  const own = given?.split(',').map((one) => one.trim());
  return own?.filter((one) => one !== 'aws-chunked').join(', ');
}

const SUM_MEMBERS: Readonly<Record<string, string>> = {
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
};

export function sums(checksums: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(checksums).map(([name, value]) => [SUM_MEMBERS[name], value]);
  return own.length ? { ...Object.fromEntries(own), ChecksumType: 'FULL_OBJECT' } : {};
}

export function describe(
  bucket: Bucket,
  version: ObjectVersion,
  checksumMode: string | undefined,
): Record<string, unknown> {
  const shown = Object.entries(version.headers).filter(([name]) => checksumMode || !name.startsWith('Checksum'));
  return {
    ...Object.fromEntries(shown),
    AcceptRanges: 'bytes',
    ContentLength: version.size,
    ETag: version.etag,
    LastModified: version.modifiedAt,
    Metadata: version.metadata,
    ...versionId(bucket, version),
    ...encryption(bucket),
  };
}

export function versionId(bucket: Bucket, version: ObjectVersion): { VersionId?: string } {
  return bucket.versioned === false ? {} : { VersionId: version.versionId };
}

export function encryption(bucket: Bucket): Record<string, unknown> {
  return bucket.kmsKeyArn
    ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: bucket.kmsKeyArn, BucketKeyEnabled: bucket.bucketKey ?? true }
    : { ServerSideEncryption: 'AES256' };
}
