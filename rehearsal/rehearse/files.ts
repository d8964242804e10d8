import type { DrillDefinition } from '../../lib/private/contract/drill';
import type { Damage, Filling } from '../aws';
import type { ShopFiles } from '../shop';
import type { RehearsedSite } from './site';
import type { OpenedSites } from './sites';

/** Where production keeps the files that its rows speak of. */
export interface FileStore extends ShopFiles {
  /** Puts there what was written before anybody looked. */
  fill(files: Iterable<Filling>): void;
  /** How many there are. */
  count(): number;
  /** What another Region has of them; absent where nothing is replicated. */
  readonly replica?: ReplicaFiles;
}

/** Files in a replica, as somebody comes upon them who can do anything to them. */
export interface ReplicaFiles {
  /** In order. */
  keys(): readonly string[];
  damage(key: string, how: Damage): Promise<void>;
}

/** The bucket whose files a drill checks; undefined where it checks none. */
export function filesOf({ site, elsewhere }: OpenedSites, { checks }: DrillDefinition): FileStore | undefined {
  const asked = checks.find(({ kind }) => kind === 'files-exist');
  if (asked?.kind !== 'files-exist') return undefined;
  const { bucket, replica } = asked.bucket;
  const { s3 } = site.account;
  return {
    fill: (files) => {
      s3.fill(bucket, files);
      // It is long replicated, too.
      s3.settle();
    },
    count: () => s3.keys(bucket).length,
    put: async (key, content) => s3.put(bucket, key, content),
    removeAll: async (prefix) => s3.removeAll(bucket, prefix),
    ...(replica && { replica: replicaOf(elsewhere, replica.bucket) }),
  };
}

function replicaOf(elsewhere: readonly RehearsedSite[], name: string): ReplicaFiles {
  const there = elsewhere.find(({ deployment }) => deployment.all('AWS::S3::Bucket').some((one) => one.name === name));
  if (!there) throw new Error(`the replica ${name} is in no Region that was deployed`);
  const { s3 } = there.account;
  return {
    keys: () => {
      s3.settle();
      return s3.keys(name);
    },
    damage: (key, how) => s3.damage(name, key, how),
  };
}
