import type { KeyState } from '@aws-sdk/client-kms';
import { AwsError } from '../protocol/types';
import { notRehearsed, type Check, type Place } from '../service';
import { bucketArn, deniedAs } from './checks';
import type { Bucket } from './bucket';
import type { Encryption } from './version';

/** What became of the keys of a Region. */
export interface KeyStates {
  /** Undefined: there is no such key. */
  stateOf(arn: string): KeyState | undefined;
}

/** What a request says of encryption. */
export interface Asked {
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

/** What the bucket does where a request says nothing. */
export function defaultOf(bucket: Bucket): Encryption {
  return { ...(bucket.kmsKeyArn && { kmsKeyArn: bucket.kmsKeyArn }), bucketKey: bucketKeyOf(bucket) };
}

export function encryptionOf(bucket: Bucket, asked: Asked): Encryption {
  const { ServerSideEncryption: kind, SSEKMSKeyId: key, BucketKeyEnabled: bucketKey = bucketKeyOf(bucket) } = asked;
  if (kind === undefined && key === undefined) return { ...defaultOf(bucket), bucketKey };
  if (kind === 'AES256' && key === undefined) return { bucketKey: false };
  if (kind !== 'aws:kms') {
    const message =
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms';
    throw new AwsError('InvalidArgument', 400, message);
  }
  const kmsKeyArn = key ?? bucket.kmsKeyArn;
  if (!kmsKeyArn?.startsWith('arn:'))
    throw notRehearsed('encryption under aws/s3 or a key without its ARN: name the ARN');
  return { kmsKeyArn, bucketKey };
}

function bucketKeyOf({ kmsKeyArn, bucketKey = true }: Bucket): boolean {
  return kmsKeyArn !== undefined && bucketKey;
}

/** S3 uses a key in the caller's name: for the bucket as a whole where bucket keys are on. */
export function keyCheck(place: Place, bucket: string, key: string, encryption: Encryption, action: string): Check[] {
  if (!encryption.kmsKeyArn) return [];
  const encrypted = encryption.bucketKey ? bucketArn(bucket) : `${bucketArn(bucket)}/${key}`;
  const context = {
    'kms:ViaService': `s3.${place.region}.amazonaws.com`,
    'kms:CallerAccount': place.account,
    'kms:EncryptionContext:aws:s3:arn': encrypted,
  };
  return [{ action, resource: encryption.kmsKeyArn, context, deniedAs }];
}

/** Throws as S3 does when KMS will not have the key used, which it asks after the rights. */
export function requireUsable(place: Place, keys: KeyStates | undefined, { kmsKeyArn }: Encryption): void {
  if (!kmsKeyArn) return;
  if (kmsKeyArn.split(':')[3] !== place.region) {
    throw new AwsError('KMS.NotFoundException', 400, `Invalid arn ${place.region}`);
  }
  if (!keys) return;
  const state = keys.stateOf(kmsKeyArn);
  if (state === undefined) throw new AwsError('KMS.NotFoundException', 400, `Key '${kmsKeyArn}' does not exist`);
  if (state === 'Disabled') throw new AwsError('KMS.DisabledException', 400, `${kmsKeyArn} is disabled.`);
  if (state === 'PendingDeletion') {
    throw new AwsError('KMS.KMSInvalidStateException', 400, `${kmsKeyArn} is pending deletion.`);
  }
}

export function shownEncryption({ kmsKeyArn, bucketKey }: Encryption) {
  return kmsKeyArn
    ? { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKeyArn, BucketKeyEnabled: bucketKey }
    : { ServerSideEncryption: 'AES256' as const };
}
