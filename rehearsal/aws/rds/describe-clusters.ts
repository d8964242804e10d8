import {
  DBClusterNotFoundFault$,
  DescribeDBClusters$,
  type DBCluster,
  type DescribeDBClustersMessage,
} from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';
import { operation, type Operation } from '../service';
import type { RdsAccount } from './account';
import type { Cluster } from './cluster-model';
import { onCluster } from './clusters';
import { wantedBy, type Filterable } from './filters';
import * as rules from './rules';

const CLUSTER_FILTERS: Filterable<Cluster> = {
  'db-cluster-id': ({ identifier }) => [identifier],
  'db-cluster-resource-id': ({ resourceId }) => [resourceId],
  engine: ({ engine }) => [engine],
};

export function describeClustersOperation(account: RdsAccount): Operation {
  return operation<DescribeDBClustersMessage, object>(
    DescribeDBClusters$,
    ['DBClusterIdentifier', 'Filters', 'MaxRecords', 'Marker'],
    ({ DBClusterIdentifier: name = '*' }) => [onCluster(account, 'rds:DescribeDBClusters', name)],
    (input) => describeClusters(account, input),
  );
}

function describeClusters(account: RdsAccount, input: DescribeDBClustersMessage) {
  const name = input.DBClusterIdentifier?.toLowerCase();
  const found = name === undefined ? [...account.clusters.values()] : [account.clusters.get(name)];
  if (found[0] === undefined && name !== undefined) {
    throw modelled(DBClusterNotFoundFault$, `DBCluster ${name} not found.`);
  }
  const all = found.filter((cluster) => cluster !== undefined).filter(wantedBy(input.Filters, CLUSTER_FILTERS));
  const { items, marker } = rules.page(all, input.Marker, input.MaxRecords);
  return { DBClusters: items.map((cluster) => clusterShape(account, cluster)), ...(marker && { Marker: marker }) };
}

function clusterShape(account: RdsAccount, cluster: Cluster): DBCluster {
  const { earliest, latest, kmsKeyId, createdAt } = cluster;
  return {
    DBClusterIdentifier: cluster.identifier,
    DBClusterArn: account.arn('cluster', cluster.identifier),
    DbClusterResourceId: cluster.resourceId ?? `cluster-${cluster.identifier.toUpperCase()}`,
    Status: cluster.status,
    Engine: cluster.engine,
    BackupRetentionPeriod: cluster.retentionDays ?? 7,
    ...(createdAt && { ClusterCreateTime: createdAt }),
    ...(earliest && { EarliestRestorableTime: earliest }),
    ...(latest && !account.faults.noBackups && { LatestRestorableTime: latest }),
    StorageEncrypted: kmsKeyId !== undefined,
    ...(kmsKeyId && { KmsKeyId: kmsKeyId }),
    TagList: (cluster.tags ?? []).map((tag) => ({ ...tag })),
  };
}
