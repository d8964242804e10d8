import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Bucket, Checksum, Described, Listed, Page, Version } from '../../verification/files/engine';
import { decodeKey } from '../../shared/s3-keys';
import { fileError } from './errors';

/** A bucket of S3 as the engine sees it. */
export class S3Bucket implements Bucket {
  constructor(
    private readonly s3: S3Client,
    private readonly name: string,
  ) {}

  async list(after: string | null): Promise<Page> {
    // XML cannot say every character that a key may have.
    const asked = { Bucket: this.name, EncodingType: 'url' as const };
    let from: object = { StartAfter: after || undefined };
    for (;;) {
      const page = await understood(this.s3.send(new ListObjectsV2Command({ ...asked, ...from })));
      const objects = (page.Contents ?? []).map(listed);
      const more = page.IsTruncated === true;
      // A page may be empty although more follows.
      if (objects.length > 0 || !more) return { objects, more };
      from = { ContinuationToken: page.NextContinuationToken };
    }
  }

  async listVersions(key: string): Promise<Version[]> {
    const asked = { Bucket: this.name, Prefix: key, EncodingType: 'url' as const };
    const versions: Shown[] = [];
    let markers: object = {};
    for (;;) {
      const page = await understood(this.s3.send(new ListObjectVersionsCommand({ ...asked, ...markers })));
      const shown = [
        ...(page.Versions ?? []).map((one) => shownVersion(one, false)),
        ...(page.DeleteMarkers ?? []).map((one) => shownVersion(one, true)),
      ];
      versions.push(...shown.filter((one) => one.key === key));
      // Keys that only begin with this one come after it.
      if (page.IsTruncated !== true || shown.some((one) => one.key !== key)) return versions.sort(newestFirst);
      markers = { KeyMarker: decodeKey(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
    }
  }

  async head(key: string, versionId?: string): Promise<Described> {
    const asked = { Bucket: this.name, Key: key, VersionId: versionId };
    try {
      return described(await understood(this.s3.send(new HeadObjectCommand({ ...asked, ChecksumMode: 'ENABLED' }))));
    } catch (error) {
      // Checksums are encrypted too; without its key an object still says which one that is. Where that key is disabled
      // or gone, S3 answers 400, and an answer to HEAD has no body that says why.
      const { reason } = fileError(error);
      if (reason !== 'denied' && reason !== 'other') throw error;
      return described(await understood(this.s3.send(new HeadObjectCommand(asked))));
    }
  }

  async get(
    key: string,
    { whole, versionId }: { readonly whole: boolean; readonly versionId?: string },
  ): Promise<AsyncIterable<Uint8Array>> {
    const asked = { Bucket: this.name, Key: key, VersionId: versionId, ...(!whole && { Range: 'bytes=0-0' }) };
    const { Body } = await understood(this.s3.send(new GetObjectCommand(asked)));
    return bytesOf((Body ?? []) as AsyncIterable<Uint8Array>);
  }
}

/** @throws FileError */
async function understood<O>(answer: Promise<O>): Promise<O> {
  try {
    return await answer;
  } catch (error) {
    throw fileError(error);
  }
}

async function* bytesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw fileError(error);
  }
}

function listed({ Key, Size, LastModified }: { Key?: string; Size?: number; LastModified?: Date }): Listed {
  return { key: decodeKey(Key), size: Size ?? 0, modified: LastModified?.getTime() ?? 0 };
}

interface Shown extends Version {
  readonly latest: boolean;
}

function shownVersion(one: Parameters<typeof listed>[0] & { VersionId?: string; IsLatest?: boolean }, marker: boolean) {
  return { ...listed(one), versionId: one.VersionId ?? 'null', latest: one.IsLatest === true, marker };
}

/** Versions and delete markers come apart; those of one second in the order in which S3 told them. */
function newestFirst(a: Shown, b: Shown): number {
  return Number(b.latest) - Number(a.latest) || b.modified - a.modified;
}

const REPLICATION: Readonly<Record<string, Described['replication']>> = {
  COMPLETE: 'completed',
  COMPLETED: 'completed',
  PENDING: 'pending',
  FAILED: 'failed',
  REPLICA: 'replica',
};

function described(answer: HeadObjectCommandOutput): Described {
  const replication = REPLICATION[answer.ReplicationStatus ?? ''];
  return {
    size: answer.ContentLength ?? 0,
    modified: answer.LastModified?.getTime() ?? 0,
    ...(replication && { replication }),
    ...(answer.SSEKMSKeyId !== undefined && { keyArn: answer.SSEKMSKeyId }),
    checksums: checksumsOf(answer),
  };
}

function checksumsOf(answer: HeadObjectCommandOutput): Checksum[] {
  const type = answer.ChecksumType === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT';
  return Object.entries(answer).flatMap(([member, value]) =>
    /^Checksum[A-Z]/.test(member) && member !== 'ChecksumType' && typeof value === 'string'
      ? [{ algorithm: member.slice('Checksum'.length), type, value }]
      : [],
  );
}
