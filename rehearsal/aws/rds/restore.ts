import { randomBytes } from 'node:crypto';
import {
  DBInstanceAlreadyExistsFault$,
  InvalidDBSnapshotStateFault$,
  InvalidRestoreFault$,
  PointInTimeRestoreNotEnabledFault$,
  type RestoreDBInstanceFromDBSnapshotMessage,
  type RestoreDBInstanceToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import type { PhysicalBackup } from '../../database-engine';
import { modelled } from '../protocol/types';
import type { Tag } from '../service';
import type { RdsAccount } from './account';
import { automatedBackup } from './backups';
import type { Instance } from './model';
import { place } from './registry';
import * as rules from './rules';
import { describeInstance } from './shapes';

type Common = Omit<RestoreDBInstanceFromDBSnapshotMessage, 'DBInstanceIdentifier' | 'DBSnapshotIdentifier'>;
type Origin = Readonly<Omit<Instance, 'tags' | 'status' | 'database'>>;

const LIFECYCLE_SUPPORT = ['open-source-rds-extended-support', 'open-source-rds-extended-support-disabled'];

/** Restores the state of an instance at a moment within its restore window. */
export function restoreToPointInTime(account: RdsAccount, input: RestoreDBInstanceToPointInTimeMessage) {
  const target = rules.instanceIdentifier(input.TargetDBInstanceIdentifier ?? '');
  const source = sourceInstance(account, input);
  const { backup, time } = restorePoint(account, source, input);
  const instance = newInstance(account, target, source, input, source.tags, input.MaxAllocatedStorage);
  run(account, instance, backup, account.faults.restoreOlder ? undefined : time);
  return { DBInstance: describeInstance(account, instance) };
}

/** Restores the state that a snapshot holds. */
export function restoreFromSnapshot(account: RdsAccount, input: RestoreDBInstanceFromDBSnapshotMessage) {
  const target = rules.instanceIdentifier(input.DBInstanceIdentifier ?? '');
  if (!input.DBSnapshotIdentifier) {
    throw rules.combination('Either DBSnapshotIdentifier or DBClusterSnapshotIdentifier must be specified.');
  }
  const snapshot = account.snapshot(input.DBSnapshotIdentifier);
  if (snapshot.status !== 'available' || !snapshot.backup) {
    throw modelled(
      InvalidDBSnapshotStateFault$,
      `DBSnapshot ${snapshot.identifier} is ${snapshot.status}: it must be available.`,
    );
  }
  const instance = newInstance(account, target, snapshot.of, input, snapshot.instanceTags);
  run(account, instance, snapshot.backup, undefined);
  return { DBInstance: describeInstance(account, instance) };
}

function sourceInstance(account: RdsAccount, input: RestoreDBInstanceToPointInTimeMessage): Instance {
  const { SourceDBInstanceIdentifier: identifier, SourceDbiResourceId: resourceId } = input;
  if ((identifier === undefined) === (resourceId === undefined)) {
    throw rules.combination('Exactly one of SourceDBInstanceIdentifier and SourceDbiResourceId must be specified.');
  }
  const byResource = [...account.instances.values()].find((one) => one.dbiResourceId === resourceId);
  return byResource ?? account.instance(identifier ?? resourceId ?? '');
}

/** The moment asked for, and the newest backup from which it can be reached. */
function restorePoint(
  account: RdsAccount,
  source: Instance,
  input: RestoreDBInstanceToPointInTimeMessage,
): { backup: PhysicalBackup; time: Date } {
  if ((input.RestoreTime === undefined) === !input.UseLatestRestorableTime) {
    throw rules.combination('Exactly one of RestoreTime and UseLatestRestorableTime must be specified.');
  }
  if (source.backupRetentionPeriod === 0) {
    const message = `Point-in-time restore is not enabled for ${source.identifier}: its backup retention period is 0.`;
    throw modelled(PointInTimeRestoreNotEnabledFault$, message);
  }
  const latest = source.latestRestorableTime;
  if (!latest || account.faults.noBackups) {
    throw modelled(InvalidRestoreFault$, `Cannot restore ${source.identifier}: it has no completed backup.`);
  }
  const time = input.RestoreTime ?? latest;
  const backup = source.backups.filter((one) => one.finishedAt < time).at(-1);
  if (time > latest || !backup) {
    const earliest = source.backups[0].finishedAt.toISOString();
    const window = `after ${earliest} and not after ${latest.toISOString()}`;
    throw rules.invalid(`The specified instance cannot be restored to ${time.toISOString()}: it must be ${window}.`);
  }
  return { backup, time };
}

function newInstance(
  account: RdsAccount,
  identifier: string,
  origin: Origin,
  input: Common,
  inherited: readonly Tag[],
  maxAllocatedStorage?: number,
): Instance {
  if (account.instances.has(identifier)) {
    throw modelled(DBInstanceAlreadyExistsFault$, 'DB instance already exists');
  }
  checkInput(origin, input);
  const placed = place(
    account.options.registry,
    {
      subnetGroup: input.DBSubnetGroupName,
      securityGroups: input.VpcSecurityGroupIds,
      parameterGroup: input.DBParameterGroupName,
      optionGroup: input.OptionGroupName,
      zone: input.AvailabilityZone,
    },
    origin.engineVersion,
  );
  const tags = input.Tags && input.Tags.length > 0 ? rules.tags(input.Tags) : inherited.map((tag) => ({ ...tag }));
  account.requireQuota();
  const instance: Instance = {
    ...placed,
    identifier,
    arn: account.arn('db', identifier),
    dbiResourceId: newResourceId(),
    createdAt: account.clock(),
    masterUsername: origin.masterUsername,
    engineVersion: origin.engineVersion,
    instanceClass: rules.instanceClass(input.DBInstanceClass ?? origin.instanceClass),
    allocatedStorage: input.AllocatedStorage ?? origin.allocatedStorage,
    storageType: input.StorageType ?? origin.storageType,
    kmsKeyId: origin.kmsKeyId,
    zone: input.AvailabilityZone ?? placed.subnetGroup.subnets.at(0)?.zone,
    multiAz: input.MultiAZ ?? false,
    publiclyAccessible: input.PubliclyAccessible ?? false,
    copyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    iamAuthentication: input.EnableIAMDatabaseAuthentication ?? false,
    autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? origin.autoMinorVersionUpgrade,
    logExports: input.EnableCloudwatchLogsExports ?? [],
    maxAllocatedStorage,
    deletionProtection: input.DeletionProtection ?? false,
    backupRetentionPeriod: rules.retention(input.BackupRetentionPeriod ?? origin.backupRetentionPeriod),
    status: 'creating',
    tags,
    restoring: true,
    passwordPending: false,
    backups: [],
    adopted: false,
  };
  account.instances.set(identifier, instance);
  return instance;
}

function checkInput(origin: Origin, input: Common): void {
  if (input.Engine !== undefined && input.Engine !== 'postgres') {
    throw rules.invalid(`Invalid engine ${input.Engine}: the source is postgres.`);
  }
  if (input.MultiAZ && input.AvailabilityZone) {
    throw rules.combination('Requesting a specific availability zone is not valid for Multi-AZ instances.');
  }
  if (input.AllocatedStorage !== undefined && input.AllocatedStorage < origin.allocatedStorage) {
    throw rules.invalid(
      `Invalid storage size ${input.AllocatedStorage}: it must be at least ${origin.allocatedStorage}.`,
    );
  }
  const support = input.EngineLifecycleSupport ?? LIFECYCLE_SUPPORT[0];
  if (!LIFECYCLE_SUPPORT.includes(support)) {
    throw rules.invalid(`Invalid EngineLifecycleSupport '${support}': use one of ${LIFECYCLE_SUPPORT.join(', ')}.`);
  }
  if (input.NetworkType !== undefined && input.NetworkType !== 'IPV4') {
    throw rules.invalid(`NetworkType '${input.NetworkType}' needs subnets with IPv6, which no subnet group here has`);
  }
  rules.port(input.Port);
}

export function newResourceId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `db-${[...randomBytes(26)].map((byte) => alphabet[byte % 32]).join('')}`;
}

/** The engine restores while the instance is `creating`; then it gets the status that its end deserves. */
function run(account: RdsAccount, instance: Instance, backup: PhysicalBackup, time: Date | undefined): void {
  const restored = async () => {
    instance.database = await account.options.engine.restore(backup, time);
    await account.faults.afterRestore?.(instance.database);
    return instance.database;
  };
  account.inBackground(async () => {
    const [ended] = await Promise.allSettled([restored(), account.pause(account.delays.creating)]);
    instance.restoring = false;
    if (ended.status === 'fulfilled') {
      await becomeAvailable(account, instance, ended.value);
    } else {
      instance.status = 'restore-error';
      throw ended.reason;
    }
  });
}

async function becomeAvailable(account: RdsAccount, instance: Instance, database: NonNullable<Instance['database']>) {
  const { restoreEndsIn, neverAvailable } = account.faults;
  if (restoreEndsIn ?? neverAvailable) {
    instance.status = restoreEndsIn ?? instance.status;
    return;
  }
  if (instance.backupRetentionPeriod > 0) {
    instance.status = 'backing-up';
    await Promise.all([automatedBackup(account, instance, database), account.pause(account.delays.backingUp)]);
  }
  instance.status = 'available';
}
