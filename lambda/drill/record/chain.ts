import { createHash } from 'node:crypto';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { DrillFacts } from '../../../lib/private/contract/drill';
import type { Evidence } from '../../../lib/private/contract/evidence';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { NamedError } from '../../shared/named-error';
import type { Store } from '../../shared/store';

/** How often another writer may win the next place before we give up. A resource's drills hold a lock, so once is rare. */
const ATTEMPTS = 5;

/**
 * Appends evidence to a resource's chain: one object per drill, each naming the one before by hash. A place is taken by a
 * put that fails if anything is there, so nothing is ever overwritten; a repeated call, or the recorder's after the
 * machine's, finds the drill's evidence again, also behind that of a drill which was blocked meanwhile.
 */
export async function appendToChain(
  s3: S3Client,
  store: Store,
  { id, resource, startedAt }: Pick<DrillFacts, 'id' | 'resource' | 'startedAt'>,
  build: (sequence: number, previous: Evidence['previous']) => Evidence,
): Promise<Evidence> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const places = await placesOf(s3, resource);
    const head = await read(store, places.at(-1));
    const own = await ownEvidence(store, places, id, startedAt);
    if (own) return own;
    const sequence = (head?.evidence.sequence ?? 0) + 1;
    const evidence = build(sequence, head && { key: head.key, sha256: head.sha256 });
    if (await store.put(keys.evidence(resource, sequence), evidence, 'absent')) return evidence;
  }
  throw new NamedError(
    'ChainContended',
    `the evidence chain of ${resource} was written by others ${ATTEMPTS} times in a row`,
  );
}

/** Keys of a chain, oldest first. */
async function placesOf(s3: S3Client, resource: string): Promise<string[]> {
  const places: string[] = [];
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: required('EVIDENCE_BUCKET'), Prefix: keys.chain(resource) },
  );
  for await (const page of pages) places.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  return places;
}

/** Whatever was recorded before a drill began is not its evidence, and neither is anything further back. */
async function ownEvidence(store: Store, places: readonly string[], drillId: string, startedAt: string) {
  for (const place of [...places].reverse()) {
    const found = await read(store, place);
    if (found?.evidence.drillId === drillId) return found.evidence;
    if (found && found.evidence.finishedAt < startedAt) return null;
  }
  return null;
}

async function read(store: Store, key: string | undefined) {
  const stored = key === undefined ? null : await store.get<Evidence>(key);
  if (!key || !stored) return null;
  return { key, evidence: stored.value, sha256: createHash('sha256').update(stored.body).digest('hex') };
}
