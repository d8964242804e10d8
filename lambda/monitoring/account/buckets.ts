import {
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  type ReplicationRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { WatchedReplica, WatchedResource } from '../../../lib/private/contract/monitoring';
import { nameOf } from '../../shared/named-error';
import type { Asking, CallOptions } from './asking';
import { resourceKey, type Facts } from './facts';

type Asked = Pick<WatchedResource, 'identifier' | 'keyArn' | 'replica'>;

/**
 * Buckets by name, `gone` where there is none: whether they keep versions and still replicate. Both are settings that a stroke
 * changes, and without them nothing of what is written from then on can be restored.
 */
export async function describeBuckets(
  s3: S3Client,
  asking: Asking,
  buckets: readonly Asked[],
  now: string,
): Promise<Map<string, Facts | 'gone'>> {
  const found = new Map<string, Facts | 'gone'>();
  await Promise.all(
    buckets.map((bucket) =>
      asking.ask(`bucket ${bucket.identifier}`, async (options) => {
        found.set(resourceKey('bucket', bucket.identifier), await describe(s3, bucket, now, options));
      }),
    ),
  );
  return found;
}

async function describe(
  s3: S3Client,
  { identifier, keyArn, replica }: Asked,
  now: string,
  options: CallOptions,
): Promise<Facts | 'gone'> {
  try {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: identifier }), options);
    const versions =
      Status === 'Enabled'
        ? undefined
        : `The versioning of bucket ${identifier} is ${Status?.toLowerCase() ?? 'never on'}.`;
    const stopped = replica && (await whyNotReplicated(s3, identifier, replica, options));
    return {
      kind: 'bucket',
      identifier,
      resourceId: identifier,
      status: 'available',
      keyArn,
      ...(versions === undefined && { latest: now }),
      blocks: { ...(versions !== undefined && { versions }), ...(stopped !== undefined && { replica: stopped }) },
    };
  } catch (error) {
    if (nameOf(error) === 'NoSuchBucket') return 'gone';
    throw error;
  }
}

async function whyNotReplicated(
  s3: S3Client,
  identifier: string,
  { bucket, ruleId }: WatchedReplica,
  options: CallOptions,
): Promise<string | undefined> {
  const rule = (await rulesOf(s3, identifier, options)).find(({ ID }) => ID === ruleId);
  if (!rule) return `Bucket ${identifier} has no replication rule ${ruleId}.`;
  if (rule.Status !== 'Enabled') return `The replication rule ${ruleId} of bucket ${identifier} is disabled.`;
  if (rule.Destination?.Bucket?.split(':').at(-1) !== bucket) {
    return `The replication rule ${ruleId} of bucket ${identifier} replicates to another bucket than ${bucket}.`;
  }
  if (rule.Destination.Metrics?.Status === 'Enabled') return undefined;
  // S3 then says nothing, as of a bucket to which nobody writes.
  return `The replication rule ${ruleId} of bucket ${identifier} has no metrics: nobody can tell whether ${bucket} has everything.`;
}

async function rulesOf(s3: S3Client, Bucket: string, options: CallOptions): Promise<readonly ReplicationRule[]> {
  try {
    const { ReplicationConfiguration } = await s3.send(new GetBucketReplicationCommand({ Bucket }), options);
    return ReplicationConfiguration?.Rules ?? [];
  } catch (error) {
    if (nameOf(error) === 'ReplicationConfigurationNotFoundError') return [];
    throw error;
  }
}
