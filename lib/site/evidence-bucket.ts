import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../private/private-bucket';
import { ValidationError } from '../private/validation';

/** How evidence is kept from being altered. */
export enum EvidenceLock {
  /** S3 Object Lock, governance mode: only who holds a right of its own can delete, and not without trace. */
  GOVERNANCE = 'GOVERNANCE',
  /** S3 Object Lock, compliance mode: nobody can delete before the retention ends, not even the account's owner. */
  COMPLIANCE = 'COMPLIANCE',
  /** No lock: who may delete objects can delete evidence. For trying out. */
  NONE = 'NONE',
}

/** How evidence is kept. */
export interface EvidenceOptions {
  /**
   * How long evidence is locked, 1 day to 100 years. It is kept longer: nothing removes it by itself.
   * @default Duration.days(400)
   */
  readonly retention?: Duration;
  /**
   * How evidence is locked.
   * @default EvidenceLock.GOVERNANCE
   */
  readonly objectLock?: EvidenceLock;
  /**
   * Must be true with `EvidenceLock.COMPLIANCE`: until the retention ends nobody can delete evidence, and so nobody can
   * delete the bucket; only closing the account does.
   * @default false
   */
  readonly acknowledgeEvidenceCannotBeDeletedByAnyone?: boolean;
}

/** What an evidence bucket is made with. */
export interface EvidenceBucketProps {
  /** Encrypts evidence. */
  readonly encryptionKey: IKey;
  /** What happens to the bucket when it is removed from the stack. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * How evidence is kept.
   * @default - locked in governance mode for 400 days
   */
  readonly options?: EvidenceOptions;
}

const LONGEST_RETENTION = Duration.days(36_500);

/**
 * Keeps evidence where it cannot be altered without trace: versioned, encrypted, TLS only, written once. An object can be
 * put only where none is, and as long as there is a lock none can be deleted, since a delete marker would free its place.
 */
export class EvidenceBucket extends Construct {
  /** The bucket. */
  public readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: EvidenceBucketProps) {
    super(scope, id);
    const lock = props.options?.objectLock ?? EvidenceLock.GOVERNANCE;
    const retention = retentionOf(props.options, lock);
    this.bucket = new Bucket(this, 'Bucket', {
      ...privateBucket(props.encryptionKey, props.removalPolicy),
      versioned: true,
      ...(lock !== EvidenceLock.NONE && {
        objectLockEnabled: true,
        objectLockDefaultRetention: render(lock, retention),
      }),
    });
    this.deny('WriteOnce', ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } });
    if (lock !== EvidenceLock.NONE) this.deny('NeverDelete', ['s3:DeleteObject', 's3:DeleteObjectVersion']);
  }

  private deny(sid: string, actions: string[], conditions?: Record<string, Record<string, string>>): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [this.bucket.arnForObjects('*')],
        conditions,
      }),
    );
  }
}

function retentionOf(options: EvidenceOptions = {}, lock: EvidenceLock): Duration {
  const retention = options.retention ?? Duration.days(400);
  if (
    retention.isUnresolved() ||
    retention.toSeconds() < 86_400 ||
    retention.toSeconds() > LONGEST_RETENTION.toSeconds()
  ) {
    const got = retention.isUnresolved() ? 'a value known only at deployment' : retention.toHumanString();
    throw new ValidationError(`retention of evidence must be from 1 day to 100 years, got: ${got}`);
  }
  if (retention.toSeconds() % 86_400 !== 0) {
    throw new ValidationError(`retention of evidence must be whole days, got: ${retention.toHumanString()}`);
  }
  if (lock === EvidenceLock.COMPLIANCE && options.acknowledgeEvidenceCannotBeDeletedByAnyone !== true) {
    throw new ValidationError(
      `evidence under object lock COMPLIANCE cannot be deleted by anyone for ${retention.toDays()} days: set acknowledgeEvidenceCannotBeDeletedByAnyone to true, or choose GOVERNANCE`,
    );
  }
  return retention;
}

function render(lock: EvidenceLock, retention: Duration): ObjectLockRetention {
  return lock === EvidenceLock.COMPLIANCE
    ? ObjectLockRetention.compliance(retention)
    : ObjectLockRetention.governance(retention);
}
