import { CopyObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { nameOf } from '../../../shared/named-error';
import { fileError } from '../../files/errors';
import { readBack } from './read-back';
import type { Outcome } from './restored';
import type { Wanted } from './wanted';

/** S3 copies no more in one request. */
const LARGEST = 5 * 1024 ** 3;
/** S3 names no object by more bytes, and ours are longer by a drill's id. */
const LONGEST_KEY = 1024;

/** From where to where. */
export interface Route {
  readonly from: string;
  readonly scratch: string;
  /** Before every key. */
  readonly under: string;
}

/**
 * Restores one file: S3 copies it, and it is read from where it was restored to, against the checksum that S3 keeps of it.
 * @throws FileError where S3 does not let us know, or not let us write
 */
export async function restoreFile(s3: S3Client, file: Wanted, route: Route): Promise<Outcome> {
  const Key = `${route.under}${file.key}`;
  if (file.size > LARGEST || Buffer.byteLength(Key) > LONGEST_KEY) return { is: 'too-large' };
  const copied = await copy(s3, file, route, Key);
  if (copied !== 'done' && copied !== 'changed') return copied;
  // What was overwritten after it was listed has a size of its own.
  const size = copied === 'done' ? file.size : await sizeOf(s3, route.scratch, Key);
  return readBack(s3, route.scratch, { ...file, key: Key, size });
}

async function copy(s3: S3Client, file: Wanted, route: Route, Key: string): Promise<Outcome | 'done' | 'changed'> {
  const { key, versionId, etag } = file;
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  const CopySource = `${route.from}/${encodeURIComponent(key)}${version}`;
  // Tags are not content, and reading them would take another right.
  const asked = { Bucket: route.scratch, Key, CopySource, TaggingDirective: 'REPLACE' as const };
  try {
    await s3.send(new CopyObjectCommand({ ...asked, CopySourceIfMatch: etag }));
    return 'done';
  } catch (error) {
    if (nameOf(error) === 'PreconditionFailed') return again(() => s3.send(new CopyObjectCommand(asked)));
    return outcomeOf(error, versionId !== undefined);
  }
}

/** Somebody has overwritten it since it was listed: what is there now is as good. */
async function again(send: () => Promise<unknown>): Promise<Outcome | 'changed'> {
  try {
    await send();
    return 'changed';
  } catch (error) {
    return outcomeOf(error, false);
  }
}

/** S3 has either word for what a lifecycle rule has archived. */
const ARCHIVED = ['InvalidObjectState', 'ObjectNotInActiveTierError'];

/** What a failed copy says of the original; what it says of where it goes to is thrown. */
function outcomeOf(error: unknown, isVersion: boolean): Outcome {
  const failed = fileError(error);
  const { reason, message } = failed;
  if (nameOf(error) === 'NoSuchBucket' || /s3:PutObject|kms:GenerateDataKey/.test(message)) throw failed;
  if (ARCHIVED.includes(nameOf(error))) return { is: 'archived' };
  if (reason === 'denied') return { is: 'bad', problem: 'unreadable', detail: message };
  if (reason === 'damaged') return { is: 'bad', problem: 'content', detail: message };
  // A version stays; the newest may have been deleted since it was listed.
  if (reason === 'missing') return isVersion ? { is: 'bad', problem: 'missing', detail: message } : { is: 'gone' };
  throw failed;
}

async function sizeOf(s3: S3Client, bucket: string, key: string): Promise<number> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength ?? 0;
  } catch (error) {
    throw fileError(error);
  }
}
