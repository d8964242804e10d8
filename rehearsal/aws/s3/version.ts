import type { Content } from './content';

/** What an object is encrypted with; shared by all that are encrypted alike. */
export interface Encryption {
  /** Absent: S3's own keys. */
  readonly kmsKeyArn?: string;
  /** Whether the key is used for the bucket as a whole. */
  readonly bucketKey: boolean;
}

export type ReplicationStatus = 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';

/** Checksums of an object by their members in the SDK. */
export type Checksums = Readonly<Record<string, string>>;

export type Closed = 'archived' | 'customer-key';

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly versionId: string;
  /** Milliseconds since 1970; a replica is as old as its original. */
  readonly createdAt: number;
  readonly deleted: boolean;
  readonly etag: string;
  readonly size: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: Encryption;
  content: Content;
  /** Absent where nobody has asked: S3 computes one where a writer gave none. */
  checksums?: Checksums;
  replication?: ReplicationStatus;
  /** Nobody reads it as it is: it is archived, or under a key that its owner gives with every request. */
  readonly closed?: Closed;
  /** Destinations that it has not reached yet. */
  awaited?: number;
}

/** What is said of a new version; the storage decides the rest. */
export interface Written {
  readonly content: Buffer | Content;
  readonly headers?: ObjectVersion['headers'];
  readonly metadata?: ObjectVersion['metadata'];
  readonly encryption: Encryption;
  readonly checksums?: Checksums;
  /** Of a replica: those of its original. */
  readonly versionId?: string;
  readonly createdAt?: number;
  readonly replication?: ReplicationStatus;
}

/** S3 shows whole seconds. */
export function lastModified({ createdAt }: ObjectVersion): Date {
  return new Date(Math.floor(createdAt / 1000) * 1000);
}
