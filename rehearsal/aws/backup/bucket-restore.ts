import { InvalidParameterValueException$ } from '@aws-sdk/client-backup';
import { modelled } from '../protocol/types';
import type { Contents, RestoredBucket, S3ForBackup } from '../s3/for-backup';
import type { Encryption } from '../s3/version';
import type { Allow } from '../service-roles';
import { parsed } from './metadata';
import type { RecoveryPoint } from './model';

/** How far a continuous backup lags behind its bucket, milliseconds: AWS says 15 minutes. */
export const CONTINUOUS_LAG = 15 * 60_000;

/** At most so many keys or prefixes may be asked for. */
const MOST_ITEMS = 5;

const KNOWN = [
  'DestinationBucketName',
  'NewBucket',
  'Encrypted',
  'EncryptionType',
  'KMSKey',
  'RestoreACLs',
  'ItemsToRestore',
  'RestoreTime',
  'RestoreLatestVersionsUpTo',
];

/** A restore of a bucket as its metadata asks for it (developer guide, restoring-s3). */
export interface BucketRestore {
  readonly destination: string;
  readonly contents: Contents;
  readonly encryption: Encryption | 'original';
}

/** Reads what is asked; throws where AWS Backup would not even begin. */
export function bucketRestore(
  metadata: Readonly<Record<string, string>>,
  point: RecoveryPoint,
  s3: S3ForBackup,
  now: Date,
  lag = CONTINUOUS_LAG,
): BucketRestore {
  const unknown = Object.keys(metadata).find((key) => !KNOWN.includes(key));
  if (unknown) throw refused(`metadata ${unknown} is not known: use ${KNOWN.join(', ')}`);
  const {
    DestinationBucketName: destination,
    NewBucket = 'false',
    RestoreLatestVersionsUpTo: versions = '1',
    RestoreACLs: acls = 'false',
  } = metadata;
  if (!destination) throw refused('metadata DestinationBucketName is required');
  if (NewBucket !== 'false') throw refused('a restore into a new bucket is not rehearsed: say NewBucket false');
  if (acls !== 'false') throw refused('a restore of ACLs is not rehearsed: say RestoreACLs false');
  if (versions !== '1') throw refused('a restore of more than the latest versions is not rehearsed');
  const contents = contentsOf(point, metadata.RestoreTime, now, lag);
  const items = itemsOf(metadata.ItemsToRestore);
  return {
    destination,
    contents: items ? contents.filter(([key]) => items.some((item) => key.startsWith(item))) : contents,
    encryption: encryptionOf(metadata, point, s3.defaultOf(destination).bucketKey),
  };
}

function contentsOf({ bucket }: RecoveryPoint, restoreTime: string | undefined, now: Date, lag: number): Contents {
  if (!bucket) throw refused('the recovery point is not one of a bucket');
  if (!('since' in bucket)) {
    if (restoreTime !== undefined) throw refused('RestoreTime is for continuous backups');
    return bucket;
  }
  const latest = new Date(now.getTime() - lag);
  const moment = restoreTime === undefined ? latest : new Date(restoreTime);
  if (Number.isNaN(moment.getTime()) || moment < bucket.since || moment > latest) {
    throw refused(`RestoreTime must be from ${bucket.since.toISOString()} to ${latest.toISOString()}`);
  }
  return bucket.at(moment);
}

function itemsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const items = parsed(text);
  if (!Array.isArray(items) || items.length === 0 || items.length > MOST_ITEMS) {
    throw refused(`ItemsToRestore must be a list of 1 to ${MOST_ITEMS} as JSON, got: ${text}`);
  }
  return items.map(String);
}

function encryptionOf(
  { EncryptionType: type = 'original', KMSKey: kmsKeyArn }: Readonly<Record<string, string>>,
  { copiedFrom }: RecoveryPoint,
  bucketKey: boolean,
): Encryption | 'original' {
  if (type === 'SSE-S3') return { bucketKey: false };
  if (type === 'SSE-KMS') {
    if (!kmsKeyArn) throw refused('EncryptionType SSE-KMS needs KMSKey');
    return { kmsKeyArn, bucketKey };
  }
  if (type !== 'original') throw refused(`EncryptionType must be original, SSE-S3 or SSE-KMS, got: ${type}`);
  if (copiedFrom) throw refused('what comes from another Region cannot be restored under its original key');
  return 'original';
}

/** A job that restored nothing, or not everything, is COMPLETED all the same, and says so beside it. */
export function sayOf({ restored, failed }: RestoredBucket): string | undefined {
  if (failed > 0) return `One or more objects failed to restore: ${failed} of ${failed + restored}.`;
  return restored === 0 ? 'There are no objects that match the items to restore.' : undefined;
}

/** @param fails beginning of the keys that cannot be restored, whatever the role may */
export function restoreBucket(
  s3: S3ForBackup,
  { destination, contents, encryption }: BucketRestore,
  allow: Allow,
  fails?: string,
): string | undefined {
  const fit = contents.filter(([key]) => fails === undefined || !key.startsWith(fails));
  const { restored, failed } = s3.restore(destination, fit, encryption, allow);
  return sayOf({ restored, failed: failed + contents.length - fit.length });
}

function refused(message: string) {
  return modelled(InvalidParameterValueException$, message);
}
