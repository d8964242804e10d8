import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { HistorySummary, ResourceHistory } from '../../../lib/private/contract/history';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import { monitorDefinitions } from '../registry';
import { evidence, state } from './clients';
import { dayOf, plusDays } from './days';
import { Figures } from './fold';
import { judgeShard } from './judge-shard';
import { judgeSite } from './judge-site';
import { shardOf, type Shard } from './watched';
import { writeMissing } from './write-missing';

const scheduler = new SchedulerClient();

export interface HistoryAnswer {
  /** Days that this run wrote. */
  readonly written: readonly string[];
  readonly findings: number;
}

/**
 * Writes what happened yesterday, and on days that were missed, to the evidence bucket; then takes the written days into what is
 * usual of each resource, tells what is not, and publishes sizes and success rates. Repeatable: a day that is written stays as it
 * is, and whatever a killed run did not come to is done by the next.
 */
export const handler = async (): Promise<HistoryAnswer> => {
  const time = now();
  const through = plusDays(dayOf(time), -1);
  const shards = await readShards();
  const written = await writeMissing(shards, through, new Date(time));
  const troubles: string[] = [];
  const { resources, findings } = await judgeAll(shards, through, troubles);
  await state.put(keys.historySummary(), {
    schema: 'cdk-recoverable/history-summary/v1',
    site: required('SITE'),
    region: required('AWS_REGION'),
    ...{ at: time, through, resources, findings },
  } satisfies HistorySummary);
  const found = resources.reduce((sum, one) => sum + one.findings.length, findings.length);
  log.info('history', { written, resources: resources.length, findings: found });
  if (troubles.length > 0) throw new NamedError('HistoryIncomplete', troubles.join('; '));
  return { written, findings: found };
};

async function readShards(): Promise<Shard[]> {
  const registry = { group: required('SCHEDULE_GROUP'), prefix: required('PREFIX') };
  const shards: Shard[] = [];
  for (const definition of await monitorDefinitions(scheduler, registry)) {
    shards.push(await shardOf(definition, required('RDS_ARN'), state));
  }
  return shards;
}

/** One part's trouble silences no other; of that part the summary keeps what it knew. */
async function judgeAll(
  shards: readonly Shard[],
  through: string,
  troubles: string[],
): Promise<Pick<HistorySummary, 'resources' | 'findings'>> {
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error('not judged', { what, reason });
      troubles.push(`${what}: ${reason}`);
      return undefined;
    }
  };
  const before = (await state.get<HistorySummary>(keys.historySummary()))?.value;
  const known = before?.findings ?? [];
  const figures = new Figures(
    (day) => evidence.lines<HistoryRecord>(keys.historyDay(day)),
    shards.flatMap((shard) => shard.resources),
  );
  const resources: ResourceHistory[] = [];
  for (const shard of shards) {
    const judged = await attempt(shard.id, () => judgeShard(shard, through, figures));
    const names = new Set(shard.resources.map(({ name }) => name));
    resources.push(...(judged ?? before?.resources.filter(({ name }) => names.has(name)) ?? []));
  }
  const findings = (await attempt('snapshot quotas', () => judgeSite(shards, through, known))) ?? known;
  return { resources, findings };
}
