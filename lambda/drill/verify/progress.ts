import type { Cursor, Observation } from '../../verification/engine';
import type { Cursor as FilesCursor } from '../../verification/files/engine';

/** What the verifier keeps between two rounds. */
export interface Progress {
  readonly cursor: Cursor | null;
  readonly observations: readonly Observation[];
  /** When the copy last answered a round, RFC 3339. */
  readonly answeredAt?: string;
  /** The database has been asked everything. */
  readonly asked?: boolean;
  /** The check of files that is being worked on. */
  readonly files?: FilesProgress;
}

export interface FilesProgress {
  readonly check: string;
  readonly cursor: FilesCursor | null;
  /** When its first round began, RFC 3339. */
  readonly reference: string;
}

export function begin(): Progress {
  return { cursor: null, observations: [] };
}
