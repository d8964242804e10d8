import type { Check } from '../service';
import { AwsError } from '../protocol/types';

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

/** Whether a version is named decides which right is needed. */
export function versionCheck(
  action: 's3:GetObject' | 's3:DeleteObject' | 's3:GetObjectAttributes',
  { Bucket, Key, VersionId }: { Bucket?: string; Key?: string; VersionId?: string },
): Check {
  if (VersionId === undefined) return objectCheck(action, Bucket, Key);
  const ofVersion = action.replace('Object', 'ObjectVersion');
  return objectCheck(ofVersion, Bucket, Key, { 's3:VersionId': VersionId });
}

/** S3 puts the resource in quotes for its own actions; the sentence is otherwise IAM's. */
export function deniedAs(message: string): AwsError {
  return new AwsError('AccessDenied', 403, message.replace(/on resource: (arn:aws:s3:::\S+)/, 'on resource: "$1"'));
}
