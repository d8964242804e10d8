import * as sdk from '@aws-sdk/client-rds';
import { operation, type Operation } from '../service';
import type { RdsAccount } from './account';
import { createSnapshot, deleteSnapshot } from './backups';
import { addTags, deleteInstance, listTags, modifyInstance, removeTags } from './change';
import * as checks from './checks';
import { describeAccountAttributes, describeInstances, describeSnapshots } from './describe';
import { restoreFromSnapshot, restoreToPointInTime } from './restore';

const COMMON = [
  'DBInstanceClass',
  'Port',
  'AvailabilityZone',
  'DBSubnetGroupName',
  'MultiAZ',
  'NetworkType',
  'PubliclyAccessible',
  'AutoMinorVersionUpgrade',
  'Engine',
  'OptionGroupName',
  'CopyTagsToSnapshot',
  'Tags',
  'StorageType',
  'VpcSecurityGroupIds',
  'EnableIAMDatabaseAuthentication',
  'EnableCloudwatchLogsExports',
  'DBParameterGroupName',
  'DeletionProtection',
  'AllocatedStorage',
  'BackupRetentionPeriod',
  'EngineLifecycleSupport',
] as const;

/** Everything that can be asked of RDS about instances and their snapshots. */
export function instanceOperations(account: RdsAccount): Operation[] {
  return [...reading(account), ...restoring(account), ...changing(account)];
}

function reading(account: RdsAccount): Operation[] {
  return [
    operation<sdk.DescribeDBInstancesMessage, object>(
      sdk.DescribeDBInstances$,
      ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker'],
      (input) => checks.instanceCheck(account, 'rds:DescribeDBInstances', input.DBInstanceIdentifier),
      (input) => describeInstances(account, input),
    ),
    operation<sdk.DescribeDBSnapshotsMessage, object>(
      sdk.DescribeDBSnapshots$,
      [
        'DBInstanceIdentifier',
        'DBSnapshotIdentifier',
        'DbiResourceId',
        'SnapshotType',
        'Filters',
        'MaxRecords',
        'Marker',
      ],
      (input) => checks.snapshotsCheck(account, input),
      (input) => describeSnapshots(account, input),
    ),
    operation<sdk.DescribeAccountAttributesMessage, object>(
      sdk.DescribeAccountAttributes$,
      [],
      () => [{ action: 'rds:DescribeAccountAttributes', resource: '*' }],
      () => describeAccountAttributes(account),
    ),
    operation<sdk.ListTagsForResourceMessage, object>(
      sdk.ListTagsForResource$,
      ['ResourceName'],
      (input) => checks.tagChecks(account, 'rds:ListTagsForResource', input.ResourceName ?? ''),
      (input) => listTags(account, input),
    ),
  ];
}

function restoring(account: RdsAccount): Operation[] {
  return [
    operation<sdk.RestoreDBInstanceToPointInTimeMessage, object>(
      sdk.RestoreDBInstanceToPointInTime$,
      [
        ...COMMON,
        'TargetDBInstanceIdentifier',
        'SourceDBInstanceIdentifier',
        'SourceDbiResourceId',
        'RestoreTime',
        'UseLatestRestorableTime',
        'MaxAllocatedStorage',
      ],
      (input) => checks.pointInTimeChecks(account, input),
      (input) => restoreToPointInTime(account, input),
    ),
    operation<sdk.RestoreDBInstanceFromDBSnapshotMessage, object>(
      sdk.RestoreDBInstanceFromDBSnapshot$,
      [...COMMON, 'DBInstanceIdentifier', 'DBSnapshotIdentifier'],
      (input) => checks.fromSnapshotChecks(account, input),
      (input) => restoreFromSnapshot(account, input),
    ),
    operation<sdk.CreateDBSnapshotMessage, object>(
      sdk.CreateDBSnapshot$,
      ['DBInstanceIdentifier', 'DBSnapshotIdentifier', 'Tags'],
      (input) => checks.createSnapshotChecks(account, input),
      (input) => createSnapshot(account, input),
    ),
  ];
}

function changing(account: RdsAccount): Operation[] {
  return [
    operation<sdk.ModifyDBInstanceMessage, object>(
      sdk.ModifyDBInstance$,
      ['DBInstanceIdentifier', 'MasterUserPassword', 'ApplyImmediately'],
      (input) => checks.instanceCheck(account, 'rds:ModifyDBInstance', input.DBInstanceIdentifier),
      (input) => modifyInstance(account, input),
    ),
    operation<sdk.DeleteDBInstanceMessage, object>(
      sdk.DeleteDBInstance$,
      ['DBInstanceIdentifier', 'SkipFinalSnapshot', 'FinalDBSnapshotIdentifier', 'DeleteAutomatedBackups'],
      (input) => checks.instanceCheck(account, 'rds:DeleteDBInstance', input.DBInstanceIdentifier),
      (input) => deleteInstance(account, input),
    ),
    operation<sdk.DeleteDBSnapshotMessage, object>(
      sdk.DeleteDBSnapshot$,
      ['DBSnapshotIdentifier'],
      (input) => checks.deleteSnapshotChecks(account, input.DBSnapshotIdentifier ?? ''),
      (input) => deleteSnapshot(account, input),
    ),
    operation<sdk.AddTagsToResourceMessage, object>(
      sdk.AddTagsToResource$,
      ['ResourceName', 'Tags'],
      (input) => checks.tagChecks(account, 'rds:AddTagsToResource', input.ResourceName ?? '', input),
      (input) => addTags(account, input),
    ),
    operation<sdk.RemoveTagsFromResourceMessage, object>(
      sdk.RemoveTagsFromResource$,
      ['ResourceName', 'TagKeys'],
      (input) => checks.removeTagsChecks(account, input),
      (input) => removeTags(account, input),
    ),
  ];
}
