import { createHash } from 'node:crypto';
import type { Bucket, Checksum } from './port';

/** Largest object that is read from end to end; more would not fit into a round beside others. */
export const WHOLE_AT_MOST = 32 * 1024 * 1024;

export interface Read {
  readonly bytes: number;
  /** Hexadecimal; of what was read. */
  readonly sha256: string;
}

/** Reads an object and forgets it. @throws FileError */
export async function read(
  bucket: Bucket,
  key: string,
  how: { readonly whole: boolean; readonly versionId?: string },
): Promise<Read> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of await bucket.get(key, how)) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Whether two objects have the same content as their checksums say; null where they have none that compare. */
export function sameChecksums(a: readonly Checksum[], b: readonly Checksum[]): boolean | null {
  const pairs = a.flatMap((left) =>
    b.filter((right) => right.algorithm === left.algorithm && right.type === left.type).map((right) => [left, right]),
  );
  return pairs.length === 0 ? null : pairs.every(([left, right]) => left.value === right.value);
}
