import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { expiringBucket } from '../private/private-bucket';
import { bucketArn } from '../private/buckets/names';
import { emptyScratch, keepFiles, writeScratch } from '../private/permissions/files';
import { objectsUnder, readUnder } from '../private/permissions/storage';
import type { SiteFunctions } from './site-functions';

/** What a scratch bucket is made with. */
export interface ScratchBucketProps {
  /** The bucket's name begins with it, so that the site takes it for its own. */
  readonly prefix: string;
  /** Where drills keep what they are, for whoever removes what they left behind. */
  readonly stateBucket: IBucket;
  /** Encrypts what is restored. */
  readonly encryptionKey: IKey;
  /** What happens to the bucket when it is removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
  /** The functions of the site. */
  readonly functions: SiteFunctions;
}

/** Where drills restore files to, each below its own id, and take them away again; what one leaves behind all the same expires. */
export class ScratchBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  private readonly kept: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: ScratchBucketProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: `${props.prefix}scratch-${stack.account}`,
      ...expiringBucket(props.encryptionKey, props.removalPolicy),
    });
    this.grant(props);
  }

  /**
   * What else is removed after drills: objects of buckets whose names begin so.
   * @internal
   */
  public _alsoEmptied(beginning: string): void {
    for (const keep of this.kept) keep.addNotResources(`${bucketArn(Stack.of(this), beginning)}*/*`);
  }

  private grant({ functions, encryptionKey, stateBucket }: ScratchBucketProps): void {
    const { region } = Stack.of(this);
    const drills = ['drills/*/start.json', 'executions/*'];
    functions.sweep._allow(...readUnder(stateBucket, encryptionKey, drills));
    const far = ['drills/*/restored-files.json'];
    functions.restore._allow(...objectsUnder(stateBucket, encryptionKey, { read: far, write: far }));
    const remove = [functions.teardown, functions.sweep];
    functions.restore._allow(...writeScratch(this.bucket, encryptionKey, region));
    for (const each of remove) each._allow(...emptyScratch(this.bucket));
    for (const each of functions._files()) each._allow(keepFiles(this.bucket));
    for (const each of remove) {
      const keep = keepFiles(this.bucket);
      this.kept.push(keep);
      each._allow(keep);
    }
    for (const each of [functions.restore, ...remove]) {
      each.lambdaFunction.addEnvironment('SCRATCH_BUCKET', this.bucket.bucketName);
    }
  }
}
