import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ValidationError } from '../validation';

/**
 * What objects of a bucket are encrypted under. `s3`: keys of S3, which nobody needs a right for. `aws`: the AWS-managed key of the
 * account. `key`: one key. `unknown`: only the account knows.
 */
export interface SourceKey {
  readonly kind: 's3' | 'aws' | 'key' | 'unknown';
  readonly arn?: string;
}

const ALGORITHMS = ['aws:kms', 'aws:kms:dsse'];

export function sourceKey(name: string, declared: CfnBucket | undefined, given: IKey | undefined): SourceKey {
  if (given) return { kind: 'key', arn: requireKey(name, given.keyArn) };
  if (!declared) return { kind: 'unknown' };
  const encryption = declared.bucketEncryption;
  if (encryption === undefined) return { kind: 's3' };
  const rule = firstRule(encryption);
  if (rule === undefined) return { kind: 'unknown' };
  if (!ALGORITHMS.includes(rule.sseAlgorithm)) {
    return { kind: Token.isUnresolved(rule.sseAlgorithm) ? 'unknown' : 's3' };
  }
  const key = rule.kmsMasterKeyId;
  if (key === undefined || key === 'alias/aws/s3') return { kind: 'aws' };
  return { kind: 'key', arn: requireKey(name, key) };
}

/** IAM takes the ARN of a key, and neither its bare id nor an alias. */
function requireKey(name: string, key: string): string {
  const isArn = Token.isUnresolved(key) ? !key.includes(':alias/') : /^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/.test(key);
  if (isArn) return key;
  throw new ValidationError(
    `the key of ${name} is known as ${Token.isUnresolved(key) ? 'an alias' : key}, and no role can be given the use of a key but by its ARN: give encryptionKey, such as Key.fromKeyArn(...)`,
  );
}

function firstRule(encryption: NonNullable<CfnBucket['bucketEncryption']>) {
  if (Token.isUnresolved(encryption)) return undefined;
  const { serverSideEncryptionConfiguration: rules } = encryption as CfnBucket.BucketEncryptionProperty;
  if (!Array.isArray(rules)) return undefined;
  const [first] = rules as CfnBucket.ServerSideEncryptionRuleProperty[];
  const by = first?.serverSideEncryptionByDefault;
  return by === undefined || Token.isUnresolved(by)
    ? undefined
    : (by as CfnBucket.ServerSideEncryptionByDefaultProperty);
}
