import { Resource, Stack, Token } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { aws_s3 } from 'aws-cdk-lib/interfaces';
import type { ProtectBucketOptions } from '../../plan/bucket-options';
import type { RecoverySite } from '../../site/recovery-site';
import { requireText, show, ValidationError } from '../validation';
import { bucketArn, requireBucketName } from './names';
import { sourceKey, type SourceKey } from './source-key';

/** What a plan must know of the bucket that it protects. */
export interface BucketFacts {
  /** As the plan's own stack writes it. */
  readonly bucketName: string;
  /** The same where synthesis knows it. */
  readonly knownName?: string;
  readonly bucketArn: string;
  /** Of this app, not imported. */
  readonly owned: boolean;
  /** Whether its settings are of the plan. */
  readonly managed: boolean;
  /** What this app says of it. */
  readonly declared?: CfnBucket;
  /** Its construct, where it has one beside `declared`. */
  readonly construct?: Bucket;
  /** What its objects are encrypted under. */
  readonly key: SourceKey;
}

export function bucketFacts(
  name: string,
  bucket: aws_s3.IBucketRef,
  site: RecoverySite,
  options: ProtectBucketOptions,
): BucketFacts {
  requireHome(name, bucket, site);
  const declared = declaredBy(bucket);
  const said = bucket.bucketRef.bucketName;
  const knownName = known(name, [said, declared?.bucketName], options.bucketName);
  if (!declared && options.manage) {
    throw new ValidationError(
      `${name} is imported, and what is not of this app is never changed: leave manage out, or say manage: false`,
    );
  }
  const managed = options.manage ?? declared !== undefined;
  if (options.versioned === false) {
    throw new ValidationError(
      `${name} is not versioned, and S3 neither replicates nor backs up such a bucket: turn its versioning on, then leave versioned out`,
    );
  }
  return {
    bucketName: requireBucketName(said, `name of bucket ${name}`),
    knownName,
    // Where the name is known nothing need refer to the bucket, which refers to what is made for it.
    bucketArn: knownName === undefined ? bucket.bucketRef.bucketArn : bucketArn(Stack.of(site), knownName),
    owned: declared !== undefined,
    managed,
    declared,
    construct: bucket instanceof Bucket ? bucket : undefined,
    key: sourceKey(name, declared, options.encryptionKey),
  };
}

/** A bucket of this app: the L1 itself, or what an L2 made. */
function declaredBy(bucket: aws_s3.IBucketRef): CfnBucket | undefined {
  if (bucket instanceof CfnBucket) return bucket;
  const child = bucket.node.defaultChild;
  return Resource.isOwnedResource(bucket) && child instanceof CfnBucket ? child : undefined;
}

function known(name: string, said: (string | undefined)[], given: string | undefined): string | undefined {
  const [found] = said.filter((each) => each !== undefined && !Token.isUnresolved(each));
  if (given === undefined) return found;
  requireBucketName(requireText(given, `bucketName of ${name}`, 63), `bucketName of ${name}`);
  if (found === undefined || found === given) return given;
  throw new ValidationError(`${name} is bucket ${found} and not ${show(given)}: leave bucketName out`);
}

function requireHome(name: string, bucket: aws_s3.IBucketRef, site: RecoverySite): void {
  const { region } = bucket.env;
  const home = Stack.of(site).region;
  if (Token.isUnresolved(region) || Token.isUnresolved(home) || region === home) return;
  throw new ValidationError(
    `${name} is in Region ${region} and its site in ${home}: a bucket is protected by a plan of its own Region`,
  );
}
