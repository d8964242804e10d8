import type { DBInstance, DBSnapshot, DBSubnetGroup } from '@aws-sdk/client-rds';
import type { RdsAccount } from './account';
import type { Instance, Snapshot } from './model';
import type { SubnetGroup } from './registry';

/** Statuses in which an instance can be reached, and so has an endpoint. */
const REACHABLE = ['available', 'backing-up', 'modifying', 'resetting-master-credentials', 'deleting'];

/** A DB instance as DescribeDBInstances shows it. */
export function describeInstance(account: RdsAccount, instance: Instance): DBInstance {
  const database = REACHABLE.includes(instance.status) ? instance.database : undefined;
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.dbiResourceId,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: instance.status,
    Engine: 'postgres',
    EngineVersion: instance.engineVersion,
    LicenseModel: 'postgresql-license',
    MasterUsername: instance.masterUsername,
    ...(database && { Endpoint: { Address: database.address, Port: database.port, HostedZoneId: 'Z29XKXDKYMONMX' } }),
    AllocatedStorage: instance.allocatedStorage,
    ...(instance.maxAllocatedStorage && { MaxAllocatedStorage: instance.maxAllocatedStorage }),
    StorageType: instance.storageType,
    StorageEncrypted: instance.kmsKeyId !== undefined,
    ...(instance.kmsKeyId && { KmsKeyId: instance.kmsKeyId }),
    InstanceCreateTime: instance.createdAt,
    ...restorable(account, instance),
    BackupRetentionPeriod: instance.backupRetentionPeriod,
    PreferredBackupWindow: '03:00-03:30',
    PreferredMaintenanceWindow: 'sun:04:00-sun:04:30',
    DBSubnetGroup: describeSubnetGroup(account, instance.subnetGroup),
    VpcSecurityGroups: instance.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    DBParameterGroups: [{ DBParameterGroupName: instance.parameterGroup, ParameterApplyStatus: 'in-sync' }],
    OptionGroupMemberships: [{ OptionGroupName: instance.optionGroup, Status: 'in-sync' }],
    ...(instance.zone && { AvailabilityZone: instance.zone }),
    MultiAZ: instance.multiAz,
    PubliclyAccessible: instance.publiclyAccessible,
    AutoMinorVersionUpgrade: instance.autoMinorVersionUpgrade,
    CopyTagsToSnapshot: instance.copyTagsToSnapshot,
    IAMDatabaseAuthenticationEnabled: instance.iamAuthentication,
    EnabledCloudwatchLogsExports: [...instance.logExports],
    DeletionProtection: instance.deletionProtection,
    PendingModifiedValues: instance.passwordPending ? { MasterUserPassword: '****' } : {},
    TagList: instance.tags.map((tag) => ({ ...tag })),
  };
}

function restorable(account: RdsAccount, instance: Instance): Pick<DBInstance, 'LatestRestorableTime'> {
  const time = account.faults.noBackups ? undefined : instance.latestRestorableTime;
  return time ? { LatestRestorableTime: time } : {};
}

export function describeSubnetGroup(account: RdsAccount, subnetGroup: SubnetGroup): DBSubnetGroup {
  return {
    DBSubnetGroupName: subnetGroup.name,
    DBSubnetGroupArn: account.arn('subgrp', subnetGroup.name),
    DBSubnetGroupDescription: subnetGroup.name,
    VpcId: subnetGroup.vpcId,
    SubnetGroupStatus: 'Complete',
    Subnets: subnetGroup.subnets.map((subnet) => ({
      SubnetIdentifier: subnet.id,
      SubnetAvailabilityZone: { Name: subnet.zone },
      SubnetStatus: 'Active',
    })),
  };
}

/** A snapshot as DescribeDBSnapshots shows it. */
export function describeSnapshot(snapshot: Snapshot): DBSnapshot {
  const { of: instance } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.identifier,
    DBSnapshotArn: snapshot.arn,
    DBInstanceIdentifier: instance.identifier,
    DbiResourceId: instance.dbiResourceId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: snapshot.percentProgress,
    ...(snapshot.status === 'available' && {
      SnapshotCreateTime: snapshot.createdAt,
      OriginalSnapshotCreateTime: snapshot.originallyCreatedAt,
    }),
    Engine: 'postgres',
    EngineVersion: instance.engineVersion,
    LicenseModel: 'postgresql-license',
    MasterUsername: instance.masterUsername,
    InstanceCreateTime: instance.createdAt,
    AllocatedStorage: instance.allocatedStorage,
    StorageType: instance.storageType,
    Encrypted: instance.kmsKeyId !== undefined,
    ...(instance.kmsKeyId && { KmsKeyId: instance.kmsKeyId }),
    VpcId: instance.subnetGroup.vpcId,
    OptionGroupName: instance.optionGroup,
    IAMDatabaseAuthenticationEnabled: instance.iamAuthentication,
    Port: 5432,
    TagList: snapshot.tags.map((tag) => ({ ...tag })),
  };
}
