import type { Cursor, Question, Round } from '../../verification/files/engine';

/** What Verify asks of the files function, as the payload of one synchronous invocation. */
export interface FilesRequest {
  readonly question: Question;
  /** Null in the first round. */
  readonly cursor: Cursor | null;
  /** For the whole round, milliseconds. */
  readonly budgetMs: number;
}

/** At most 1 MB of JSON. */
export type FilesAnswer = Round;
