/**
 * Checks of files: a question and its buckets in, a finding out, in rounds. It knows neither S3 nor objectives. Listings
 * stream, requests are bounded, and neither memory nor cursor grows with the number of objects.
 */
import { FileError, type Bucket } from './port';
import type { CompareCursor, Cursor, Part, Question, Round, RowsCursor, SurveyCursor } from './question';
import { Comparison, Survey } from './replica';
import { Rows } from './rows';

export { leftOpen, questionOf, unanswered } from './asking';
export { FileError } from './port';
export type { Bucket, Checksum, Described, FileReason, Listed, Page, Version } from './port';
export type { Cursor, FileRow, FilesFinding, Question, ReplicaQuestion, Round, RowsQuestion } from './question';
export { sampleSize, upperBound } from './statistics';

/** So many rounds in a row may end in trouble without getting on; then the question stays open. */
const TROUBLES = 4;

/** Opens a bucket in its Region. */
export type Open = (place: { readonly bucket: string; readonly region: string }) => Bucket;

/**
 * Works on a question from a cursor on, until the deadline. What S3 does not let us know is trouble, never a finding about
 * an object: the round ends, the next goes on where it was, and in the end the question stays open.
 * @param cursor null for the first round
 * @param deadline milliseconds since the epoch
 * @param now the clock by which objects are as old as they say
 */
export async function answer(
  question: Question,
  open: Open,
  cursor: Cursor | null,
  deadline: number,
  now = Date.now,
): Promise<Round> {
  const isOver = () => Date.now() >= deadline;
  const first = partOf(question, open, cursor, now);
  let part: Part = first;
  try {
    while (await part.run(isOver)) {
      const next = part.next?.();
      if (!next) return { cursor: null, finding: part.finding() };
      part = next;
    }
    return { cursor: { ...part.cursor(), troubles: 0 } };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const reached = part.cursor();
    const gotOn = part !== first || (cursor ? !sameWork(cursor, reached) : false);
    const troubles = gotOn ? 1 : (cursor?.troubles ?? 0) + 1;
    const trouble = error.message;
    if (troubles < TROUBLES && error.reason !== 'denied') return { cursor: { ...reached, troubles }, trouble };
    const { population, counts, asOf } = part.finding();
    return { cursor: null, finding: { population, counts, asOf, trouble } };
  }
}

function partOf(question: Question, open: Open, cursor: Cursor | null, now: () => number): Part {
  const { bucket } = question;
  if (question.kind === 'rows') {
    return new Rows(question, open(bucket.replica ?? bucket), cursor as RowsCursor | null);
  }
  const definition = bucket.replica;
  if (!definition) throw new RangeError(`${bucket.name} has no replica to look at`);
  const ends = { source: open(bucket), replica: open(definition), definition, now };
  return cursor?.phase === 'compare'
    ? new Comparison(question, ends, cursor satisfies CompareCursor)
    : new Survey(question, ends, cursor as SurveyCursor | null);
}

function sameWork(before: object, after: object): boolean {
  return JSON.stringify({ ...before, troubles: 0 }) === JSON.stringify({ ...after, troubles: 0 });
}
