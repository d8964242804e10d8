import type { DrillDefinition } from '../../lib/private/contract/drill';
import type { Filling } from '../aws';
import type { ShopFiles } from '../shop';
import type { RehearsedSite } from './site';

/** Where production keeps the files that its rows speak of. */
export interface FileStore extends ShopFiles {
  /** Puts there what was written before anybody looked. */
  fill(files: Iterable<Filling>): void;
  /** How many there are. */
  count(): number;
}

/** The bucket whose files a drill checks; undefined where it checks none. */
export function filesOf(site: RehearsedSite, { checks }: DrillDefinition): FileStore | undefined {
  const asked = checks.find(({ kind }) => kind === 'files-exist');
  if (asked?.kind !== 'files-exist') return undefined;
  const { bucket } = asked.bucket;
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
  };
}
