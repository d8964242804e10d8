import {
  CreateDBClusterSnapshot$,
  DBClusterNotFoundFault$,
  DBClusterSnapshotAlreadyExistsFault$,
  DBClusterSnapshotNotFoundFault$,
  DeleteDBClusterSnapshot$,
  DescribeDBClusterSnapshots$,
  InvalidDBClusterSnapshotStateFault$,
  InvalidDBClusterStateFault$,
  SnapshotQuotaExceededFault$,
  type CreateDBClusterSnapshotMessage,
  type DBClusterSnapshot,
  type DeleteDBClusterSnapshotMessage,
  type DescribeDBClusterSnapshotsMessage,
} from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';
import { operation, resourceTags, type Check, type Operation } from '../service';
import type { RdsAccount } from './account';
import { addTagsChecks, tagsOfRequest } from './checks';
import { describeClustersOperation } from './describe-clusters';
import { wantedBy, type Filterable } from './filters';
import type { ClusterSnapshot } from './cluster-model';
import * as rules from './rules';

const SNAPSHOT_FILTERS: Filterable<ClusterSnapshot> = {
  'db-cluster-id': ({ cluster }) => [cluster.identifier],
  'db-cluster-snapshot-id': ({ identifier }) => [identifier],
  'snapshot-type': ({ type }) => [type],
  engine: ({ cluster }) => [cluster.engine],
};

export function clusterOperations(account: RdsAccount): Operation[] {
  return [
    describeClustersOperation(account),
    operation<CreateDBClusterSnapshotMessage, object>(
      CreateDBClusterSnapshot$,
      ['DBClusterIdentifier', 'DBClusterSnapshotIdentifier', 'Tags'],
      (input) => createChecks(account, input),
      (input) => create(account, input),
    ),
    operation<DescribeDBClusterSnapshotsMessage, object>(
      DescribeDBClusterSnapshots$,
      ['DBClusterIdentifier', 'DBClusterSnapshotIdentifier', 'SnapshotType', 'Filters', 'MaxRecords', 'Marker'],
      (input) => describeChecks(account, input),
      (input) => describe(account, input),
    ),
    operation<DeleteDBClusterSnapshotMessage, object>(
      DeleteDBClusterSnapshot$,
      ['DBClusterSnapshotIdentifier'],
      ({ DBClusterSnapshotIdentifier: name = '' }) => [onSnapshot(account, 'rds:DeleteDBClusterSnapshot', name)],
      (input) => remove(account, input),
    ),
  ];
}

export function onCluster(account: RdsAccount, action: string, name: string): Check {
  return { action, resource: account.arn('cluster', name.toLowerCase()) };
}

function onSnapshot(account: RdsAccount, action: string, name: string): Check {
  const tags = account.clusterSnapshots.get(name.toLowerCase())?.tags ?? [];
  const own = tags.map(({ Key, Value }) => [`rds:cluster-snapshot-tag/${Key ?? ''}`, Value ?? '']);
  const context = { ...resourceTags(tags), ...Object.fromEntries(own) };
  return { action, resource: account.arn('cluster-snapshot', name.toLowerCase()), context };
}

function createChecks(account: RdsAccount, input: CreateDBClusterSnapshotMessage): Check[] {
  const { DBClusterIdentifier: cluster = '', DBClusterSnapshotIdentifier: name = '', Tags } = input;
  const action = 'rds:CreateDBClusterSnapshot';
  const [from, to] = [onCluster(account, action, cluster), onSnapshot(account, action, name)];
  const asked = tagsOfRequest(Tags);
  return [
    { ...from, context: asked },
    { ...to, context: { ...to.context, ...asked } },
    ...addTagsChecks(to.resource, Tags, true),
  ];
}

function describeChecks(account: RdsAccount, input: DescribeDBClusterSnapshotsMessage): Check[] {
  const action = 'rds:DescribeDBClusterSnapshots';
  const { DBClusterIdentifier, DBClusterSnapshotIdentifier: name = '*', Filters } = input;
  const cluster = DBClusterIdentifier ?? (Filters ? '*' : undefined);
  return [...(cluster ? [onCluster(account, action, cluster)] : []), onSnapshot(account, action, name)];
}

