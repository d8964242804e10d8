import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../private/private-bucket';
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

/** Everything is gone after this, whatever became of the drill that restored it. */
const DAYS = 7;

/**
 * Where drills restore files to, each below its own id, and take them away again. Versioned, since AWS Backup restores to no other
 * bucket; what a drill leaves behind all the same expires.
 */
export class ScratchBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ScratchBucketProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: `${props.prefix}scratch-${stack.account}`,
      ...privateBucket(props.encryptionKey, props.removalPolicy),
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      lifecycleRules: [
        {
          id: 'files-expire',
          expiration: Duration.days(DAYS - 1),
          noncurrentVersionExpiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        { id: 'markers-expire', expiredObjectDeleteMarker: true },
      ],
    });
    this.grant(props);
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
    for (const each of [...functions._files(), ...remove]) each._allow(keepFiles(this.bucket));
    for (const each of [functions.restore, ...remove]) {
      each.lambdaFunction.addEnvironment('SCRATCH_BUCKET', this.bucket.bucketName);
    }
  }
}
