import type { S3Account } from '../account';
import { isOn } from './configuration';
import type { RuleQueue } from './rule-queue';

/**
 * What S3 says of a rule with metrics, in a minute in which something is or was on its way: how far behind the destination is,
 * and how much it lacks, in the Region of the destination; what failed in that of the source.
 */
export function measure(
  account: S3Account,
  { source, rule, id, destination, pending, oldest }: RuleQueue,
  end: number,
  { slowest, failed }: { readonly slowest: number; readonly failed: number },
): void {
  if (!isOn(rule.Destination.Metrics)) return;
  const dimensions = { SourceBucket: source.bucket.name, DestinationBucket: destination, RuleId: id };
  const metric = (name: string) => ({ namespace: 'AWS/S3', name, dimensions });
  const behind = oldest ? Math.max(slowest, end - oldest.version.createdAt) : slowest;
  // The end of a minute belongs to it.
  const at = new Date(end - 1);
  const there = account.anywhere(destination)?.home.options.metrics;
  there?.put(metric('ReplicationLatency'), behind / 1000, 'Seconds', at);
  there?.put(metric('OperationsPendingReplication'), pending, 'Count', at);
  account.options.metrics?.put(metric('OperationsFailedReplication'), failed, 'Count', at);
}
