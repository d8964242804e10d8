import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { WHOLE_AT_MOST } from '../../../verification/files/content';
import { FileError } from '../../../verification/files/engine';
import { fileError } from '../../files/errors';
import type { Outcome } from './restored';
import type { Wanted } from './wanted';

/**
 * Reads a file where it was restored to, against the checksum that S3 keeps of it; a large one by its first byte.
 * @throws FileError where S3 does not let us know
 */
export async function readBack(s3: S3Client, bucket: string, { key, size, undone, held }: Wanted): Promise<Outcome> {
  try {
    const bytes = await bytesOf(s3, bucket, key, size);
    return bytes === size
      ? { is: 'restored', bytes, undone, ...(held && { held }) }
      : { is: 'bad', problem: 'size', detail: `${bytes} bytes restored instead of ${size}` };
  } catch (error) {
    const failed = fileError(error);
    if (failed.reason === 'damaged') return { is: 'bad', problem: 'content', detail: failed.message };
    throw failed;
  }
}

/** @returns how many bytes are there; the client compares those of a whole file with their checksum as they come */
async function bytesOf(s3: S3Client, bucket: string, key: string, size: number): Promise<number> {
  const whole = size <= WHOLE_AT_MOST;
  const answer = await s3.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(whole ? { ChecksumMode: 'ENABLED' as const } : { Range: 'bytes=0-0' }),
    }),
  );
  let bytes = 0;
  for await (const chunk of (answer.Body ?? []) as AsyncIterable<Uint8Array>) bytes += chunk.length;
  if (whole) return bytes;
  if (bytes !== 1) throw new FileError('other', 'the first byte of a restored file did not come');
  return Number(answer.ContentRange?.split('/')[1] ?? Number.NaN);
}
