import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { plusSeconds } from '../../shared/clock';
import { chunks, type CallOptions } from './asking';
import { metricData, QUERIES } from './metric-data';
import { momentKey, type Moments, type Target, type Where } from './moments';

/** Seconds. */
const PERIOD = 300;
/** So far back S3 is asked; older news would be no news. */
const LOOKBACK = 3 * 3600;
/** Replicas in one question, two metrics each. */
const TOGETHER = QUERIES / 2;

const PENDING = 'OperationsPendingReplication';
const LATENCY = 'ReplicationLatency';

interface Point {
  readonly at: Date;
  readonly value: number;
}

/**
 * Up to when a replica has everything: now, unless objects wait; then the time that S3 is behind for ago. S3 measures it in the
 * Region of the replica, and nothing where nothing is written: what was said last holds then.
 */
export async function replicaMoments(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const regions = [...new Set(targets.map(({ source }) => source.region ?? where.home))];
  const asked = regions.flatMap((region) =>
    chunks(
      targets.filter(({ source }) => (source.region ?? where.home) === region),
      TOGETHER,
    ).map((chunk) =>
      where.asking.ask(`${chunk.length} replicas in ${region}`, async (options) => {
        const points = await newestPoints(where.clients.cloudWatch(region), chunk, where.now, options);
        for (const [index, target] of chunk.entries()) {
          const newest = completeUntil(points.get(`p${index}`), points.get(`l${index}`), target, where.now);
          found.set(momentKey(target), { newest });
        }
      }),
    ),
  );
  await Promise.all(asked);
}

function completeUntil(
  pending: Point | undefined,
  latency: Point | undefined,
  { last }: Target,
  now: string,
): string | undefined {
  if (!pending) {
    const wasBehind = last?.newest !== undefined && last.newest !== last.lookedAt;
    return wasBehind ? last.newest : now;
  }
  if (pending.value === 0) return now;
  const end = plusSeconds(pending.at.toISOString(), PERIOD);
  // Objects wait, and S3 does not say how long already: since before it was measured.
  const behind = latency && latency.at >= pending.at ? latency.value : PERIOD;
  return plusSeconds(end < now ? end : now, -behind);
}

async function newestPoints(
  client: CloudWatchClient,
  targets: readonly Target[],
  now: string,
  options: CallOptions,
): Promise<Map<string, Point>> {
  const points = new Map<string, Point>();
  const asked = {
    StartTime: new Date(plusSeconds(now, -LOOKBACK)),
    EndTime: new Date(now),
    ScanBy: 'TimestampDescending' as const,
    MetricDataQueries: targets.flatMap((target, index) => [
      query(`p${index}`, PENDING, target),
      query(`l${index}`, LATENCY, target),
    ]),
  };
  const unknown = { name: 'LagUnknown', asked: 'how far replicas are behind' };
  for await (const { Id = '', Timestamps: [at] = [], Values: [value] = [] } of metricData(
    client,
    asked,
    unknown,
    options,
  )) {
    if (at && !points.has(Id)) points.set(Id, { at, value });
  }
  return points;
}

function query(Id: string, MetricName: string, { identifier, replica }: Target): MetricDataQuery {
  const dimensions = { SourceBucket: identifier, DestinationBucket: replica?.bucket, RuleId: replica?.ruleId };
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id,
    MetricStat: { Metric: { Namespace: 'AWS/S3', MetricName, Dimensions }, Period: PERIOD, Stat: 'Maximum' },
  };
}
