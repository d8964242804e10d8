import type { Finding } from '../../../lib/private/contract/monitoring';
import { required } from '../../shared/environment';
import { send } from '../messages/send';
import { audienceKey, type AlertTopics } from '../messages/topic';
import { rds } from './clients';
import { judgeQuotas, titleOf } from './quota';
import { messageOf, overOf } from './tell';
import type { Shard } from './watched';

/** What concerns the whole account goes to whom the site tells, else to everybody whom its plans tell. */
export async function judgeSite(shards: readonly Shard[], day: string, before: readonly Finding[]): Promise<Finding[]> {
  const observed = await judgeQuotas(rds, required('SITE'), day);
  const isStill = (cause: string) => observed.some(({ finding }) => finding.cause === cause);
  const messages = [
    ...observed
      .filter(({ finding }) => !before.some(({ cause }) => cause === finding.cause))
      .map((one) => messageOf(one, [], {})),
    ...before
      .filter(({ cause }) => !isStill(cause))
      .map(({ cause, severity, since }) => overOf({ cause, severity, since, title: titleOf(cause) }, [], {})),
  ];
  for (const message of messages) for (const alerts of audiences(shards)) await send(message, alerts);
  return observed.map(({ finding }) => before.find(({ cause }) => cause === finding.cause) ?? finding);
}

function audiences(shards: readonly Shard[]): AlertTopics[] {
  const { SITE_ALERTS } = process.env;
  if (SITE_ALERTS) return [JSON.parse(SITE_ALERTS) as AlertTopics];
  return [...new Map(shards.map(({ alerts }) => [audienceKey(alerts), alerts])).values()];
}
