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

/**
 * Removes what a restore job of a drill wrote: versions under its prefix that are not older than the restore, and nothing else.
 * @returns whether anything was there; repeat until nothing is
 * @throws NotRemoved where S3 refuses to delete one of them
 */
export async function removeSince(
  s3: S3Client,
  { bucket, prefix, since }: { readonly bucket: string; readonly prefix: string; readonly since: string },
): Promise<boolean> {
  const deadline = Date.now() + REMOVAL_SECONDS * 1000;
  // S3 lists whole seconds.
  const first = Math.floor(Date.parse(since) / 1000) * 1000;
  let there = false;
  let markers: object = {};
  for (;;) {
    const page = await listPage(s3, bucket, prefix, markers);
    const ours = page.objects.filter(({ modified }) => modified >= first);
    await remove(s3, bucket, prefix, ours);
    there ||= ours.length > 0;
    if (!page.next || Date.now() > deadline) return there || page.next !== undefined;
    markers = page.next;
  }
}

async function removePage(s3: S3Client, bucket: string, prefix: string): Promise<boolean> {
  const { objects, next } = await listPage(s3, bucket, prefix);
  await remove(s3, bucket, prefix, objects);
  return objects.length > 0 || next !== undefined;
}

interface Version {
  readonly Key: string;
  readonly VersionId?: string;
  readonly modified: number;
}

interface Page {
  /** Versions and delete markers. */
  readonly objects: readonly Version[];
  /** Where the next page begins. */
  readonly next?: object;
}

async function listPage(s3: S3Client, bucket: string, prefix: string, markers: object = {}): Promise<Page> {
  const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const, ...markers };
  const page = await s3.send(new ListObjectVersionsCommand(asked));
  const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId, LastModified }) => ({
    Key: decodeKey(Key),
    VersionId,
    modified: LastModified?.getTime() ?? 0,
  }));
  if (page.IsTruncated !== true) return { objects };
  const KeyMarker = page.NextKeyMarker && decodeKey(page.NextKeyMarker);
  return { objects, next: { KeyMarker, VersionIdMarker: page.NextVersionIdMarker } };
}

async function remove(s3: S3Client, bucket: string, prefix: string, versions: readonly Version[]): Promise<void> {
  const all = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
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
}

/** The list of a batch is XML, which cannot say every key; an address can. */
function sayable(key: string): boolean {
  return !/[\x00-\x1f\x7f\ufffe\uffff]/.test(key);
}
