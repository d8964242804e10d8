import type { DescribeDBInstancesMessage, DescribeDBSnapshotsMessage } from '@aws-sdk/client-rds';
import type { RdsAccount } from './account';
import { wantedBy, type Filterable } from './filters';
import type { Instance, Snapshot } from './model';
import * as rules from './rules';
import { describeInstance, describeSnapshot } from './shapes';

const INSTANCE_FILTERS: Filterable<Instance> = {
  'db-instance-id': ({ identifier, arn }) => [identifier, arn],
  'dbi-resource-id': ({ dbiResourceId }) => [dbiResourceId],
  engine: () => ['postgres'],
};

const SNAPSHOT_FILTERS: Filterable<Snapshot> = {
  'db-instance-id': ({ of }) => [of.identifier, of.arn],
  'db-snapshot-id': ({ identifier }) => [identifier],
  'dbi-resource-id': ({ of }) => [of.dbiResourceId],
  'snapshot-type': ({ type }) => [type],
  engine: () => ['postgres'],
};

const TYPES = ['automated', 'manual', 'shared', 'public', 'awsbackup'];

export function describeInstances(account: RdsAccount, input: DescribeDBInstancesMessage) {
  const { DBInstanceIdentifier: identifier } = input;
  const all = identifier !== undefined ? [account.instance(identifier)] : [...account.instances.values()];
  const wanted = all.filter(wantedBy(input.Filters, INSTANCE_FILTERS));
  const { items, marker } = rules.page(wanted, input.Marker, input.MaxRecords);
  return {
    DBInstances: items.map((instance) => describeInstance(account, instance)),
    ...(marker && { Marker: marker }),
  };
}

export function describeSnapshots(account: RdsAccount, input: DescribeDBSnapshotsMessage) {
  const { SnapshotType: type } = input;
  if (type !== undefined && !TYPES.includes(type)) {
    throw rules.invalid(`Invalid snapshot type '${type}': use one of ${TYPES.join(', ')}.`);
  }
  const one = input.DBSnapshotIdentifier;
  const all = one ? [account.snapshot(one)] : [...account.snapshots.values()];
  const { items, marker } = rules.page(all.filter(wanted(account, input)), input.Marker, input.MaxRecords);
  return { DBSnapshots: items.map(describeSnapshot), ...(marker && { Marker: marker }) };
}

function wanted(account: RdsAccount, input: DescribeDBSnapshotsMessage): (snapshot: Snapshot) => boolean {
  const instance = input.DBInstanceIdentifier?.toLowerCase();
  const filtered = wantedBy(input.Filters, SNAPSHOT_FILTERS);
  return (snapshot) =>
    account.visible(snapshot) &&
    filtered(snapshot) &&
    (instance === undefined || snapshot.of.identifier === instance) &&
    (input.DbiResourceId === undefined || snapshot.of.dbiResourceId === input.DbiResourceId) &&
    // Unasked, only what RDS and its users took: whether AWS Backup's belong there is not documented.
    (input.SnapshotType === undefined ? snapshot.type !== 'awsbackup' : snapshot.type === input.SnapshotType);
}

export function describeAccountAttributes(account: RdsAccount) {
  const instances = [...account.instances.values()];
  const storage = instances.reduce((sum, instance) => sum + instance.allocatedStorage, 0);
  const manual = [...account.snapshots.values()].filter((snapshot) => snapshot.type === 'manual').length;
  const ofClusters = [...account.clusterSnapshots.values()];
  const manualOfClusters = ofClusters.filter((snapshot) => snapshot.type === 'manual').length;
  return {
    AccountQuotas: [
      { AccountQuotaName: 'DBInstances', Used: instances.length, Max: account.quota.instances },
      { AccountQuotaName: 'AllocatedStorage', Used: storage, Max: account.quota.allocatedStorageGib },
      { AccountQuotaName: 'ManualSnapshots', Used: manual, Max: account.quota.manualSnapshots },
      { AccountQuotaName: 'DBClusters', Used: account.clusters.size, Max: account.quota.clusters },
      { AccountQuotaName: 'ManualClusterSnapshots', Used: manualOfClusters, Max: account.quota.manualSnapshots },
    ],
  };
}
