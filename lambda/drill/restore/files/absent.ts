import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { nameOf } from '../../../shared/named-error';
import { hiddenKey } from '../../../verification/files/keys';
import { fileError } from '../../files/errors';
import type { Outcome } from './restored';
import type { Wanted } from './wanted';

/** Characters that a key must be made of to be backed up by AWS Backup. */
const BACKED_UP = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/**
 * What it means that a file of the bucket was not restored. The bucket is asked for its first byte: no listing tells whether AWS
 * Backup takes it at all, and HEAD does not tell a customer's key from one of KMS that is disabled.
 * @throws FileError where S3 does not let us know
 */
export async function missed(s3: S3Client, bucket: string, { key, versionId }: Wanted): Promise<Outcome> {
  if (!BACKED_UP.test(key)) return { is: 'untaken' };
  try {
    const asked = { Bucket: bucket, Key: key, VersionId: versionId, Range: 'bytes=0-0' };
    const { Body, ReplicationStatus } = await s3.send(new GetObjectCommand(asked));
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) void chunk;
    // A replica is as old as its original, whenever it came.
    return ReplicationStatus === 'REPLICA' ? { is: 'unsure' } : missing(bucket, key, 'it can be read there');
  } catch (error) {
    const name = nameOf(error);
    // Archived; under a customer's key, which must be given with every request.
    if (name === 'InvalidObjectState' || name === 'InvalidRequest') return { is: 'untaken' };
    // There is no first byte.
    if (name === 'InvalidRange') return missing(bucket, key, 'it is empty');
    const failed = fileError(error);
    if (failed.reason === 'denied') return missing(bucket, key, failed.message);
    if (failed.reason === 'missing') return { is: 'gone' };
    throw failed;
  }
}

function missing(bucket: string, key: string, read: string): Outcome {
  return {
    is: 'bad',
    problem: 'missing',
    detail: `${bucket} held it as of the restore point, and it was not restored; of the first, whose key has the SHA-256 ${hiddenKey(key)}..., ${read}`,
  };
}
