import type { ListObjectVersionsCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../protocol/types';
import { encoderOf, pageSize } from './encoding';
import { compareKeys } from './key-order';
import type { BucketStorage } from './storage';
import { lastModified, type ObjectVersion } from './version';
import { walk } from './walk';

/** A version of a key, or, without one, a group of keys. */
interface Shown {
  readonly name: string;
  readonly version?: ObjectVersion;
  readonly latest?: boolean;
}

/** One page of a bucket's versions and delete markers: by key, and of a key the newest first. */
export function listVersions(storage: BucketStorage, input: ListObjectVersionsCommandInput, versioned: boolean) {
  const { Prefix: prefix = '', MaxKeys: asked = 1000, Delimiter: delimiter } = input;
  const size = pageSize(asked);
  const encode = encoderOf(input.EncodingType);
  const idOf = (version: ObjectVersion) => (versioned ? version.versionId : 'null');
  const shown: Shown[] = [];
  let truncated = false;
  for (const one of entriesAfter(storage, input, prefix, idOf)) {
    truncated = shown.length === size;
    if (truncated) break;
    shown.push(one);
  }
  truncated &&= size > 0;
  const last = shown.at(-1);
  const described = shown.map((one) => ({ ...one, name: encode(one.name) }));
  const groups = described.flatMap(({ name, version }) => (version ? [] : [{ Prefix: name }]));
  const versions = described.flatMap((one) => (one.version?.deleted === false ? [versionShape(one, idOf)] : []));
  const markers = described.flatMap((one) => (one.version?.deleted ? [markerShape(one, idOf)] : []));
  return {
    Name: input.Bucket,
    Prefix: encode(prefix),
    MaxKeys: asked,
    IsTruncated: truncated,
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    ...(delimiter !== undefined && { Delimiter: encode(delimiter) }),
    ...(truncated && { NextKeyMarker: encode(last!.name) }),
    ...(truncated && last!.version && { NextVersionIdMarker: idOf(last!.version) }),
    ...(versions.length && { Versions: versions }),
    ...(markers.length && { DeleteMarkers: markers }),
    ...(groups.length && { CommonPrefixes: groups }),
  };
}

/** What comes after the markers: the rest of the marked key's versions, where one of them is marked, then other keys. */
function* entriesAfter(
  storage: BucketStorage,
  { KeyMarker: from = '', VersionIdMarker: marker, Delimiter: delimiter }: ListObjectVersionsCommandInput,
  prefix: string,
  idOf: (version: ObjectVersion) => string,
): Generator<Shown> {
  if (marker !== undefined && from === '') {
    throw new AwsError('InvalidArgument', 400, 'A version-id marker cannot be specified without a key marker.');
  }
  if (marker === '') throw new AwsError('InvalidArgument', 400, 'A version-id marker cannot be empty.');
  for (const { name, history } of walk(storage, { prefix, delimiter, from, visible: () => true })) {
    const order = compareKeys(name, from);
    if (order < 0 || (order === 0 && from !== '' && !(history && marker !== undefined))) continue;
    if (!history) {
      yield { name };
      continue;
    }
    const versions = history.map((version, i) => ({ name, version, latest: i === history.length - 1 })).reverse();
    // A marked version that is gone by now was newer than those that are left.
    const passed = order === 0 ? versions.findIndex((one) => idOf(one.version) === marker) : -1;
    yield* versions.slice(passed + 1);
  }
}

function versionShape({ name, version, latest }: Shown, idOf: (version: ObjectVersion) => string) {
  return {
    ...markerShape({ name, version, latest }, idOf),
    ETag: version!.etag,
    Size: version!.size,
    StorageClass: 'STANDARD' as const,
  };
}

function markerShape({ name, version, latest }: Shown, idOf: (version: ObjectVersion) => string) {
  return { Key: name, VersionId: idOf(version!), IsLatest: latest, LastModified: lastModified(version!) };
}
