import { BackupClient } from '@aws-sdk/client-backup';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { HistorySummary, ResourceHistory } from '../../../lib/private/contract/history';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { metric } from '../../shared/metrics';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';
import { send } from '../messages/send';
import { audienceKey, type AlertTopics } from '../messages/topic';
import { monitorDefinitions } from '../registry';
import { daysWritten, writeDay } from './day-object';
import { dayOf, daysFrom, plusDays } from './days';
import { drillsSince } from './drills';
import { Figures, foldShard, kept } from './fold';
import { jobsOf } from './jobs';
import { judgeQuotas } from './quota';
import { sizesOf } from './sizes';
import { summaryOf } from './summary';
import { targetsOf } from './targets';
import { messageOf, overOf, stillOpen, tellShard } from './tell';
import type { UsualOfShard } from './usual';
import { shardOf, type Shard } from './watched';

const backup = new BackupClient();
const cloudwatch = new CloudWatchClient();
const rds = new RDSClient();
const s3 = new S3Client();
const scheduler = new SchedulerClient();
const state = new Store(required('STATE_BUCKET'), s3);
const evidence = new Store(required('EVIDENCE_BUCKET'), s3);

/** AWS Backup forgets a job after 30 days, and today is not over. */
const DAYS_THAT_AWS_REMEMBERS = 29;

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
  const yesterday = plusDays(dayOf(time), -1);
  const shards = await shardsOf();
  const written = await writeMissing(shards, yesterday, new Date(time));
  const resources = shards.flatMap((shard) => shard.resources);
  const figures = new Figures((day) => evidence.lines<HistoryRecord>(keys.historyDay(day)), resources);
  const summaries: ResourceHistory[] = [];
  const troubles: string[] = [];
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
  for (const shard of shards) {
    const judged = await attempt(shard.id, () => judgeShard(shard, yesterday, figures));
    const names = new Set(shard.resources.map(({ name }) => name));
    summaries.push(...(judged ?? before?.resources.filter(({ name }) => names.has(name)) ?? []));
  }
  const known = before?.findings ?? [];
  const site = (await attempt('snapshot quotas', () => tellOfSite(shards, yesterday, known))) ?? known;
  const findings = [...summaries.flatMap((one) => one.findings), ...site].length;
  await state.put(keys.historySummary(), {
    schema: 'cdk-recoverable/history-summary/v1',
    site: required('SITE'),
    region: required('AWS_REGION'),
    at: time,
    through: yesterday,
    resources: summaries,
    findings: site,
  } satisfies HistorySummary);
  log.info('history', { written, resources: resources.length, findings });
  if (troubles.length > 0) throw new NamedError('HistoryIncomplete', troubles.join('; '));
  return { written, findings };
};

async function shardsOf(): Promise<Shard[]> {
  const registry = { group: required('SCHEDULE_GROUP'), prefix: required('PREFIX') };
  const shards: Shard[] = [];
  for (const definition of await monitorDefinitions(scheduler, registry)) {
    shards.push(await shardOf(definition, required('RDS_ARN'), state));
  }
  return shards;
}

async function writeMissing(shards: readonly Shard[], yesterday: string, time: Date): Promise<string[]> {
  const bucket = required('EVIDENCE_BUCKET');
  const first = plusDays(yesterday, 1 - DAYS_THAT_AWS_REMEMBERS);
  const there = await daysWritten(s3, bucket, first);
  const missing = daysFrom(first, yesterday).filter((day) => !there.has(day));
  if (missing.length === 0) return [];
  const resources = shards.flatMap((shard) => shard.resources);
  const names = new Map(resources.map(({ arn, name }) => [arn, name]));
  const allocated = missing.length > 1 ? await allocations(shards) : new Map<string, never>();
  const targets = await targetsOf(rds, resources, (name) => allocated.get(name));
  const sizes = await sizesOf(cloudwatch, targets, missing, time);
  const drills = await drillsSince(s3, evidence, bucket, missing[0]);
  const written: string[] = [];
  for (const day of missing) {
    async function* records() {
      yield* jobsOf(backup, day, (arn) => names.get(arn ?? ''));
      yield* drills.get(day) ?? [];
      for (const byDay of sizes.values()) yield* [byDay.get(day)].filter((one) => one !== undefined);
    }
    if (await writeDay(evidence, day, records())) written.push(day);
  }
  return written;
}

/** What was allocated on the last day that is known. */
async function allocations(shards: readonly Shard[]) {
  const allocated = new Map<string, { readonly bytes: number; readonly day: string }>();
  for (const { id } of shards) {
    const known = await state.get<UsualOfShard>(keys.history(id));
    for (const { name, sizes } of known?.value.resources ?? []) {
      const last = sizes.findLast(({ allocatedBytes }) => allocatedBytes !== undefined);
      if (last?.allocatedBytes) allocated.set(name, { bytes: last.allocatedBytes, day: last.day });
    }
  }
  return allocated;
}

/** People are told before what was judged is kept: a run that dies between tells again, and none that was told is lost. */
async function judgeShard(shard: Shard, through: string, figures: Figures): Promise<ResourceHistory[]> {
  const key = keys.history(shard.id);
  const known = (await state.get<UsualOfShard>(key))?.value;
  const judged = await foldShard(known, shard, through, figures);
  await tellShard(judged, shard, through);
  await state.put(key, kept(judged, stillOpen, through));
  return judged.map(({ usual, observed }, index) => {
    const summary = summaryOf(shard.resources[index], usual, observed, through);
    const last = summary.sizes.at(-1);
    const values = {
      ...(last?.day === through && { UsedBytes: [last.bytes, 'Bytes'] as [number, 'Bytes'] }),
      ...(summary.successRate !== undefined && {
        BackupSuccessRate: [summary.successRate, 'None'] as [number, 'None'],
      }),
    };
    if (Object.keys(values).length > 0) metric(required('SITE'), summary.name, values);
    return summary;
  });
}

/** What concerns the account goes to whom the site tells, else to everybody whom its plans tell. */
async function tellOfSite(
  shards: readonly Shard[],
  day: string,
  before: HistorySummary['findings'],
): Promise<HistorySummary['findings']> {
  const { SITE_ALERTS } = process.env;
  const audiences: AlertTopics[] = SITE_ALERTS
    ? [JSON.parse(SITE_ALERTS) as AlertTopics]
    : [...new Map(shards.map(({ alerts }) => [audienceKey(alerts), alerts])).values()];
  const observed = await judgeQuotas(rds, required('SITE'), day);
  const isStill = (cause: string) => observed.some(({ finding }) => finding.cause === cause);
  const messages = [
    ...observed
      .filter(({ finding }) => !before.some(({ cause }) => cause === finding.cause))
      .map((one) => messageOf(one, [], {})),
    ...before
      .filter(({ cause }) => !isStill(cause))
      .map(({ cause, severity, since, what }) => overOf({ cause, severity, since, title: what }, [], {})),
  ];
  for (const message of messages) for (const alerts of audiences) await send(message, alerts);
  return observed.map(({ finding }) => finding);
}
