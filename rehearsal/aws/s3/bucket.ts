import type { ReplicationConfiguration } from './replication/configuration';

export interface Bucket {
  readonly name: string;
  /** Default true: a delete without version leaves a marker. */
  readonly versioned?: boolean;
  /** ARN of the key of its default encryption; absent: S3's own keys. */
  readonly kmsKeyArn?: string;
  /** Default true. */
  readonly bucketKey?: boolean;
  /** Whether versions may be locked; a replica's bucket must allow it where its source does. */
  readonly objectLock?: boolean;
  /** As a template declares it. */
  readonly replication?: ReplicationConfiguration;
}
