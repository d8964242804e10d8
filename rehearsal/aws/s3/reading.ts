import * as sdk from '@aws-sdk/client-s3';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Call, type Check, type Operation } from '../service';
import type { KeptBucket, S3Account } from './account';
import { bucketArn, bucketCheck, versionCheck } from './checks';
import { checksumsOf, shownSums } from './checksums';
import { requireOpen } from './closed';
import { precondition, sameTag } from './conditions';
import { shownEncryption } from './encryption';
import { partOf } from './range';
import { lastModified, type ObjectVersion } from './version';

type Read = sdk.GetObjectCommandInput;

const READ_MEMBERS = ['Bucket', 'Key', 'VersionId', 'ChecksumMode', 'IfMatch', 'IfNoneMatch', 'Range'] as const;

export function readingOperations(account: S3Account): Operation[] {
  return [getObject(account), headObject(account), getObjectAttributes(account)];
}

function getObject(account: S3Account): Operation {
  return operation<Read, object>(
    sdk.GetObject$,
    READ_MEMBERS,
    (input) => [versionCheck('s3:GetObject', input), ...decryptChecks(account, input)],
    async (input, call) => {
      const { kept, version } = present(account, input, call);
      requireOpen(version);
      account.requireUsable(version.encryption);
      const part = partOf(input.Range, version.size);
      const body = version.content.read();
      return {
        ...(await described(kept, version, part === undefined && input.ChecksumMode !== undefined)),
        ...part?.headers,
        Body: part ? body.subarray(part.start, part.end) : body,
      };
    },
  );
}

function headObject(account: S3Account): Operation {
  return operation<sdk.HeadObjectCommandInput, object>(
    sdk.HeadObject$,
    READ_MEMBERS,
    // The key is needed for the checksum alone, which is kept encrypted.
    (input) => [
      versionCheck('s3:GetObject', input),
      ...(input.ChecksumMode === undefined ? [] : decryptChecks(account, input)),
    ],
    async (input, call) => {
      const { kept, version } = present(account, input, call);
      if (input.ChecksumMode !== undefined) account.requireUsable(version.encryption);
      const part = partOf(input.Range, version.size);
      return {
        ...(await described(kept, version, part === undefined && input.ChecksumMode !== undefined)),
        ...part?.headers,
      };
    },
  );
}

function getObjectAttributes(account: S3Account): Operation {
  return operation<sdk.GetObjectAttributesCommandInput, object>(
    sdk.GetObjectAttributes$,
    ['Bucket', 'Key', 'VersionId', 'ObjectAttributes'],
    (input) => [
      versionCheck('s3:GetObject', input),
      versionCheck('s3:GetObjectAttributes', input),
      ...decryptChecks(account, input),
    ],
    async (input, call) => {
      const { kept, version } = present(account, input, call);
      const asked = new Set<string>(input.ObjectAttributes);
      if (asked.has('Checksum')) account.requireUsable(version.encryption);
      return {
        LastModified: lastModified(version),
        ...shownId(kept, version),
        ...(asked.has('ETag') && { ETag: version.etag.replaceAll('"', '') }),
        ...(asked.has('ObjectSize') && { ObjectSize: version.size }),
        ...(asked.has('StorageClass') && { StorageClass: 'STANDARD' }),
        ...(asked.has('Checksum') && { Checksum: shownSums(await checksumsOf(version)) }),
      };
    },
  );
}

/** The object's own key is needed, whichever the bucket's is. */
function decryptChecks(account: S3Account, { Bucket = '', Key = '', VersionId }: Read): Check[] {
  const version = versionOf(account.anywhere(Bucket), Key, VersionId);
  return version ? account.keyChecks(Bucket, Key, version.encryption, 'kms:Decrypt') : [];
}

export function versionOf(
  kept: KeptBucket | undefined,
  key: string,
  versionId: string | undefined,
): ObjectVersion | undefined {
  if (versionId === undefined) return kept?.storage.newest(key);
  const versioned = kept?.bucket.versioned !== false;
  return !versioned && versionId === 'null' ? kept?.storage.newest(key) : kept?.storage.version(key, versionId);
}

/** The version asked for. A caller who may not list is not told that an object is missing. */
function present(account: S3Account, input: Read, call: Call): { kept: KeptBucket; version: ObjectVersion } {
  const kept = account.find(input.Bucket);
  const version = versionOf(kept, input.Key ?? '', input.VersionId);
  if (!version || version.deleted) throw missing(kept, version, input, call);
  if (input.IfMatch !== undefined && !sameTag(input.IfMatch, version)) {
    throw precondition('If-Match');
  }
  if (input.IfNoneMatch !== undefined && (input.IfNoneMatch === '*' || sameTag(input.IfNoneMatch, version))) {
    throw new AwsError('NotModified', 304, 'Not Modified');
  }
  return { kept, version };
}

/** A delete marker is told by headers: of itself it can be asked nothing, and what it hides is not found. */
function missing(kept: KeptBucket, marker: ObjectVersion | undefined, input: Read, call: Call): AwsError {
  if (!call.may(bucketCheck('s3:ListBucket', input.Bucket))) {
    const message = `The object may be missing: without s3:ListBucket on ${bucketArn(input.Bucket)} S3 does not say.`;
    return new AwsError('AccessDenied', 403, message);
  }
  const hiding = marker ?? (input.VersionId === undefined ? kept.storage.history(input.Key ?? '').at(-1) : undefined);
  const headers: Record<string, string> = hiding
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': hiding.versionId }
    : {};
  if (marker) {
    const members = { Method: 'GET', ResourceType: 'DeleteMarker' };
    const message = 'The specified method is not allowed against this resource.';
    return new AwsError('MethodNotAllowed', 405, message, undefined, members, headers);
  }
  const members = { Key: input.Key ?? '', ...(input.VersionId !== undefined && { VersionId: input.VersionId }) };
  if (input.VersionId !== undefined) {
    return new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', undefined, members);
  }
  const { code, status, message, schema } = modelled(sdk.NoSuchKey$, 'The specified key does not exist.');
  return new AwsError(code, status, message, schema, members, headers);
}

async function described(kept: KeptBucket, version: ObjectVersion, withSums: boolean): Promise<object> {
  return {
    ...version.headers,
    AcceptRanges: 'bytes',
    ContentLength: version.size,
    ETag: version.etag,
    LastModified: lastModified(version),
    Metadata: version.metadata,
    ...(version.replication && { ReplicationStatus: version.replication }),
    ...shownId(kept, version),
    ...shownEncryption(version.encryption),
    ...(withSums && shownSums(await checksumsOf(version))),
  };
}

export function shownId({ bucket }: KeptBucket, { versionId }: ObjectVersion): { VersionId?: string } {
  return bucket.versioned === false ? {} : { VersionId: versionId };
}
