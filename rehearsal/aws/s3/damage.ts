import type { KeptBucket } from './account';
import { checksumsOf } from './checksums';
import { MadeContent } from './content';
import type { Closed, ObjectVersion } from './version';

/** What becomes of the newest version of an object without S3 saying so. */
export type Damage =
  /** It was never there. */
  | { readonly kind: 'missing' }
  /** Its second half is not there. */
  | { readonly kind: 'truncated' }
  /** Some of its bytes are others, under the checksum that it had. */
  | { readonly kind: 'corrupt' }
  /** Something else, as whole as it was, has its name. */
  | { readonly kind: 'replaced'; readonly content: Buffer }
  /** It is encrypted under another key. */
  | { readonly kind: 'rekeyed'; readonly kmsKeyArn: string }
  /** A lifecycle rule has archived it, or its owner has written it under a key of his own. */
  | { readonly kind: 'closed'; readonly by: Closed };

export async function damage({ storage }: KeptBucket, key: string, how: Damage): Promise<void> {
  const version = storage.newest(key);
  if (!version) throw new Error(`there is no object ${JSON.stringify(key)} to damage`);
  if (how.kind === 'missing') {
    for (const { versionId } of [...storage.history(key)]) storage.remove(key, versionId);
    return;
  }
  storage.exchange(key, version.versionId, await damaged(version, how));
}

async function damaged(version: ObjectVersion, how: Exclude<Damage, { kind: 'missing' }>): Promise<ObjectVersion> {
  switch (how.kind) {
    case 'truncated':
      return holding(version, version.content.read().subarray(0, version.size >> 1));
    case 'corrupt': {
      const checksums = await checksumsOf(version);
      const bytes = Buffer.from(version.content.read().map((byte, i) => (i % 2 ? byte : byte ^ 0xff)));
      return { ...holding(version, bytes), checksums };
    }
    case 'replaced':
      return holding(version, how.content);
    case 'rekeyed':
      return { ...version, encryption: { ...version.encryption, kmsKeyArn: how.kmsKeyArn } };
    case 'closed':
      return { ...version, closed: how.by };
  }
}

function holding(version: ObjectVersion, bytes: Buffer): ObjectVersion {
  const content = new MadeContent(bytes.length, () => bytes);
  return { ...version, content, size: bytes.length, checksums: undefined };
}
