import { createHash } from 'node:crypto';
import { type Stack, Token } from 'aws-cdk-lib';
import type { RecoverySite } from '../../site/recovery-site';
import { show, ValidationError } from '../validation';

/** Names of S3 buckets, as S3 takes them. */
export function requireBucketName(value: string, what: string): string {
  if (Token.isUnresolved(value)) return value;
  if (typeof value !== 'string' || value.length < 3 || value.length > 63 || !isBucketName(value)) {
    throw new ValidationError(
      `${what} must be 3 to 63 lower-case letters, digits, dots and hyphens and begin and end with a letter or digit, got: ${show(value)}`,
    );
  }
  return value;
}

function isBucketName(value: string): boolean {
  return !value.includes('..') && /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(value) && !/^\d+\.\d+\.\d+\.\d+$/.test(value);
}

/**
 * The replica's name is decided here, since the source names it before it can be asked: by site, resource and account, as names of
 * buckets are of the whole world. At most 59 characters.
 */
export function replicaName(site: RecoverySite, resource: string, account: string): string {
  return `${site.prefix}${digest(resource)}-${account}`;
}

/** A role's name is decided here too: the account of the replica names it. IAM names are of all Regions, and so the prefix has its own. */
export function replicationRoleName(home: RecoverySite, resource: string): string {
  return `${home.prefix}replicate-${digest(resource)}`;
}

/** Of the rule in the bucket's replication configuration; S3 would choose one that no alarm could name. */
export function ruleId(home: RecoverySite, resource: string): string {
  return `${home.prefix}${digest(resource)}`;
}

/** Of whatever there is once for each bucket. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Of the account that a stack is deployed to, which may be known at deployment alone. */
export function bucketArn(stack: Stack, bucketName: string): string {
  return `arn:${stack.partition}:s3:::${bucketName}`;
}
