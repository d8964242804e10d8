import type { BucketDefinition } from '../../../lib/private/contract/files';
import { read, WHOLE_AT_MOST } from './content';
import { bad, badOf, type Outcome } from './object';
import type { Bucket, Described, Version } from './port';
import type { FileRow } from './question';

/** S3's own limit, bytes. */
const LONGEST_KEY = 1024;

/**
 * Looks for the file of one row: the version that was the newest at the restore point, and where nothing is as old as that,
 * the newest there is.
 * @throws FileError when S3 does not let us know
 */
export async function lookAtRow(
  row: FileRow,
  definition: BucketDefinition,
  bucket: Bucket,
  restorePoint: string,
): Promise<Outcome> {
  const key = keyOf(row.key, definition);
  if (key === null) return bad('missing', 'its row names a file in another bucket');
  if (Buffer.byteLength(key) > LONGEST_KEY) return bad('missing', 'its key is longer than any of S3');
  const version = asOf(await bucket.listVersions(key), restorePoint);
  if ('is' in version) return version;
  if (row.size !== undefined && row.size !== version.size) {
    return bad('size', `${version.size} bytes, its row says ${row.size}`);
  }
  const { versionId } = version;
  const described = await bucket.head(key, versionId).catch(badOfFile);
  if ('is' in described) return described;
  const keyArn = definition.replica?.keyArn;
  // Copies of what is under S3's own keys may stay so, and what the original is under nobody asks here.
  if (keyArn !== undefined && described.keyArn !== undefined && described.keyArn !== keyArn) {
    return bad('key', `under ${described.keyArn}`);
  }
  return compare(key, row, version, described, bucket);
}

async function compare(key: string, row: FileRow, version: Version, described: Described, bucket: Bucket) {
  const known = described.checksums.find(({ algorithm, type }) => algorithm === 'SHA256' && type === 'FULL_OBJECT');
  const declared = known && Buffer.from(known.value, 'base64').toString('hex');
  const unknown = row.sha256 !== undefined && declared === undefined;
  const whole = version.size === 0 || (unknown && version.size <= WHOLE_AT_MOST);
  const got = await read(bucket, key, { whole, versionId: version.versionId }).catch(badOfFile);
  if ('is' in got) return got;
  if (got.bytes < (whole ? version.size : Math.min(1, version.size))) {
    return bad('size', `${got.bytes} bytes could be read instead of ${version.size}`);
  }
  if (row.sha256 === undefined) return { is: 'fine', compared: true } as const;
  const sha256 = declared ?? (whole ? got.sha256 : undefined);
  if (sha256 === undefined) return { is: 'fine', compared: false } as const;
  return sha256 === row.sha256
    ? ({ is: 'fine', compared: true } as const)
    : bad('content', 'another hash than its row');
}

/** The key as it is written in the row, character for character; an `s3://` URL names its bucket too. */
function keyOf(written: string, { bucket, replica }: BucketDefinition): string | null {
  const url = /^s3:\/\/([^/]+)\/(.*)$/s.exec(written);
  if (!url) return written;
  return url[1] === bucket || url[1] === replica?.bucket ? url[2] : null;
}

function asOf(versions: readonly Version[], restorePoint: string): Version | Outcome {
  const moment = Math.floor(Date.parse(restorePoint) / 1000) * 1000 + 999;
  const found = versions.find(({ modified }) => modified <= moment) ?? versions[0];
  if (!found) return bad('missing', 'no version of it is there');
  if (!found.marker) return found;
  const rest = versions.some(({ marker }) => !marker) ? ', and an older version of it is left' : '';
  return bad('deleted', `deleted at ${new Date(found.modified).toISOString()}${rest}; its row is there`);
}

function badOfFile(error: unknown) {
  return badOf(error, 'the bucket');
}
