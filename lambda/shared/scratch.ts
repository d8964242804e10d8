import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { NamedError } from './named-error';

/** Under this the files of a drill are in the scratch bucket, and nothing else is. */
export function scratchPrefix(drillId: string): string {
  if (!/^[0-9a-f]{20}$/.test(drillId)) throw new NamedError('InvalidInput', `${drillId} is no id of a drill`);
  return `${drillId}/`;
}

/**
 * Removes a page of what a drill restored into the scratch bucket, every version of it, if there is any.
 * @returns whether anything was there; repeat until nothing is
 * @throws NotRemoved where S3 refuses to delete one of them
 */
export async function removeFiles(s3: S3Client, bucket: string, drillId: string): Promise<boolean> {
  const page = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: scratchPrefix(drillId), EncodingType: 'url' }),
  );
  const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '', VersionId }) => ({
    Key: decodeKey(Key),
    VersionId,
  }));
  if (objects.length === 0) return page.IsTruncated === true;
  const answer = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }));
  const refused = answer.Errors ?? [];
  if (refused.length > 0) {
    throw new NamedError(
      'NotRemoved',
      `S3 did not delete ${refused.length} files of drill ${drillId}: ${refused[0].Code}`,
    );
  }
  return true;
}

/** As S3 encodes keys in listings: a space is a plus. */
export function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
