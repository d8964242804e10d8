import { ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SourceFacts } from '../../../../lib/private/contract/drill';
import { decodeKey } from '../../../shared/scratch';

/** One file that is to be restored. */
export interface Wanted {
  readonly key: string;
  readonly size: number;
  /** Absent: the newest. */
  readonly versionId?: string;
}

/** What is to be restored, in the order of the keys, a page at a time. */
export function wanted(s3: S3Client, source: SourceFacts, after: string | null): AsyncGenerator<readonly Wanted[]> {
  const { bucket = '', prefix = '' } = source.files ?? {};
  return source.kind === 'versions'
    ? asOf(s3, bucket, prefix, source.restorePoint, after)
    : newest(s3, bucket, prefix, after);
}

async function* newest(s3: S3Client, bucket: string, prefix: string, after: string | null) {
  const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const };
  let from: object = { StartAfter: after || undefined };
  for (;;) {
    const page = await s3.send(new ListObjectsV2Command({ ...asked, ...from }));
    yield (page.Contents ?? []).map(({ Key = '', Size = 0 }): Wanted => ({ key: decodeKey(Key), size: Size }));
    if (page.IsTruncated !== true) return;
    from = { ContinuationToken: page.NextContinuationToken };
  }
}

/** Of each key the version that was the newest at a moment; none where that was a delete marker, or nothing was there yet. */
async function* asOf(s3: S3Client, bucket: string, prefix: string, moment: string, after: string | null) {
  const limit = Date.parse(moment);
  const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const };
  // Versions of one key may be on two pages.
  let decided: string | null = after;
  let markers: object = { KeyMarker: after || undefined };
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ ...asked, ...markers }));
    const found: Wanted[] = [];
    for (const each of inOrder(page)) {
      if (each.key === decided || each.modified > limit) continue;
      decided = each.key;
      if (!each.marker) found.push({ key: each.key, size: each.size, versionId: each.versionId });
    }
    yield found;
    if (page.IsTruncated !== true) return;
    markers = {
      KeyMarker: page.NextKeyMarker && decodeKey(page.NextKeyMarker),
      VersionIdMarker: page.NextVersionIdMarker,
    };
  }
}

interface Version {
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Size?: number;
  readonly LastModified?: Date;
  readonly IsLatest?: boolean;
}

/** S3 lists versions and delete markers apart, each by key and then from the newest on. */
function inOrder({ Versions = [], DeleteMarkers = [] }: { Versions?: Version[]; DeleteMarkers?: Version[] }) {
  const shown = (one: Version, marker: boolean) => ({
    key: decodeKey(one.Key ?? ''),
    bytes: Buffer.from(decodeKey(one.Key ?? '')),
    versionId: one.VersionId,
    size: one.Size ?? 0,
    modified: one.LastModified?.getTime() ?? 0,
    latest: one.IsLatest === true,
    marker,
  });
  return [...Versions.map((one) => shown(one, false)), ...DeleteMarkers.map((one) => shown(one, true))].sort(
    (a, b) =>
      Buffer.compare(a.bytes, b.bytes) ||
      Number(b.latest) - Number(a.latest) ||
      b.modified - a.modified ||
      // Of a file and its deletion in one second nobody can tell which came first: the file is what people look for.
      Number(a.marker) - Number(b.marker),
  );
}
