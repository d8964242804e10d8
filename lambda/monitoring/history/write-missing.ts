import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { backup, cloudwatch, evidence, rds, s3, state } from './clients';
import { daysWritten, writeDay } from './day-object';
import { daysFrom, plusDays } from './days';
import { drillsSince } from './drills';
import { jobsOf } from './jobs';
import { sizesOf } from './sizes';
import { targetsOf, type Allocated } from './targets';
import type { UsualOfShard } from './usual';
import type { Shard } from './watched';

/** AWS Backup forgets a job after 30 days, and today is not over. */
const DAYS_THAT_AWS_REMEMBERS = 29;

/** Writes the days up to yesterday that are not written, oldest first. @returns those that this run wrote */
export async function writeMissing(shards: readonly Shard[], yesterday: string, time: Date): Promise<string[]> {
  const bucket = required('EVIDENCE_BUCKET');
  const first = plusDays(yesterday, 1 - DAYS_THAT_AWS_REMEMBERS);
  const there = await daysWritten(s3, bucket, first);
  const missing = daysFrom(first, yesterday).filter((day) => !there.has(day));
  if (missing.length === 0) return [];
  const resources = shards.flatMap((shard) => shard.resources);
  const names = new Map(resources.map(({ arn, name }) => [arn, name]));
  const targets = await targetsOf(rds, resources, missing.length > 1 ? await allocations(shards) : () => undefined);
  const sizes = await sizesOf(cloudwatch, targets, missing, time);
  const drills = await drillsSince(s3, evidence, bucket, missing[0]);
  const written: string[] = [];
  for (const day of missing) {
    const measured = [...sizes.values()].flatMap((byDay) => byDay.get(day) ?? []);
    const rest = [...(drills.get(day) ?? []), ...measured];
    if (await writeDay(evidence, day, records(day, names, rest))) written.push(day);
  }
  return written;
}

async function* records(
  day: string,
  names: ReadonlyMap<string, string>,
  rest: readonly HistoryRecord[],
): AsyncGenerator<HistoryRecord> {
  yield* jobsOf(backup, day, (arn) => names.get(arn ?? ''));
  yield* rest;
}

/** What was allocated on the last day that is known. */
async function allocations(shards: readonly Shard[]): Promise<Allocated> {
  const allocated = new Map<string, { readonly bytes: number; readonly day: string }>();
  for (const { id } of shards) {
    const known = await state.get<UsualOfShard>(keys.history(id));
    for (const { name, sizes } of known?.value.resources ?? []) {
      const last = sizes.findLast(({ allocatedBytes }) => allocatedBytes !== undefined);
      if (last?.allocatedBytes) allocated.set(name, { bytes: last.allocatedBytes, day: last.day });
    }
  }
  return (name) => allocated.get(name);
}
