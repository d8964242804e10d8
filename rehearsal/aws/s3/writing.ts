import * as sdk from '@aws-sdk/client-s3';
import { operation, type Operation } from '../service';
import type { KeptBucket, S3Account } from './account';
import { readBody } from './body';
import { objectCheck } from './checks';
import { shownSums } from './checksums';
import { checkCondition, checkKey } from './conditions';
import { encryptionOf, shownEncryption, type Asked } from './encryption';
import { shownId } from './reading';
import type { ObjectVersion, Written } from './version';

const KEPT = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage'] as const;

const PUT_MEMBERS = [
  'Bucket',
  'Key',
  'Body',
  'ContentLength',
  'ContentMD5',
  'ContentType',
  'ChecksumAlgorithm',
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
  'IfMatch',
  'IfNoneMatch',
  'Metadata',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
  ...KEPT,
] as const;

export function putObject(account: S3Account): Operation {
  return operation<sdk.PutObjectCommandInput, object>(
    sdk.PutObject$,
    PUT_MEMBERS,
    (input) => writeChecks(account, input),
    async (input, call) => {
      const kept = account.find(input.Bucket);
      const key = input.Key ?? '';
      const { body, checksums } = await readBody(call.http);
      checkKey(key);
      checkCondition(input, kept.storage.newest(key));
      const encryption = encryptionOf(kept.bucket, input);
      account.requireUsable(encryption);
      const headers = { ContentType: input.ContentType ?? 'binary/octet-stream', ...keptHeaders(input) };
      const sums = Object.keys(checksums).length ? { checksums } : {};
      const metadata = input.Metadata ?? {};
      const version = store(kept, key, { content: body, headers, metadata, encryption, ...sums });
      return {
        ETag: version.etag,
        ...shownId(kept, version),
        ...shownEncryption(encryption),
        ...shownSums(version.checksums),
      };
    },
  );
}

interface Writing extends Asked {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** What S3 and KMS authorize before something is written. */
export function writeChecks(account: S3Account, input: Writing) {
  const { Bucket = '', Key = '', IfMatch, IfNoneMatch, ServerSideEncryption, SSEKMSKeyId } = input;
  const context = {
    's3:ObjectCreationOperation': 'true',
    ...(IfNoneMatch !== undefined && { 's3:if-none-match': IfNoneMatch }),
    ...(IfMatch !== undefined && { 's3:if-match': IfMatch }),
    ...(ServerSideEncryption !== undefined && { 's3:x-amz-server-side-encryption': ServerSideEncryption }),
    ...(SSEKMSKeyId !== undefined && { 's3:x-amz-server-side-encryption-aws-kms-key-id': SSEKMSKeyId }),
  };
  const kept = account.anywhere(Bucket);
  const encryption = kept && encryptionOf(kept.bucket, input);
  return [
    objectCheck('s3:PutObject', Bucket, Key, context),
    // If-Match compares with what is there, so reading must be allowed too.
    ...(IfMatch === undefined ? [] : [objectCheck('s3:GetObject', Bucket, Key)]),
    ...(encryption ? account.keyChecks(Bucket, Key, encryption, 'kms:GenerateDataKey') : []),
  ];
}

/** Writes as the bucket keeps: without versions it has the newest alone. */
export function store({ bucket, storage, home }: KeptBucket, key: string, written: Written): ObjectVersion {
  const version = storage.write(key, written);
  if (bucket.versioned === false) {
    storage.history(key).forEach((one) => one !== version && storage.remove(key, one.versionId));
  }
  home.replication.written(bucket.name, key, version);
  return version;
}

/** Headers stored with the object. `aws-chunked` belongs to the transport. */
export function keptHeaders(input: Partial<Record<(typeof KEPT)[number], string>>): Record<string, string> {
  const given = KEPT.map(
    (name) => [name, name === 'ContentEncoding' ? contentEncoding(input[name]) : input[name]] as const,
  );
  return Object.fromEntries(given.filter((entry): entry is [(typeof KEPT)[number], string] => !!entry[1]));
}

function contentEncoding(given: string | undefined): string | undefined {
  const own = given?.split(',').map((one) => one.trim());
  return own?.filter((one) => one !== 'aws-chunked').join(', ');
}
