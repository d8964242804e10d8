/**
 * What is asked and found of the files in buckets. Types only: both sides `import type` this file.
 */

/** A protected bucket, as checks and drills refer to it. */
export interface BucketDefinition {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  /** Absent where nothing is replicated. */
  readonly replica?: ReplicaDefinition;
}

export interface ReplicaDefinition {
  readonly bucket: string;
  readonly region: string;
  /** Key that every replica must be encrypted under; absent where synthesis does not know it. */
  readonly keyArn?: string;
  /** How old an object must be before it has to be in the replica, seconds; twice the replication time that is promised. */
  readonly lagSeconds: number;
  /** Whether delete markers are replicated. */
  readonly deleteMarkers: boolean;
}

/** How many objects are looked at: every one, or as many as find a fraction of bad ones with a confidence. */
export type SampleDefinition =
  | { readonly every: true }
  | {
      /** Smallest fraction of bad objects that is to be found, above 0 and at most 0.5. */
      readonly fraction: number;
      /** With what probability, from 0.5 to 0.9999. */
      readonly confidence: number;
    };

/** What can be wrong with the file of a row, or with an object of a replica. */
export type FileProblem =
  | 'missing'
  /** Hidden behind a delete marker while its row, or its original, is there. */
  | 'deleted'
  | 'size'
  | 'content'
  /** The recovery role may not read it, or not under its key. */
  | 'unreadable'
  /** Encrypted under another key than the replica's. */
  | 'key'
  /** S3 says that replication of the original failed. */
  | 'failed'
  /** Not replicated though older than replication may lag. */
  | 'late'
  /** Older than the replication rule, never replicated by it. */
  | 'older-than-rule';

/** What a file check found, in evidence. */
export interface FilesResult {
  /** Id of the check. */
  readonly check: string;
  /** `<plan>/<resource>` of the bucket. */
  readonly bucket: string;
  /** Rows, or objects of the source, that the sample stands for. */
  readonly population: number;
  /** How many were looked at, by stratum; an object is in one alone. */
  readonly strata: readonly { readonly name: 'newest' | 'random' | 'largest' | 'every'; readonly checked: number }[];
  /** Hexadecimal; the same seed, population and check choose the same objects. */
  readonly seed: string;
  readonly problems: readonly { readonly problem: FileProblem; readonly count: number }[];
  /** The first of them, keys hashed (SHA-256, the first 16 hexadecimal characters): keys may hold personal data. */
  readonly examples: readonly { readonly key: string; readonly problem: FileProblem; readonly detail: string }[];
  /** What may be said of the whole, in one sentence. */
  readonly statement: string;
  /** The moment that was asked about, RFC 3339: when the replica was looked at, or what the rows were restored to. */
  readonly asOf: string;
  /** Newest moment of which every object was there, RFC 3339: the files' own achieved RPO counts from it. */
  readonly completeUntil?: string;
}
