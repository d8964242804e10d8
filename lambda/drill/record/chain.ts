import { createHash } from 'node:crypto';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Evidence } from '../../../lib/private/contract/evidence';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { NamedError } from '../../shared/named-error';
import type { Store } from '../../shared/store';

/** How often another writer may win the next place before we give up. A resource's drills hold a lock, so once is rare. */
const ATTEMPTS = 5;

/**
 * Appends evidence to a resource's chain: one object per drill, each naming the one before by hash. A place is taken by a
 * put that fails if anything is there, so nothing is ever overwritten; our own repeated call finds its evidence again.
 */
export async function appendToChain(
  s3: S3Client,
  store: Store,
  resource: string,
  drillId: string,
  build: (sequence: number, previous: Evidence['previous']) => Evidence,
): Promise<Evidence> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const head = await readHead(s3, store, resource);
    if (head?.evidence.drillId === drillId) return head.evidence;
    const sequence = (head?.evidence.sequence ?? 0) + 1;
    const evidence = build(sequence, head && { key: head.key, sha256: head.sha256 });
    if (await store.put(keys.evidence(resource, sequence), evidence, 'absent')) return evidence;
  }
  throw new NamedError(
    'ChainContended',
    `the evidence chain of ${resource} was written by others ${ATTEMPTS} times in a row`,
  );
}

async function readHead(s3: S3Client, store: Store, resource: string) {
  let key: string | undefined;
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: required('EVIDENCE_BUCKET'), Prefix: keys.chain(resource) },
  );
  for await (const page of pages) key = page.Contents?.at(-1)?.Key ?? key;
  if (!key) return null;
  const stored = await store.get<Evidence>(key);
  if (!stored) return null;
  return { key, evidence: stored.value, sha256: createHash('sha256').update(stored.body).digest('hex') };
}
