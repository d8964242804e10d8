import type { WatchedSource } from '../../../lib/private/contract/monitoring';
import type { Settings } from '../account/settings';
import { isFollowing, isKeptByItself } from '../freshness/kinds';
import type { KeyUse } from './keys';

/** What one resource has, where, and under which keys. */
export interface Held {
  readonly name: string;
  /** As AWS Backup calls it. */
  readonly type: 'RDS' | 'Aurora' | 'S3';
  /** Under which the resource is, and with it what its service keeps of it in its Region. */
  readonly encryptionKey?: string;
  readonly sources: readonly WatchedSource[];
  /** Key of replicated automated backups or of a replica, where a source is that. */
  readonly replicatedKey: (source: WatchedSource) => string | undefined;
}

/** The key without which a source cannot be restored; undefined where there is none, or it is not known. */
export function keyOf(held: Held, source: WatchedSource, vaults: Settings['vaults']): string | undefined {
  const { kind } = source;
  // Of buckets alone the backups are under the key of their vault.
  const own = isKeptByItself(source) || kind === 'snapshot' || (kind === 'recovery-point' && held.type !== 'S3');
  if (own) return held.encryptionKey;
  return isFollowing(source) ? held.replicatedKey(source) : vaultKey(source, vaults);
}

/** Vaults of other accounts are not seen. */
export function vaultsOf(all: readonly Held[]): string[] {
  const sources = all.flatMap((held) => held.sources);
  return [...new Set(sources.flatMap(({ vaultArn, otherAccount }) => (vaultArn && !otherAccount ? vaultArn : [])))];
}

/** Keys that are known without asking the vaults for theirs. */
export function keysOf(all: readonly Held[]): string[] {
  const keys = all.flatMap((held) => [
    held.encryptionKey ?? [],
    ...held.sources.map((source) => held.replicatedKey(source) ?? []),
  ]);
  return [...new Set(keys.flat())];
}

/** Who needs each key, and whether it is for what is there already. */
export function keyUses(all: readonly Held[], vaults: Settings['vaults']): KeyUse[] {
  const uses = new Map<string, { readonly resources: Set<string>; blocks: boolean }>();
  const add = (keyArn: string | undefined, resource: string, blocks: boolean) => {
    if (keyArn === undefined) return;
    const use = uses.get(keyArn) ?? { resources: new Set(), blocks: false };
    use.resources.add(resource);
    use.blocks ||= blocks;
    uses.set(keyArn, use);
  };
  for (const held of all) {
    for (const source of held.sources) {
      add(keyOf(held, source, vaults), held.name, true);
      add(vaultKey(source, vaults), held.name, false);
    }
  }
  return [...uses].map(([keyArn, { resources, blocks }]) => ({ keyArn, resources: [...resources].sort(), blocks }));
}

export function inVault(all: readonly Held[], vaultArn: string): string[] {
  return all.filter(({ sources }) => sources.some((source) => source.vaultArn === vaultArn)).map(({ name }) => name);
}

function vaultKey({ vaultArn, otherAccount }: WatchedSource, vaults: Settings['vaults']): string | undefined {
  const vault = vaultArn !== undefined && !otherAccount ? vaults.get(vaultArn) : undefined;
  return typeof vault === 'object' ? vault.keyArn : undefined;
}
