import { paginateGetMetricData, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { plusSeconds } from '../../shared/clock';
import { NamedError } from '../../shared/named-error';
import { chunks, type CallOptions } from './asking';
import { momentKey, type Moments, type Target, type Where } from './moments';

/** Seconds. */
const PERIOD = 300;
/** So far back S3 is asked; older news would be no news. */
const LOOKBACK = 3 * 3600;
/** Replicas in one question, two metrics each: CloudWatch answers 500 in one call. */
const TOGETHER = 250;

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
  const pages = paginateGetMetricData(
    { client },
    {
      StartTime: new Date(plusSeconds(now, -LOOKBACK)),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: targets.flatMap((target, index) => [
        query(`p${index}`, PENDING, target),
        query(`l${index}`, LATENCY, target),
      ]),
    },
    options,
  );
  for await (const { MetricDataResults } of pages) {
    for (const { Id = '', Timestamps = [], Values = [], StatusCode } of MetricDataResults ?? []) {
      if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
        throw new NamedError('LagUnknown', `CloudWatch answered ${StatusCode} when asked how far replicas are behind`);
      }
      const [at] = Timestamps;
      if (at && !points.has(Id)) points.set(Id, { at, value: Values[0] });
    }
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
