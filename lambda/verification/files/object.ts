import type { FileProblem, ReplicaDefinition } from '../../../lib/private/contract/files';
import { read, sameChecksums, WHOLE_AT_MOST } from './content';
import { FileError, type Bucket, type Described, type Listed } from './port';

/** What looking at one object came to. */
export type Outcome =
  | { readonly is: 'fine'; readonly compared: boolean }
  | { readonly is: 'bad'; readonly problem: FileProblem; readonly detail: string }
  /** It is not what was listed any more. */
  | { readonly is: 'changed' };

const CHANGED: Outcome = { is: 'changed' };

/**
 * Looks at one object of the source that the replica's listing holds too: size, key, whether it can be read, and
 * whether its content is the original's.
 * @throws FileError when S3 does not let us know
 */
export async function lookAt(
  object: Listed,
  whole: boolean,
  source: Bucket,
  replica: Bucket,
  definition: ReplicaDefinition,
): Promise<Outcome> {
  const [original, copy] = await Promise.all([
    source.head(object.key).catch(unless('missing')),
    replica.head(object.key).catch((error: unknown) => badOf(error, 'the replica')),
  ]);
  if (!original || seconds(original.modified) !== seconds(object.modified)) return CHANGED;
  if ('is' in copy) return copy;
  return asDescribed(original, copy, definition) ?? (await asRead(object.key, whole, original, copy, source, replica));
}

function asDescribed(original: Described, copy: Described, { keyArn }: ReplicaDefinition): Outcome | null {
  if (copy.size !== original.size) return bad('size', `${copy.size} bytes instead of ${original.size}`);
  // Copies of what is under S3's own keys may stay so.
  const isKeyed = original.keyArn !== undefined || copy.keyArn !== undefined;
  if (keyArn !== undefined && isKeyed && copy.keyArn !== keyArn) {
    return bad('key', copy.keyArn === undefined ? 'not encrypted under a key' : `encrypted under ${copy.keyArn}`);
  }
  return null;
}

async function asRead(
  key: string,
  whole: boolean,
  original: Described,
  copy: Described,
  source: Bucket,
  replica: Bucket,
): Promise<Outcome> {
  const same = sameChecksums(original.checksums, copy.checksums);
  if (same === false) return bad('content', 'its checksum is not that of the original');
  const small = copy.size <= WHOLE_AT_MOST;
  // Nothing is no range that S3 could give.
  const fully = small && (whole || same === null || copy.size === 0);
  const got = await read(replica, key, { whole: fully }).catch((error: unknown) => badOf(error, 'the replica'));
  if ('is' in got) return got;
  const expected = fully ? copy.size : Math.min(1, copy.size);
  if (got.bytes < expected) return bad('size', `${got.bytes} bytes could be read instead of ${copy.size}`);
  if (same !== null || !fully) return { is: 'fine', compared: same !== null };
  const wanted = await read(source, key, { whole: true }).catch(toldOfOriginal);
  if ('is' in wanted) return wanted;
  if (wanted.bytes !== original.size) return CHANGED;
  return wanted.sha256 === got.sha256
    ? { is: 'fine', compared: true }
    : bad('content', 'its bytes are not those of the original');
}

export function bad(problem: FileProblem, detail: string): Outcome & { readonly is: 'bad' } {
  return { is: 'bad', problem, detail };
}

/** What a failed request says about the object itself; anything else is thrown. */
export function badOf(error: unknown, where: string): Outcome & { readonly is: 'bad' } {
  if (!(error instanceof FileError)) throw error;
  if (error.reason === 'missing') return bad('missing', `not in ${where} although it is listed`);
  if (error.reason === 'denied') return bad('unreadable', error.message);
  if (error.reason === 'damaged') return bad('content', error.message);
  throw error;
}

/** An original that is archived, or under a key that is gone, says nothing against its copy, which could be read. */
function toldOfOriginal(error: unknown): Outcome {
  if (error instanceof FileError && error.reason === 'missing') return CHANGED;
  if (error instanceof FileError && error.reason === 'denied') return { is: 'fine', compared: false };
  throw error;
}

/** Nothing for an error of this reason; anything else is thrown. */
export function unless(reason: FileError['reason']): (error: unknown) => null {
  return (error) => {
    if (error instanceof FileError && error.reason === reason) return null;
    throw error;
  };
}

/** Listings and headers do not agree on milliseconds. */
export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
