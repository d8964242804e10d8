import type { ListBucketsCommandInput, ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../protocol/types';
import type { BucketStorage } from './storage';

/** One page of a bucket's keys, grouped at the delimiter where one is given. */
export function listObjects(storage: BucketStorage, input: ListObjectsV2CommandInput) {
  const { Prefix: prefix = '', MaxKeys: asked = 1000, Delimiter: delimiter } = input;
  if (!Number.isInteger(asked) || asked < 0) {
    throw new AwsError('InvalidArgument', 400, `max-keys must be a whole number from 0, not ${asked}`);
  }
  const size = Math.min(asked, 1000);
  const after = Buffer.from(input.ContinuationToken === undefined ? (input.StartAfter ?? '') : continued(input));
  const entries = new Map<string, 'key' | 'group'>();
  for (const key of storage.keys().filter((one) => one.startsWith(prefix))) {
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const entry = cut < 0 ? key : key.slice(0, cut + (delimiter?.length ?? 0));
    if (Buffer.compare(Buffer.from(entry), after) > 0) entries.set(entry, cut < 0 ? 'key' : 'group');
  }
  const shown = [...entries].slice(0, size);
  const truncated = size > 0 && entries.size > shown.length;
  const contents = shown.filter(([, kind]) => kind === 'key').map(([key]) => content(storage, key));
  const groups = shown.filter(([, kind]) => kind === 'group').map(([group]) => ({ Prefix: group }));
  return {
    Name: input.Bucket,
    Prefix: prefix,
    MaxKeys: asked,
    KeyCount: shown.length,
    IsTruncated: truncated,
    ...(input.StartAfter !== undefined && { StartAfter: input.StartAfter }),
    ...(delimiter !== undefined && { Delimiter: delimiter }),
    ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
    ...(truncated && { NextContinuationToken: Buffer.from(shown.at(-1)![0]).toString('base64url') }),
    ...(contents.length && { Contents: contents }),
    ...(groups.length && { CommonPrefixes: groups }),
  };
}

function continued(input: ListObjectsV2CommandInput): Buffer {
  const token = input.ContinuationToken ?? '';
  const decoded = Buffer.from(token, 'base64url');
  if (token === '' || decoded.toString('base64url') !== token) {
    throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect');
  }
  return decoded;
}

function content(storage: BucketStorage, key: string) {
  const version = storage.newest(key)!;
  return {
    Key: key,
    ETag: version.etag,
    Size: version.size,
    LastModified: version.modifiedAt,
    StorageClass: 'STANDARD',
  };
}

/** One page of buckets, by name. */
export function listBuckets(names: readonly string[], region: string, input: ListBucketsCommandInput) {
  const { Prefix: prefix = '', MaxBuckets: size = 10_000, ContinuationToken: after = '' } = input;
  if (!Number.isInteger(size) || size < 1 || size > 10_000) {
    throw new AwsError('InvalidArgument', 400, `max-buckets must be from 1 to 10000, not ${size}`);
  }
  const wanted = names.filter((name) => name.startsWith(prefix) && name > after).sort();
  const shown = wanted.slice(0, size);
  return {
    Buckets: shown.map((Name) => ({ Name, BucketRegion: region })),
    ...(prefix !== '' && { Prefix: prefix }),
    ...(shown.length < wanted.length && { ContinuationToken: shown.at(-1) }),
  };
}