function create(account: RdsAccount, input: CreateDBClusterSnapshotMessage) {
  const name = rules.clusterSnapshotIdentifier(input.DBClusterSnapshotIdentifier ?? '');
  const cluster = account.clusters.get((input.DBClusterIdentifier ?? '').toLowerCase());
  if (!cluster) throw modelled(DBClusterNotFoundFault$, `DBCluster ${input.DBClusterIdentifier} not found.`);
  if (cluster.status !== 'available') {
    const message = `Cluster ${cluster.identifier} is in state ${cluster.status}: it must be available to be snapshotted.`;
    throw modelled(InvalidDBClusterStateFault$, message);
  }
  if (account.clusterSnapshots.has(name)) {
    const message = `Cannot create the cluster snapshot because one with the identifier ${name} already exists.`;
    throw modelled(DBClusterSnapshotAlreadyExistsFault$, message);
  }
  const most = account.quota.manualSnapshots;
  if ([...account.clusterSnapshots.values()].filter(({ type }) => type === 'manual').length >= most) {
    throw modelled(SnapshotQuotaExceededFault$, `Cannot create more than ${most} manual cluster snapshots`);
  }
  const snapshot: ClusterSnapshot = {
    identifier: name,
    cluster,
    tags: rules.tags(input.Tags ?? []),
    type: 'manual',
    status: 'creating',
    percentProgress: 0,
  };
  account.clusterSnapshots.set(name, snapshot);
  complete(account, snapshot);
  return { DBClusterSnapshot: shape(account, snapshot) };
}

function complete(account: RdsAccount, snapshot: ClusterSnapshot): void {
  account.inBackground(async () => {
    if (!(await account.pause(account.delays.backingUp))) return;
    snapshot.percentProgress = 50;
    while (account.faults.snapshotSlow) {
      if (!(await account.pause(50))) return;
    }
    if (account.faults.snapshotFails) {
      snapshot.status = 'failed';
      return;
    }
    Object.assign(snapshot, { status: 'available', percentProgress: 100, createdAt: account.clock() });
  });
}

function find(account: RdsAccount, name: string): ClusterSnapshot {
  const found = account.clusterSnapshots.get(name.toLowerCase());
  if (!found) throw modelled(DBClusterSnapshotNotFoundFault$, `DBClusterSnapshot ${name} not found.`);
  return found;
}

function describe(account: RdsAccount, input: DescribeDBClusterSnapshotsMessage) {
  const { DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: name, SnapshotType: type } = input;
  if (cluster !== undefined && name !== undefined) {
    throw rules.combination('DBClusterIdentifier cannot be used with DBClusterSnapshotIdentifier.');
  }
  const all = name === undefined ? [...account.clusterSnapshots.values()] : [find(account, name)];
  const filtered = wantedBy(input.Filters, SNAPSHOT_FILTERS);
  const wanted = all.filter(
    (one) =>
      (type === undefined || one.type === type) &&
      filtered(one) &&
      (cluster === undefined || one.cluster.identifier === cluster.toLowerCase()),
  );
  const { items, marker } = rules.page(wanted, input.Marker, input.MaxRecords);
  return { DBClusterSnapshots: items.map((one) => shape(account, one)), ...(marker && { Marker: marker }) };
}

function remove(account: RdsAccount, input: DeleteDBClusterSnapshotMessage) {
  const snapshot = find(account, input.DBClusterSnapshotIdentifier ?? '');
  if (snapshot.status === 'creating') {
    const message = `Cannot delete cluster snapshot ${snapshot.identifier} in state creating.`;
    throw modelled(InvalidDBClusterSnapshotStateFault$, message);
  }
  account.clusterSnapshots.delete(snapshot.identifier);
  return { DBClusterSnapshot: { ...shape(account, snapshot), Status: 'deleted' } };
}

function shape(account: RdsAccount, snapshot: ClusterSnapshot): DBClusterSnapshot {
  return {
    DBClusterSnapshotIdentifier: snapshot.identifier,
    DBClusterSnapshotArn: account.arn('cluster-snapshot', snapshot.identifier),
    DBClusterIdentifier: snapshot.cluster.identifier,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: snapshot.percentProgress,
    ...(snapshot.createdAt && { SnapshotCreateTime: snapshot.createdAt }),
    Engine: snapshot.cluster.engine,
    TagList: snapshot.tags.map((tag) => ({ ...tag })),
  };
}

/** An automated one, complete at once: RDS takes them itself, and nobody waits for one. */
export function keepAutomatedSnapshot(account: RdsAccount, identifier: string): void {
  const cluster = account.clusters.get(identifier.toLowerCase());
  if (!cluster) throw new Error(`there is no cluster ${identifier}`);
  const createdAt = account.clock();
  const name = `rds:${cluster.identifier}-${createdAt.toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
  account.clusterSnapshots.set(name, {
    identifier: name,
    cluster,
    tags: [],
    type: 'automated',
    status: 'available',
    percentProgress: 100,
    createdAt,
  });
}
