import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { metricData, QUERIES } from '../account/metric-data';
import type { Target } from './targets';
import { dayOf, startOf } from './days';

/** CloudWatch keeps hours for 455 days, shorter periods for less. */
const HOUR = 3_600;

/** Bytes of one resource, by day. */
export type SizesByDay = ReadonlyMap<string, HistoryRecord>;

interface Asked {
  readonly target: Target;
  readonly metric: string;
}

interface Point {
  readonly at: Date;
  readonly value: number;
}

/**
 * Used bytes at the end of each day, and of the last one those of now, since only of now it is known what is allocated. No
 * figure for a day without one: a stopped instance has none.
 */
export async function sizesOf(
  cloudwatch: CloudWatchClient,
  targets: readonly Target[],
  days: readonly string[],
  now: Date,
): Promise<Map<string, SizesByDay>> {
  const asked = targets.flatMap((target) => target.metrics.map((metric) => ({ target, metric })));
  const sizes = new Map<string, SizesByDay>();
  const points = new Map<Target, Map<string, Map<string, Point>>>();
  for (let at = 0; at < asked.length; at += QUERIES) {
    await ask(cloudwatch, asked.slice(at, at + QUERIES), days, now, points);
  }
  for (const [target, byDay] of points) {
    sizes.set(target.arn, new Map([...byDay].flatMap(([day, found]) => recordOf(target, day, days, found))));
  }
  return sizes;
}

async function ask(
  cloudwatch: CloudWatchClient,
  asked: readonly Asked[],
  days: readonly string[],
  now: Date,
  points: Map<Target, Map<string, Map<string, Point>>>,
): Promise<void> {
  const input = {
    StartTime: startOf(days[0]),
    EndTime: now,
    MetricDataQueries: asked.map(({ target, metric }, index) => query(`m${index}`, target, metric)),
  };
  const last = days.at(-1) ?? '';
  const unknown = { name: 'SizesUnknown', asked: 'for used bytes' };
  for await (const { Id = '', Timestamps = [], Values = [] } of metricData(cloudwatch, input, unknown)) {
    const { target, metric } = asked[Number(Id.slice(1))];
    Timestamps.forEach((time, index) => {
      const day = dayOf(time) > last ? last : dayOf(time);
      const ofDay = points.get(target) ?? new Map<string, Map<string, Point>>();
      const found = ofDay.get(day) ?? new Map<string, Point>();
      if (time >= (found.get(metric)?.at ?? time)) found.set(metric, { at: time, value: Values[index] });
      points.set(target, ofDay.set(day, found));
    });
  }
}

function query(Id: string, { dimension, id }: Target, MetricName: string): MetricDataQuery {
  const Metric = { Namespace: 'AWS/RDS', MetricName, Dimensions: [{ Name: dimension, Value: id }] };
  return { Id, MetricStat: { Metric, Period: HOUR, Stat: 'Average' } };
}

/** Of days before the last, an instance's used bytes are known only if as much was allocated then as is now. */
function recordOf(
  target: Target,
  day: string,
  days: readonly string[],
  found: ReadonlyMap<string, Point>,
): [string, HistoryRecord][] {
  if (!days.includes(day)) return [];
  const { name, arn, allocatedBytes, allocatedSince } = target;
  const free = found.get('FreeStorageSpace');
  const used = found.get('VolumeBytesUsed');
  const at = (free ?? used)?.at;
  if (!at) return [];
  if (free && day !== days.at(-1) && !(allocatedSince && allocatedSince <= day)) return [];
  const bytes = used ? used.value : (allocatedBytes ?? 0) - (free?.value ?? 0);
  if (!(bytes >= 0)) return [];
  const endedAt = at.toISOString();
  const whole = (metric: string) => {
    const point = found.get(metric);
    return point && Math.round(point.value);
  };
  return [
    [
      day,
      {
        kind: 'size',
        resource: name,
        resourceArn: arn,
        state: 'MEASURED',
        id: `${arn}/${day}`,
        endedAt,
        bytes: Math.round(bytes),
        ...(free && { allocatedBytes }),
        backupBytes: whole('TotalBackupStorageBilled'),
        retainedBytes: whole('BackupRetentionPeriodStorageUsed'),
        snapshotBytes: whole('SnapshotStorageUsed'),
      },
    ],
  ];
}
