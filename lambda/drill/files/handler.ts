import { log } from '../../shared/log';
import { s3Clients } from '../../shared/s3-clients';
import { answer } from '../../verification/files/engine';
import type { FilesAnswer, FilesRequest } from './contract';
import { S3Bucket } from './s3-bucket';

/** More than are asked at once, of which each may be two. */
const SOCKETS = 64;
/** A connection on which nothing comes any more is given up, and asked again. */
const SILENT_MS = 10_000;

const clientIn = s3Clients({
  httpsAgent: { maxSockets: SOCKETS },
  httpAgent: { maxSockets: SOCKETS },
  socketTimeout: SILENT_MS,
});

/** One round of a question about files, under the recovery role alone: what it may not read could not be recovered. */
export async function handler({ question, cursor, budgetMs }: FilesRequest): Promise<FilesAnswer> {
  const deadline = Date.now() + budgetMs;
  const round = await answer(
    question,
    ({ bucket, region }) => new S3Bucket(clientIn(region), bucket),
    cursor,
    deadline,
  );
  log.info('round of files ended', { kind: question.kind, done: round.cursor === null, trouble: round.trouble });
  return round;
}
