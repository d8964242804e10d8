import type { Check, Place } from '../service';
import { AwsError } from '../protocol/types';
import type { Bucket } from './object';

/** What S3 tells policies of every request it signs for. */
const REQUEST = { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', 's3:TlsVersion': '1.3' };

export function bucketArn(bucket: string | undefined): string {
  return `arn:aws:s3:::${bucket ?? ''}`;
}

export function objectCheck(action: string, bucket: string | undefined, key: string | undefined, context = {}): Check {
  return { action, resource: `${bucketArn(bucket)}/${key ?? ''}`, context: { ...REQUEST, ...context }, deniedAs };
}

export function bucketCheck(action: string, bucket: string | undefined, context = {}): Check {
  return { action, resource: bucketArn(bucket), context: { ...REQUEST, ...context }, deniedAs };
}

/** S3 uses a bucket's key in the caller's name: for the bucket as a whole where bucket keys are on. */
export function keyChecks(place: Place, bucket: Bucket | undefined, action: string, key: string | undefined): Check[] {
  if (!bucket?.kmsKeyArn) {
    return [];
  }
  const encrypted = bucket.bucketKey === false ? `${bucketArn(bucket.name)}/${key ?? ''}` : bucketArn(bucket.name);
  const context = {
    'kms:ViaService': `s3.${place.region}.amazonaws.com`,
    'kms:CallerAccount': place.account,
    'kms:EncryptionContext:aws:s3:arn': encrypted,
  };
  return [{ action, resource: bucket.kmsKeyArn, context, deniedAs }];
}

/** S3 puts the resource in quotes for its own actions; the sentence is otherwise IAM's. */
function deniedAs(message: string): AwsError {
  return new AwsError('AccessDenied', 403, message.replace(/on resource: (arn:aws:s3:::\S+)/, 'on resource: "$1"'));
}
