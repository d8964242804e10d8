import {
  paginateGetMetricData,
  type CloudWatchClient,
  type GetMetricDataCommandInput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { NamedError } from '../../shared/named-error';
import type { CallOptions } from './asking';

/** What CloudWatch answers in one call. */
export const QUERIES = 500;

/** How it is said that CloudWatch does not know. */
export interface Unknown {
  /** Name of the error. */
  readonly name: string;
  /** Ends `when asked ...`. */
  readonly asked: string;
}

/**
 * Answers to at most `QUERIES` queries, page by page; one query may have several.
 * @throws by the name given where CloudWatch could not answer one: no figure is not the same as none
 */
export async function* metricData(
  client: CloudWatchClient,
  input: GetMetricDataCommandInput,
  unknown: Unknown,
  options?: CallOptions,
): AsyncGenerator<MetricDataResult> {
  for await (const { MetricDataResults } of paginateGetMetricData({ client }, input, options)) {
    for (const result of MetricDataResults ?? []) {
      const { StatusCode: status } = result;
      if (status === 'InternalError' || status === 'Forbidden') {
        throw new NamedError(unknown.name, `CloudWatch answered ${status} when asked ${unknown.asked}`);
      }
      yield result;
    }
  }
}
