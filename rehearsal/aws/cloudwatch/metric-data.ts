import {
  ValidationException$,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { modelled, type AwsError } from '../protocol/types';
import { notRehearsed } from '../service';
import { MINUTE, type MetricStore, type Statistic } from './store';

const DAY = 86_400_000;

/** Fewer than AWS's 100,800, so that whoever asks has to page. */
const POINTS_OF_A_PAGE = 1_000;

/** Answers a query of metrics by period; of metric math nothing is rehearsed, since no handler asks for it. */
export function getMetricData(store: MetricStore, input: GetMetricDataInput, now: Date): GetMetricDataOutput {
  const { StartTime: from = now, EndTime: to = now, MetricDataQueries: queries = [] } = input;
  if (from >= to) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if (queries.length === 0 || queries.length > 500)
    throw invalid(`1 to 500 queries are answered, not ${queries.length}.`);
  const ids = queries.map(({ Id }) => Id);
  if (new Set(ids).size !== ids.length)
    throw invalid('The values for parameter id in MetricDataQueries are not unique.');
  const all = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .flatMap((query) => pointsOf(store, query, from, to, now, input.ScanBy === 'TimestampAscending'));
  const start = input.NextToken === undefined ? 0 : Number(/^at-(\d+)$/.exec(input.NextToken)?.[1]);
  if (Number.isNaN(start)) throw invalid(`Invalid nextToken: ${input.NextToken}`);
  const end = start + Math.min(input.MaxDatapoints ?? POINTS_OF_A_PAGE, POINTS_OF_A_PAGE);
  const page = all.slice(start, end);
  const results = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .map(({ Id = '', Label, MetricStat }) => {
      const own = page.filter((point) => point.id === Id);
      const rest = all.slice(end).some((point) => point.id === Id);
      return {
        Id,
        Label: Label ?? MetricStat?.Metric?.MetricName,
        Timestamps: own.map(({ time }) => time),
        Values: own.map(({ value }) => value),
        StatusCode: rest ? ('PartialData' as const) : ('Complete' as const),
      };
    });
  return { MetricDataResults: results, Messages: [], ...(end < all.length && { NextToken: `at-${end}` }) };
}

interface Point {
  readonly id: string;
  readonly time: Date;
  readonly value: number;
}

function pointsOf(
  store: MetricStore,
  query: MetricDataQuery,
  from: Date,
  to: Date,
  now: Date,
  ascending: boolean,
): Point[] {
  const { Id: id = '', MetricStat: stat } = query;
  if (!stat?.Metric) throw notRehearsed(`GetMetricData with an expression is not rehearsed: ${id}`);
  if (!/^[a-z]\w*$/.test(id)) throw invalid(`The value ${id} for parameter id is not matching the expected pattern.`);
  const { Namespace = '', MetricName = '', Dimensions = [] } = stat.Metric;
  const period = (stat.Period ?? 0) * 1000;
  const finest = finestPeriod(now.getTime() - from.getTime());
  if (!period || period % finest !== 0) {
    throw invalid(`The period of ${id} must be a multiple of ${finest / 1000} seconds for what is so old.`);
  }
  const metric = {
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value ?? ''])),
  };
  const points: Point[] = [];
  for (let start = Math.floor(from.getTime() / period) * period; start < to.getTime(); start += period) {
    const [first, end] = [start / MINUTE, Math.min(start + period, to.getTime()) / MINUTE];
    const value = store.statistic(metric, stat.Stat as Statistic, first, end, stat.Unit);
    if (value !== undefined) points.push({ id, time: new Date(start), value });
  }
  return ascending ? points : points.reverse();
}

/** What CloudWatch still has of something so old: minutes, then five minutes, then hours. */
function finestPeriod(age: number): number {
  if (age <= 15 * DAY) return MINUTE;
  return age <= 63 * DAY ? 5 * MINUTE : 60 * MINUTE;
}

function invalid(message: string): AwsError {
  return modelled(ValidationException$, message);
}
