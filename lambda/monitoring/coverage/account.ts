import { paginateDescribeDBClusters, paginateDescribeDBInstances, type RDSClient } from '@aws-sdk/client-rds';
import { paginateListBuckets, type S3Client } from '@aws-sdk/client-s3';
import { tagValue, TAGS } from '../../shared/tags';
import type { Found } from './uncovered';

/** What DescribeDBClusters shows beside what RDS itself runs, and no plan can protect. */
const OTHER_SERVICES = ['docdb', 'neptune'];

/** Every database of the account and Region that stands for itself: members of a cluster do not. */
export async function databases(rds: RDSClient): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { DBInstances } of paginateDescribeDBInstances({ client: rds }, {})) {
    for (const instance of DBInstances ?? []) {
      if (instance.DBClusterIdentifier || instance.DBInstanceStatus === 'deleting') continue;
      found.push({
        kind: 'db-instance',
        identifier: instance.DBInstanceIdentifier ?? '',
        tags: instance.TagList ?? [],
        drill: tagValue(instance.TagList, TAGS.drill) !== undefined,
        replicaOf: nameIn(
          instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier,
        ),
      });
    }
  }
  for await (const { DBClusters } of paginateDescribeDBClusters({ client: rds }, {})) {
    for (const cluster of DBClusters ?? []) {
      if (OTHER_SERVICES.includes(cluster.Engine ?? '') || cluster.Status === 'deleting') continue;
      found.push({
        kind: 'db-cluster',
        identifier: cluster.DBClusterIdentifier ?? '',
        tags: cluster.TagList ?? [],
        drill: tagValue(cluster.TagList, TAGS.drill) !== undefined,
        replicaOf: nameIn(cluster.ReplicationSourceIdentifier),
      });
    }
  }
  return found;
}

/** Every bucket of the account in this Region. */
export async function buckets(s3: S3Client, region: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { Buckets } of paginateListBuckets({ client: s3 }, { BucketRegion: region })) {
    for (const { Name: identifier = '' } of Buckets ?? []) {
      found.push({ kind: 'bucket', identifier, tags: [], drill: false });
    }
  }
  return found;
}

/** A source in this Region is named, one in another is an ARN: that one is none of ours. */
function nameIn(source: string | undefined): string | undefined {
  return source?.startsWith('arn:') ? undefined : source;
}
