import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { NamedError } from './named-error';
import { decodeKey } from './s3-keys';

/** So long files are removed at one go, well within a function's time. */
const REMOVAL_SECONDS = 20;

/** Under this the files of a drill are in the scratch bucket, and nothing else is. */
export function scratchPrefix(drillId: string): string {
  if (!/^[0-9a-f]{20}$/.test(drillId)) throw new NamedError('InvalidInput', `${drillId} is no id of a drill`);
  return `${drillId}/`;
}

/**
 * Removes what a drill restored into the scratch bucket, every version of it, as far as there is time.
 * @returns whether anything was there; repeat until nothing is
 * @throws NotRemoved where S3 refuses to delete one of them
 */
export async function removeFiles(s3: S3Client, bucket: string, drillId: string): Promise<boolean> {
  const deadline = Date.now() + REMOVAL_SECONDS * 1000;
  let there = false;
  while (await removePage(s3, bucket, scratchPrefix(drillId))) {
    there = true;
    if (Date.now() > deadline) break;
  }
  return there;
}

async function removePage(s3: S3Client, bucket: string, prefix: string): Promise<boolean> {
  const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url' }));
  const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
    Key: decodeKey(Key),
    VersionId,
  }));
  const objects = all.filter(({ Key }) => sayable(Key));
  if (objects.length > 0) {
    const answer = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    const [refused] = answer.Errors ?? [];
    if (refused) {
      const count = answer.Errors?.length ?? 0;
      throw new NamedError('NotRemoved', `S3 did not delete ${count} files under ${prefix}: ${refused.Code}`);
    }
  }
  for (const object of all.filter(({ Key }) => !sayable(Key))) {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, ...object }));
  }
  return all.length > 0 || page.IsTruncated === true;
}

/** The list of a batch is XML, which cannot say every key; an address can. */
function sayable(key: string): boolean {
  return !/[\x00-\x1f\x7f\ufffe\uffff]/.test(key);
}
