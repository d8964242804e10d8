import { CopyObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { fileError } from '../../files/errors';
import type { Outcome } from './restored';
import type { Wanted } from './wanted';

/** S3 copies no more in one request. */
const LARGEST = 5 * 1024 ** 3;

/** From where to where. */
export interface Route {
  readonly from: string;
  readonly scratch: string;
  /** Before every key. */
  readonly under: string;
}

/**
 * Restores one file: S3 copies it, and it is read from there, all but what is large from end to end, against the checksum that S3
 * keeps of it. @throws FileError where S3 does not let us know
 */
export async function restoreFile(s3: S3Client, { key, size, versionId }: Wanted, route: Route): Promise<Outcome> {
  if (size > LARGEST) return { is: 'too-large' };
  const Key = `${route.under}${key}`;
  // S3 names no object by more than 1,024 bytes, and ours are longer by a drill's id.
  if (Buffer.byteLength(Key) > 1024) return { is: 'too-large' };
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  const CopySource = `${route.from}/${encodeURIComponent(key)}${version}`;
  try {
    // Tags are not content, and reading them would take another right.
    await s3.send(new CopyObjectCommand({ Bucket: route.scratch, Key, CopySource, TaggingDirective: 'REPLACE' }));
    const bytes = await readBack(s3, route.scratch, Key);
    return bytes === size
      ? { is: 'restored', bytes }
      : { is: 'bad', problem: 'size', detail: `${bytes} bytes restored instead of ${size}` };
  } catch (error) {
    const { reason, message } = fileError(error);
    if (reason === 'denied') return { is: 'bad', problem: 'unreadable', detail: message };
    if (reason === 'missing') return { is: 'bad', problem: 'missing', detail: message };
    if (reason === 'damaged') return { is: 'bad', problem: 'content', detail: message };
    throw error;
  }
}

/** @returns how many bytes came; the client compares them with the checksum as they do */
async function readBack(s3: S3Client, bucket: string, key: string): Promise<number> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
  let bytes = 0;
  for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) bytes += chunk.length;
  return bytes;
}
