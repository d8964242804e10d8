import * as sdk from '@aws-sdk/client-rds';
import type { RunningDatabase } from '../../database-engine';
import { queryProtocol } from '../protocol/query';
import { AwsError } from '../protocol/types';
import { operation, type Operation, type Service, type Tag } from '../service';
import { RdsAccount, type RdsOptions } from './account';
import { automatedBackup, createSnapshot, deleteSnapshot, followArchive, noteArchived } from './backups';
import { addTags, deleteInstance, listTags, modifyInstance, removeTags } from './change';
import * as checks from './checks';
import { clusterOperations, type Cluster, type ClusterSnapshot } from './clusters';
import { describeAccountAttributes, describeInstances, describeSnapshots } from './describe';
import { RdsForBackup } from './for-backup';
import type { Instance, Snapshot } from './model';
import { place } from './registry';
import { newResourceId, restoreFromSnapshot, restoreToPointInTime } from './restore';
import * as rules from './rules';

/** The production instance as it stands before a drill. */
export interface AdoptedSource {
  readonly identifier: string;
  readonly database: RunningDatabase;
  /** Default `db.t4g.micro`. */
  readonly class?: string;
  readonly tags?: readonly Tag[];
  /** Days; default 7. 0: no backups at all. */
  readonly backupRetentionPeriod?: number;
  /** Default 20. */
  readonly allocatedStorageGib?: number;
  /** Default `gp3`. */
  readonly storageType?: string;
  readonly multiAz?: boolean;
  readonly deletionProtection?: boolean;
  readonly copyTagsToSnapshot?: boolean;
  /** ARN of the key; absent: not encrypted. */
  readonly kmsKeyId?: string;
  /** Names in the registry; default: the account's defaults. */
  readonly subnetGroup?: string;
  readonly securityGroups?: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
}

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

/** RDS over a real database engine: restores really replay, snapshots really are copies. */
export class RehearsedRds {
  private readonly account: RdsAccount;

  constructor(options: RdsOptions) {
    this.account = new RdsAccount(options);
  }

  /** What went wrong behind statuses, in the engine's words. */
  get problems(): readonly Error[] {
    return this.account.problems;
  }

  /** Identifiers and statuses of everything that exists. */
  get instances(): readonly { readonly identifier: string; readonly status: string }[] {
    return [...this.account.instances.values()].map(({ identifier, status }) => ({ identifier, status }));
  }

  /** Every snapshot of an instance, of whatever kind. */
  get snapshots(): readonly Pick<Snapshot, 'identifier' | 'type' | 'status' | 'tags'>[] {
    return [...this.account.snapshots.values()].map(({ identifier, type, status, tags }) => ({
      ...{ identifier, type, status, tags },
    }));
  }

  get clusterSnapshots(): readonly Pick<ClusterSnapshot, 'identifier' | 'cluster' | 'status' | 'tags'>[] {
    return [...this.account.clusterSnapshots.values()].map(({ identifier, cluster, status, tags }) => ({
      ...{ identifier, cluster, status, tags },
    }));
  }

  /** Registers a production cluster, of which snapshots can be taken and nothing else. */
  adoptCluster(cluster: Cluster): void {
    const identifier = rules.instanceIdentifier(cluster.identifier);
    this.account.clusters.set(identifier, { ...cluster, identifier });
  }

  /**
   * Registers a running database as a production instance, takes its first automated backup, and resolves once a
   * moment is restorable. Its server stays the caller's to stop.
   */
  async adoptSource(source: AdoptedSource): Promise<void> {
    const instance = this.adopted(source);
    this.account.instances.set(instance.identifier, instance);
    if (instance.backupRetentionPeriod === 0) {
      return;
    }
    await automatedBackup(this.account, instance, source.database);
    while (!instance.latestRestorableTime) {
      await noteArchived(instance, source.database);
      if (!instance.latestRestorableTime && !(await this.account.pause(100))) return;
    }
    followArchive(this.account, instance, source.database);
  }

  /** Makes what has been committed so far restorable now, instead of at the next lag. Answers LatestRestorableTime. */
  async archiveNow(identifier: string): Promise<Date | undefined> {
    const instance = this.account.instance(identifier);
    await noteArchived(instance, instance.database!);
    return instance.latestRestorableTime;
  }

  private adopted(source: AdoptedSource): Instance {
    const { account } = this;
    const engineVersion = account.options.engine.version;
    const identifier = rules.instanceIdentifier(source.identifier);
    return {
      ...place(account.options.registry, source, engineVersion),
      identifier,
      arn: account.arn('db', identifier),
      dbiResourceId: newResourceId(),
      createdAt: account.clock(),
      masterUsername: source.database.masterUsername,
      engineVersion,
      instanceClass: rules.instanceClass(source.class ?? 'db.t4g.micro'),
      allocatedStorage: source.allocatedStorageGib ?? 20,
      storageType: source.storageType ?? 'gp3',
      kmsKeyId: source.kmsKeyId,
      multiAz: source.multiAz ?? false,
      publiclyAccessible: false,
      copyTagsToSnapshot: source.copyTagsToSnapshot ?? false,
      iamAuthentication: false,
      autoMinorVersionUpgrade: true,
      logExports: [],
      deletionProtection: source.deletionProtection ?? false,
      backupRetentionPeriod: rules.retention(source.backupRetentionPeriod ?? 7),
      status: 'available',
      tags: rules.tags(source.tags ?? []),
      database: source.database,
      restoring: false,
      passwordPending: false,
      backups: [],
      adopted: true,
    };
  }

  service(): Service {
    const namespace = 'com.amazonaws.rds';
    return {
      signingName: 'rds',
      protocol: queryProtocol(namespace, '2014-10-31', 'http://rds.amazonaws.com/doc/2014-10-31/'),
      operations: [
        ...reading(this.account),
        ...restoring(this.account),
        ...changing(this.account),
        ...clusterOperations(this.account),
      ],
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    };
  }

  /** As AWS Backup reaches it. */
  forBackup(): RdsForBackup {
    return new RdsForBackup(this.account);
  }

  /** Ends what goes on in the background and removes every restored database. */
  close(): Promise<void> {
    return this.account.close();
  }
}

function reading(account: RdsAccount): Operation[] {
  return [
    operation<sdk.DescribeDBInstancesMessage, object>(
      sdk.DescribeDBInstances$,
      ['DBInstanceIdentifier', 'MaxRecords', 'Marker'],
      (input) => checks.instanceCheck(account, 'rds:DescribeDBInstances', input.DBInstanceIdentifier),
      (input) => describeInstances(account, input),
    ),
    operation<sdk.DescribeDBSnapshotsMessage, object>(
      sdk.DescribeDBSnapshots$,
      ['DBInstanceIdentifier', 'DBSnapshotIdentifier', 'DbiResourceId', 'SnapshotType', 'MaxRecords', 'Marker'],
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
