import type { ListBucketsCommandInput, ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../protocol/types';
import { encoderOf, pageSize } from './encoding';
import { compareKeys } from './key-order';
import type { BucketStorage } from './storage';
import { lastModified, type ObjectVersion } from './version';
import { walk, type Entry } from './walk';

/** One page of a bucket's keys, grouped at the delimiter where one is given. */
export function listObjects(storage: BucketStorage, input: ListObjectsV2CommandInput) {
  const { Prefix: prefix = '', MaxKeys: asked = 1000, Delimiter: delimiter } = input;
  const size = pageSize(asked);
  const encode = encoderOf(input.EncodingType);
  const from = input.ContinuationToken === undefined ? (input.StartAfter ?? '') : continued(input);
  const shown: Entry[] = [];
  let truncated = false;
  for (const entry of walk(storage, { prefix, delimiter, from, visible: isThere })) {
    if (compareKeys(entry.name, from) <= 0) continue;
    truncated = shown.length === size;
    if (truncated) break;
    shown.push(entry);
  }
  truncated &&= size > 0;
  const contents = shown.flatMap(({ name, history }) => (history ? [content(encode(name), history.at(-1)!)] : []));
  const groups = shown.flatMap(({ name, history }) => (history ? [] : [{ Prefix: encode(name) }]));
  return {
    Name: input.Bucket,
    Prefix: encode(prefix),
    MaxKeys: asked,
    KeyCount: shown.length,
    IsTruncated: truncated,
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    ...(input.StartAfter !== undefined && { StartAfter: encode(input.StartAfter) }),
    ...(delimiter !== undefined && { Delimiter: encode(delimiter) }),
    ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
    ...(truncated && { NextContinuationToken: Buffer.from(shown.at(-1)!.name).toString('base64url') }),
    ...(contents.length && { Contents: contents }),
    ...(groups.length && { CommonPrefixes: groups }),
  };
}

function isThere(history: readonly ObjectVersion[]): boolean {
  return !history.at(-1)!.deleted;
}

function continued(input: ListObjectsV2CommandInput): string {
  const token = input.ContinuationToken ?? '';
  const decoded = Buffer.from(token, 'base64url');
  if (token === '' || decoded.toString('base64url') !== token) {
    throw new AwsError('InvalidArgument', 400, 'The continuation token provided is incorrect');
  }
  return decoded.toString('utf8');
}

function content(Key: string, version: ObjectVersion) {
  return {
    Key,
    ETag: version.etag,
    Size: version.size,
    LastModified: lastModified(version),
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
