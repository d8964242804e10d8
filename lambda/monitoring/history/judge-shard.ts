import type { ResourceHistory } from '../../../lib/private/contract/history';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { metric } from '../../shared/metrics';
import { state } from './clients';
import { foldShard, kept, type Figures } from './fold';
import { summaryOf } from './summary';
import { stillOpen, tellShard } from './tell';
import type { UsualOfShard } from './usual';
import type { Shard } from './watched';

/**
 * Takes what was written into what is usual of a shard, tells what is not, and publishes. People are told before it is kept: a run
 * that dies between tells again, which nobody hears twice, and nothing is lost.
 */
export async function judgeShard(shard: Shard, through: string, figures: Figures): Promise<ResourceHistory[]> {
  const key = keys.history(shard.id);
  const known = (await state.get<UsualOfShard>(key))?.value;
  const judged = await foldShard(known, shard, through, figures);
  await tellShard(judged, shard, through);
  await state.put(key, kept(judged, stillOpen, through));
  const summaries = judged.map(({ usual, observed }, index) =>
    summaryOf(shard.resources[index], usual, observed, through),
  );
  for (const summary of summaries) publish(summary, through);
  return summaries;
}

/** Nothing where nothing was measured: a figure that is carried on would look like one. */
function publish({ name, sizes, successRate }: ResourceHistory, through: string): void {
  const site = required('SITE');
  const last = sizes.at(-1);
  if (last?.day === through) metric(site, name, { UsedBytes: [last.bytes, 'Bytes'] });
  if (successRate !== undefined) metric(site, name, { BackupSuccessRate: [100 * successRate, 'Percent'] });
}
