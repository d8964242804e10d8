import { S3Client } from '@aws-sdk/client-s3';
import { log } from '../../shared/log';
import { answer } from '../../verification/files/engine';
import type { FilesAnswer, FilesRequest } from './contract';
import { S3Bucket } from './s3-bucket';

/** More than are asked at once, of which each may be two. */
const SOCKETS = 64;
/** A connection on which nothing comes any more is given up, and asked again. */
const SILENT_MS = 10_000;

const clients = new Map<string, S3Client>();

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

function clientIn(region: string): S3Client {
  const known = clients.get(region);
  if (known) return known;
  const requestHandler = {
    httpsAgent: { maxSockets: SOCKETS },
    httpAgent: { maxSockets: SOCKETS },
    socketTimeout: SILENT_MS,
  };
  const client = new S3Client({ region, requestHandler });
  clients.set(region, client);
  return client;
}
