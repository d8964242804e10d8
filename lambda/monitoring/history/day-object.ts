import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { keys } from '../../shared/keys';
import type { Store } from '../../shared/store';
import { plusDays } from './days';

/**
 * Writes a day: through a file, since an object is put whole and memory must not grow with the number of jobs. Plain lines, no
 * compression, so that a person reads them in the console as they are; the function's half GiB of files holds a million jobs.
 * @returns false where the day was written already, which stays as it is
 */
export async function writeDay(evidence: Store, day: string, records: AsyncIterable<HistoryRecord>): Promise<boolean> {
  const file = path.join(tmpdir(), `history-${day}-${process.pid}.jsonl`);
  const hash = createHash('sha256');
  let bytes = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const record of records) {
      const line = `${JSON.stringify(record)}\n`;
      hash.update(line);
      bytes += Buffer.byteLength(line);
      yield line;
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const sha256 = hash.digest('base64');
    return await evidence.putFile(keys.historyDay(day), { path: file, bytes, sha256 }, 'application/x-ndjson');
  } finally {
    await rm(file, { force: true });
  }
}

/** The days from one on that are written. */
export async function daysWritten(s3: S3Client, bucket: string, first: string): Promise<Set<string>> {
  const written = new Set<string>();
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: keys.historyDays(), StartAfter: keys.historyDay(plusDays(first, -1)) },
  );
  for await (const { Contents } of pages) {
    for (const { Key = '' } of Contents ?? []) {
      const day = /dt=(\d{4}-\d{2}-\d{2})\//.exec(Key)?.[1];
      if (day && Key === keys.historyDay(day)) written.add(day);
    }
  }
  return written;
}
