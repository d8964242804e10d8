import type { S3Client } from '@aws-sdk/client-s3';
import type { SourceFacts } from '../../../../lib/private/contract/drill';
import { plusSeconds } from '../../../shared/clock';
import { nameOf } from '../../../shared/named-error';
import { fileError } from '../../files/errors';
import type { Unlisted } from './restored';
import { asOf, type WantedPage } from './wanted';

/**
 * How long before the restore point a file had to be in the bucket to be missed, seconds. A large file says when its upload began,
 * and is there for AWS Backup only once that has ended.
 */
const SETTLED = 6 * 3600;

/** What is younger is not missed. */
export function settledBefore({ restorePoint }: Pick<SourceFacts, 'restorePoint'>): string {
  return plusSeconds(restorePoint, -SETTLED);
}

/**
 * What the bucket held as of the restore point, told from the versions that it has kept until now; `held` is what has to be in the
 * backup. A delete marker that somebody has removed since cannot be seen.
 */
export async function* heldIn(s3: S3Client, source: SourceFacts, after: string | null): AsyncGenerator<WantedPage> {
  const { bucket = '', prefix = '' } = source.files ?? {};
  const settled = Date.parse(settledBefore(source));
  // Making a periodic one takes a while, and what is deleted meanwhile may be in it or not.
  const exact = source.recoveryPoint?.continuous === true;
  try {
    for await (const { files, upTo } of asOf(s3, bucket, prefix, source.restorePoint, after)) {
      yield {
        files: files.map(({ modified, deletedSince, ...file }) => {
          return { ...file, held: modified <= settled && (exact || !deletedSince) };
        }),
        upTo,
      };
    }
  } catch (error) {
    const unlisted = unlistedBy(error);
    if (!unlisted) throw error;
    yield { files: [], upTo: null, unlisted };
  }
}

function unlistedBy(error: unknown): Unlisted | undefined {
  if (nameOf(error) === 'NoSuchBucket') return 'gone';
  return fileError(error).reason === 'denied' ? 'denied' : undefined;
}
