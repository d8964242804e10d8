import type { DescribeDBInstancesMessage, DescribeDBSnapshotsMessage } from '@aws-sdk/client-rds';
import type { RdsAccount } from './account';
import type { Snapshot } from './model';
import * as rules from './rules';
import { describeInstance, describeSnapshot } from './shapes';

const TYPES = ['automated', 'manual', 'shared', 'public', 'awsbackup'];

export function describeInstances(account: RdsAccount, input: DescribeDBInstancesMessage) {
  const { DBInstanceIdentifier: identifier } = input;
  const all = identifier !== undefined ? [account.instance(identifier)] : [...account.instances.values()];
  const { items, marker } = rules.page(all, input.Marker, input.MaxRecords);
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
  return (snapshot) =>
    account.visible(snapshot) &&
    (instance === undefined || snapshot.of.identifier === instance) &&
    (input.DbiResourceId === undefined || snapshot.of.dbiResourceId === input.DbiResourceId) &&
    // Unasked, only what RDS and its users took: whether AWS Backup's belong there is not documented.
    (input.SnapshotType === undefined ? snapshot.type !== 'awsbackup' : snapshot.type === input.SnapshotType);
}

export function describeAccountAttributes(account: RdsAccount) {
  const instances = [...account.instances.values()];
  const storage = instances.reduce((sum, instance) => sum + instance.allocatedStorage, 0);
  const manual = [...account.snapshots.values()].filter((snapshot) => snapshot.type === 'manual').length;
  return {
    AccountQuotas: [
      { AccountQuotaName: 'DBInstances', Used: instances.length, Max: account.quota.instances },
      { AccountQuotaName: 'AllocatedStorage', Used: storage, Max: account.quota.allocatedStorageGib },
      { AccountQuotaName: 'ManualSnapshots', Used: manual, Max: account.quota.manualSnapshots },
    ],
  };
}
