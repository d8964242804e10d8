import * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../protocol/types';
import { notRehearsed, operation, type Operation } from '../service';
import type { KeptBucket, S3Account } from './account';
import { readBody } from './body';
import { versionCheck } from './checks';
import { checkCondition } from './conditions';
import { versionOf } from './reading';

export function deleteObject(account: S3Account): Operation {
  return operation<sdk.DeleteObjectCommandInput, object>(
    sdk.DeleteObject$,
    ['Bucket', 'Key', 'VersionId', 'IfMatch'],
    (input) => [versionCheck('s3:DeleteObject', input)],
    (input) => {
      const kept = account.find(input.Bucket);
      const key = input.Key ?? '';
      checkCondition(input, kept.storage.newest(key));
      return remove(kept, key, input.VersionId);
    },
  );
}

/** Up to a thousand at once. Each is authorised for itself, and what is refused is listed. */
export function deleteObjects(account: S3Account): Operation {
  const checkOf = (Bucket: string | undefined, { Key, VersionId }: sdk.ObjectIdentifier) =>
    versionCheck('s3:DeleteObject', { Bucket, Key, VersionId });
  return operation<sdk.DeleteObjectsCommandInput, object>(
    sdk.DeleteObjects$,
    ['Bucket', 'Delete', 'ChecksumAlgorithm'],
    (input) => identifiers(input).map((one) => ({ ...checkOf(input.Bucket, one), perItem: true as const })),
    async (input, call) => {
      const kept = account.find(input.Bucket);
      await readBody(call.http);
      const Deleted: sdk.DeletedObject[] = [];
      const Errors: sdk._Error[] = [];
      for (const one of identifiers(input)) {
        const { Key = '', VersionId, ...more } = one;
        if (Object.keys(more).length > 0) throw notRehearsed('deleting many objects on conditions is not rehearsed');
        if (!call.may(checkOf(input.Bucket, one))) {
          Errors.push({ Key, VersionId, Code: 'AccessDenied', Message: 'Access Denied' });
          continue;
        }
        const { DeleteMarker, VersionId: made } = remove(kept, Key, VersionId);
        Deleted.push({ Key, VersionId, ...(DeleteMarker && { DeleteMarker, DeleteMarkerVersionId: made }) });
      }
      return { ...(!input.Delete?.Quiet && { Deleted }), ...(Errors.length && { Errors }) };
    },
  );
}

function identifiers({ Delete }: sdk.DeleteObjectsCommandInput): sdk.ObjectIdentifier[] {
  const objects = Delete?.Objects ?? [];
  if (objects.length > 0 && objects.length <= 1000) return objects;
  throw new AwsError('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate.');
}

interface Removed {
  readonly DeleteMarker?: boolean;
  readonly VersionId?: string;
}

/** One version for good, or, without one named, a marker on top of them. */
export function remove(kept: KeptBucket, key: string, versionId: string | undefined): Removed {
  const { bucket, storage, home } = kept;
  if (bucket.versioned === false) {
    storage.history(key).forEach((version) => storage.remove(key, version.versionId));
    return {};
  }
  if (versionId === undefined) {
    const marker = storage.mark(key);
    home.replication.written(bucket.name, key, marker);
    return { DeleteMarker: true, VersionId: marker.versionId };
  }
  const found = versionOf(kept, key, versionId);
  if (found) storage.remove(key, found.versionId);
  return { VersionId: versionId, ...(found?.deleted && { DeleteMarker: true }) };
}
