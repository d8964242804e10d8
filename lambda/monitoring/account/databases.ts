import { paginateDescribeDBClusters, paginateDescribeDBInstances, type RDSClient } from '@aws-sdk/client-rds';
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { nameOf } from '../../shared/named-error';
import { chunks, type Asking, type CallOptions } from './asking';
import { resourceKey, timeOf, type DatabaseFacts, type DatabaseKind } from './facts';

const NOT_FOUND = ['DBInstanceNotFoundFault', 'DBClusterNotFoundFault'];

interface Asked {
  readonly kind: DatabaseKind;
  readonly what: string;
  readonly pages: (identifiers: readonly string[] | undefined, options: CallOptions) => AsyncIterable<DatabaseFacts[]>;
}

/** Databases by identifier, `gone` where RDS does not know one. Of chunks without an answer nothing is said. */
export async function describeDatabases(
  rds: RDSClient,
  asking: Asking,
  identifiers: Readonly<Record<DatabaseKind, readonly string[]>>,
): Promise<Map<string, DatabaseFacts | 'gone'>> {
  const found = new Map<string, DatabaseFacts | 'gone'>();
  const all = [instances(rds), clusters(rds)].flatMap((asked) =>
    chunks([...new Set(identifiers[asked.kind].map((each) => each.toLowerCase()))]).map((chunk) =>
      asking.ask(`${chunk.length} ${asked.what}`, async (options) => {
        for (const [key, facts] of await describeChunk(asked, chunk, options)) found.set(key, facts);
      }),
    ),
  );
  await Promise.all(all);
  return found;
}

/** Every database of the account and Region. @returns undefined where one of the two lists could not be read to its end */
export async function describeAll(rds: RDSClient, asking: Asking): Promise<Map<string, DatabaseFacts> | undefined> {
  const lists = await Promise.all(
    [instances(rds), clusters(rds)].map(({ what, pages }) =>
      asking.ask(`all ${what}`, async (options) => {
        const found: DatabaseFacts[] = [];
        for await (const page of pages(undefined, options)) found.push(...page);
        return found;
      }),
    ),
  );
  if (lists.includes(undefined)) return undefined;
  return new Map(
    lists.flatMap((list) => list ?? []).map((facts) => [resourceKey(facts.kind, facts.identifier), facts]),
  );
}

/** Should RDS refuse a chunk for one that is not there, the rest of the chunk is asked without it. */
async function describeChunk(
  asked: Asked,
  chunk: readonly string[],
  options: CallOptions,
): Promise<Map<string, DatabaseFacts | 'gone'>> {
  const found = new Map<string, DatabaseFacts | 'gone'>(chunk.map((each) => [resourceKey(asked.kind, each), 'gone']));
  try {
    for await (const page of asked.pages(chunk, options)) {
      for (const facts of page) found.set(resourceKey(facts.kind, facts.identifier), facts);
    }
    return found;
  } catch (error) {
    if (!NOT_FOUND.includes(nameOf(error))) throw error;
    if (chunk.length === 1) return found;
    const half = Math.ceil(chunk.length / 2);
    const one = await describeChunk(asked, chunk.slice(0, half), options);
    const other = await describeChunk(asked, chunk.slice(half), options);
    return new Map([...one, ...other]);
  }
}

function instances(client: RDSClient): Asked {
  return {
    kind: 'db-instance',
    what: 'instances',
    pages: async function* (identifiers, options) {
      const filter = identifiers && { Filters: [{ Name: 'db-instance-id', Values: [...identifiers] }] };
      for await (const page of paginateDescribeDBInstances({ client, pageSize: 100 }, { ...filter }, options)) {
        yield (page.DBInstances ?? []).flatMap(ofInstance);
      }
    },
  };
}

function clusters(client: RDSClient): Asked {
  return {
    kind: 'db-cluster',
    what: 'clusters',
    pages: async function* (identifiers, options) {
      const filter = identifiers && { Filters: [{ Name: 'db-cluster-id', Values: [...identifiers] }] };
      for await (const page of paginateDescribeDBClusters({ client, pageSize: 100 }, { ...filter }, options)) {
        yield (page.DBClusters ?? []).flatMap(ofCluster);
      }
    },
  };
}

function ofInstance(instance: DBInstance): DatabaseFacts[] {
  const { DBInstanceIdentifier: identifier, DBInstanceStatus: status = 'unknown' } = instance;
  if (!identifier) return [];
  const replicaOf = instance.ReadReplicaSourceDBInstanceIdentifier ?? instance.ReadReplicaSourceDBClusterIdentifier;
  return [
    {
      kind: 'db-instance',
      identifier: identifier.toLowerCase(),
      resourceId: instance.DbiResourceId,
      status,
      retentionDays: instance.BackupRetentionPeriod ?? 0,
      latest: timeOf(instance.LatestRestorableTime),
      keyArn: instance.KmsKeyId,
      tags: instance.TagList ?? [],
      member: Boolean(instance.DBClusterIdentifier),
      replica: Boolean(replicaOf) && !instance.BackupRetentionPeriod,
    },
  ];
}

function ofCluster(cluster: DBCluster): DatabaseFacts[] {
  const { DBClusterIdentifier: identifier, Status: status = 'unknown' } = cluster;
  if (!identifier) return [];
  return [
    {
      kind: 'db-cluster',
      identifier: identifier.toLowerCase(),
      resourceId: cluster.DbClusterResourceId,
      status,
      retentionDays: cluster.BackupRetentionPeriod ?? 0,
      latest: timeOf(cluster.LatestRestorableTime),
      earliest: timeOf(cluster.EarliestRestorableTime),
      keyArn: cluster.KmsKeyId,
      tags: cluster.TagList ?? [],
      member: false,
      replica: Boolean(cluster.ReplicationSourceIdentifier) && !cluster.BackupRetentionPeriod,
    },
  ];
}
