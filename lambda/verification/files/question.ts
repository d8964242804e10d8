import type { BucketDefinition, SampleDefinition } from '../../../lib/private/contract/files';
import type { Kept, Limits } from './sampler';
import type { Counts } from './tally';

/** What is asked of files. All that chooses and judges is in it, so that every round of one question agrees. */
export type Question = ReplicaQuestion | RowsQuestion;

/** Is everything of the source in the replica? */
export interface ReplicaQuestion {
  readonly kind: 'replica';
  readonly bucket: BucketDefinition;
  readonly sample: SampleDefinition;
  readonly seed: string;
  /** When the question was first asked, RFC 3339: younger objects are not looked at, and lag counts from it. */
  readonly reference: string;
}

/** Has every one of these rows its file? */
export interface RowsQuestion {
  readonly kind: 'rows';
  readonly bucket: BucketDefinition;
  /** The moment that the rows are from, RFC 3339. */
  readonly restorePoint: string;
  /** The next of those that are still to be looked at. */
  readonly rows: readonly FileRow[];
  /** How many rows there are in all, those of earlier rounds among them. */
  readonly total: number;
}

/** One row that names a file. */
export interface FileRow {
  readonly key: string;
  readonly stratum: 'newest' | 'random' | 'largest';
  readonly size?: number;
  /** Hexadecimal. */
  readonly sha256?: string;
  /** Milliseconds since the epoch. */
  readonly modified?: number;
}

/** Where the next round goes on: JSON whose size is that of the sample at most, whatever the number of objects. */
export type Cursor = SurveyCursor | CompareCursor | RowsCursor;

/** Learning how many objects there are, and which are in the sample. */
export interface SurveyCursor {
  readonly phase: 'survey';
  /** The last key that was done. */
  readonly after: string | null;
  readonly population: number;
  readonly kept: Kept;
  readonly troubles: number;
}

/** Comparing the two listings, and looking at the sample on the way. */
export interface CompareCursor {
  readonly phase: 'compare';
  readonly after: string | null;
  readonly limits: Limits;
  readonly population: number;
  readonly counts: Counts;
  readonly troubles: number;
}

export interface RowsCursor {
  readonly phase: 'rows';
  /** How many rows are done. */
  readonly done: number;
  readonly counts: Counts;
  /** When the oldest row without its file was modified, milliseconds. */
  readonly oldestWithout: number | null;
  /** Whether the query says when rows were modified. */
  readonly dated: boolean;
  readonly troubles: number;
}

/** What was found, once everything was asked, or why it could not be. */
export interface FilesFinding {
  /** Objects of the source that had to be in the replica; of rows, those that were asked. */
  readonly population: number;
  readonly counts: Counts;
  /** The moment that was asked about, RFC 3339. */
  readonly asOf: string;
  /** Newest moment of which every object was there, RFC 3339. */
  readonly completeUntil?: string;
  /** Why S3 did not let us come to an end. */
  readonly trouble?: string;
}

/** A part of the work on a question. */
export interface Part {
  /** @returns whether it came to its end. @throws FileError; what was done before stays done */
  run(isOver: () => boolean): Promise<boolean>;
  cursor(): DistributiveOmit<Cursor, 'troubles'>;
  /** What comes after it; absent where nothing does. */
  next?(): Part;
  finding(): FilesFinding;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface Round {
  /** Null when the question is answered; `finding` is then set. */
  readonly cursor: Cursor | null;
  readonly finding?: FilesFinding;
  /** Why this round ended early; the next may do better. */
  readonly trouble?: string;
}
