import * as sdk from '@aws-sdk/client-s3';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Operation } from '../service';
import type { S3Account } from './account';
import { versionCheck } from './checks';
import { checksumsOf, computedSums, shownSums } from './checksums';
import { requireOpen } from './closed';
import { checkCondition, checkKey, precondition, sameTag } from './conditions';
import { encryptionOf, shownEncryption } from './encryption';
import { shownId, versionOf } from './reading';
import { lastModified } from './version';
import { keptHeaders, store, writeChecks } from './writing';

const LARGEST = 5 * 1024 ** 3;

/** CopyObject: from any Region into that of the call, with the caller's rights on both sides. */
export function copyObject(account: S3Account): Operation {
  return operation<sdk.CopyObjectCommandInput, object>(
    sdk.CopyObject$,
    [
      'Bucket',
      'Key',
      'CopySource',
      'CopySourceIfMatch',
      'ChecksumAlgorithm',
      'IfMatch',
      'IfNoneMatch',
      'Metadata',
      'MetadataDirective',
      // Objects have no tags here: whether they are copied or left makes no difference.
      'TaggingDirective',
      'ContentType',
      'ServerSideEncryption',
      'SSEKMSKeyId',
      'BucketKeyEnabled',
    ],
    (input) => {
      const from = sourceOf(input.CopySource);
      const source = account.anywhere(from.Bucket);
      const version = versionOf(source, from.Key, from.VersionId);
      return [
        versionCheck('s3:GetObject', from),
        ...(version ? source!.home.keyChecks(from.Bucket, from.Key, version.encryption, 'kms:Decrypt') : []),
        ...writeChecks(account, input),
      ];
    },
    async (input) => {
      const kept = account.find(input.Bucket);
      const key = input.Key ?? '';
      checkKey(key);
      const from = sourceOf(input.CopySource);
      const source = account.anywhere(from.Bucket);
      if (!source)
        throw modelled(sdk.NoSuchBucket$, 'The specified bucket does not exist', { BucketName: from.Bucket });
      const original = versionOf(source, from.Key, from.VersionId);
      if (!original || original.deleted) throw notThere(from, original !== undefined);
      if (input.CopySourceIfMatch !== undefined && !sameTag(input.CopySourceIfMatch, original)) {
        throw precondition('x-amz-copy-source-If-Match');
      }
      refuseImpossible(input, from, original.size);
      requireOpen(original);
      source.home.requireUsable(original.encryption);
      const encryption = encryptionOf(kept.bucket, input);
      account.requireUsable(encryption);
      const content = original.content;
      const checksums = input.ChecksumAlgorithm
        ? await computedSums(input.ChecksumAlgorithm, content.read())
        : await checksumsOf(original);
      checkCondition(input, kept.storage.newest(key));
      const anew = input.MetadataDirective === 'REPLACE';
      const version = store(kept, key, {
        content,
        headers: anew
          ? { ContentType: input.ContentType ?? 'binary/octet-stream', ...keptHeaders(input) }
          : original.headers,
        metadata: anew ? (input.Metadata ?? {}) : original.metadata,
        encryption,
        checksums,
      });
      return {
        CopyObjectResult: { ETag: version.etag, LastModified: lastModified(version), ...shownSums(checksums) },
        ...(source.bucket.versioned !== false && { CopySourceVersionId: original.versionId }),
        ...shownId(kept, version),
        ...shownEncryption(encryption),
      };
    },
  );
}

interface Source {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** `bucket/key?versionId=id`, percent-encoded. */
function sourceOf(header: string | undefined): Source {
  const parts = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^?]+))?$/s.exec(header ?? '');
  if (!parts) throw new AwsError('InvalidArgument', 400, 'Copy Source must mention the source bucket and key');
  try {
    const [Bucket, Key] = [parts[1], parts[2]].map(decodeURIComponent);
    return { Bucket, Key, ...(parts[3] !== undefined && { VersionId: parts[3] }) };
  } catch {
    throw new AwsError('InvalidArgument', 400, 'Copy Source must be percent-encoded UTF-8');
  }
}

function notThere({ Key, VersionId }: Source, isMarker: boolean): AwsError {
  if (VersionId === undefined) return modelled(sdk.NoSuchKey$, 'The specified key does not exist.', { Key });
  if (!isMarker) return new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', undefined, { Key });
  const message = 'The source of a copy request may not specifically refer to a delete marker by version id.';
  return new AwsError('InvalidRequest', 400, message);
}

function refuseImpossible(input: sdk.CopyObjectCommandInput, from: Source, size: number): void {
  if (size > LARGEST) {
    const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST}`;
    throw new AwsError('InvalidRequest', 400, message);
  }
  const onItself = from.Bucket === input.Bucket && from.Key === input.Key && from.VersionId === undefined;
  if (onItself && input.MetadataDirective !== 'REPLACE' && input.ServerSideEncryption === undefined) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new AwsError('InvalidRequest', 400, message);
  }
}
