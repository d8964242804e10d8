import { ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SourceFacts } from '../../../../lib/private/contract/drill';
import { decodeKey } from '../../../shared/s3-keys';
import type { Unlisted } from './restored';

/** One file that is to be restored. */
export interface Wanted {
  readonly key: string;
  readonly size: number;
  readonly etag?: string;
  /** Absent: the newest. */
  readonly versionId?: string;
  /** Not the newest any more. */
  readonly undone: boolean;
  /** Of what AWS Backup restores: it had to be there. */
  readonly held?: boolean;
  /** The same: it is not there. */
  readonly absent?: boolean;
}

/** One file as a bucket held it at a moment. */
export interface WantedThen extends Wanted {
  /** Since when, milliseconds since 1970. */
  readonly modified: number;
  /** Somebody has deleted it since, whatever came then. */
  readonly deletedSince: boolean;
}

export interface WantedPage<File extends Wanted = Wanted> {
  readonly files: readonly File[];
  /** Once all of them are done, everything up to this key is; null: nothing more than before. */
  readonly upTo: string | null;
  /** What should have been compared with this page, and the rest, is not known. */
  readonly unlisted?: Unlisted;
}

/** What is to be restored, in the order of the keys, a page at a time. */
export function wanted(s3: S3Client, source: SourceFacts, after: string | null): AsyncGenerator<WantedPage> {
  const { bucket = '', prefix = '' } = source.files ?? {};
  return source.kind === 'versions'
    ? asOf(s3, bucket, prefix, source.restorePoint, after)
    : newest(s3, bucket, prefix, after);
}

/** The newest versions under a prefix. */
export async function* newest(
  s3: S3Client,
  bucket: string,
  prefix: string,
  after: string | null,
): AsyncGenerator<WantedPage> {
  const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const };
  let from: object = { StartAfter: after || undefined };
  for (;;) {
    const page = await s3.send(new ListObjectsV2Command({ ...asked, ...from }));
    const files = (page.Contents ?? []).map(({ Key, Size = 0, ETag }): Wanted => {
      return { key: decodeKey(Key), size: Size, etag: ETag, undone: false };
    });
    yield { files, upTo: files.at(-1)?.key ?? null };
    if (page.IsTruncated !== true) return;
    from = { ContinuationToken: page.NextContinuationToken };
  }
}

/** Of each key the version that was the newest at a moment; none where that was a delete marker, or nothing was there yet. */
export async function* asOf(
  s3: S3Client,
  bucket: string,
  prefix: string,
  moment: string,
  after: string | null,
): AsyncGenerator<WantedPage<WantedThen>> {
  const limit = Date.parse(moment);
  const asked = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const };
  // Versions of one key may be on two pages.
  let decided: string | null = after;
  let deleted: string | null = null;
  let markers: object = { KeyMarker: after || undefined };
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ ...asked, ...markers }));
    const files: WantedThen[] = [];
    const shown = newestFirst(page);
    for (const { key, size, versionId, modified, marker, latest } of shown) {
      if (marker && modified > limit) deleted = key;
      if (key === decided || modified > limit) continue;
      decided = key;
      if (!marker) files.push({ key, size, versionId, undone: !latest, modified, deletedSince: deleted === key });
    }
    const more = page.IsTruncated === true;
    yield { files, upTo: wholly(shown, decided, more) };
    if (!more) return;
    markers = {
      KeyMarker: page.NextKeyMarker && decodeKey(page.NextKeyMarker),
      VersionIdMarker: page.NextVersionIdMarker,
    };
  }
}

/** Of the last key of a page older versions may follow, of those before it none. */
function wholly(shown: readonly { readonly key: string }[], decided: string | null, more: boolean): string | null {
  const last = shown.at(-1)?.key;
  if (last === undefined) return null;
  if (!more || last === decided) return last;
  return shown.findLast(({ key }) => key !== last)?.key ?? null;
}

interface Version {
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Size?: number;
  readonly LastModified?: Date;
  readonly IsLatest?: boolean;
}

/** S3 lists versions and delete markers apart, each by key and then from the newest on. */
function newestFirst({ Versions = [], DeleteMarkers = [] }: { Versions?: Version[]; DeleteMarkers?: Version[] }) {
  const shown = (one: Version, marker: boolean) => {
    const key = decodeKey(one.Key);
    return {
      key,
      bytes: Buffer.from(key),
      versionId: one.VersionId,
      size: one.Size ?? 0,
      modified: one.LastModified?.getTime() ?? 0,
      latest: one.IsLatest === true,
      marker,
    };
  };
  return [...Versions.map((one) => shown(one, false)), ...DeleteMarkers.map((one) => shown(one, true))].sort(
    (a, b) =>
      Buffer.compare(a.bytes, b.bytes) ||
      Number(b.latest) - Number(a.latest) ||
      b.modified - a.modified ||
      // Of a file and its deletion in one second nobody can tell which came first: the file is what people look for.
      Number(a.marker) - Number(b.marker),
  );
}
