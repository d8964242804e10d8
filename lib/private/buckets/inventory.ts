import { type Duration, Stack } from 'aws-cdk-lib';
import type { RecoverySite } from '../../site/recovery-site';
import type { ReplicaDefinition } from '../contract/files';
import type { SourceInventory } from '../contract/inventory';
import { placeOf } from '../objectives/inventory';
import type { BucketFacts } from './bucket-facts';
import { lateSeconds } from './rule';
import type { SourceKey } from './source-key';

/**
 * What S3 itself keeps of a bucket: every version of its objects, and a replica.
 * @param oldVersions how long a replica of this library keeps old versions
 */
export function bucketSources(
  site: RecoverySite,
  { managed, key }: BucketFacts,
  replica: ReplicaDefinition | undefined,
  oldVersions: Duration | undefined,
): SourceInventory[] {
  const { account, region } = placeOf(Stack.of(site));
  const versions: SourceInventory = {
    ...{ kind: 'versions', name: 'versions', storage: 's3', account, region },
    ...{ oldestSeconds: 0, known: managed, key: keyOf(key) },
  };
  if (!replica) return [versions];
  return [
    versions,
    {
      ...{ kind: 'replica', name: 'replica', storage: 's3', account, region: replica.region },
      oldestSeconds: lateSeconds(replica),
      known: managed,
      retentionDays: oldVersions?.toDays(),
      key: replica.keyArn,
    },
  ];
}

function keyOf({ kind, arn }: SourceKey): string | undefined {
  if (kind === 'key') return arn;
  return kind === 'unknown' ? undefined : kind === 'aws' ? 'aws/s3' : 's3';
}
