import {
  DBSnapshotAlreadyExistsFault$,
  DBSnapshotNotFoundFault$,
  InvalidDBSnapshotStateFault$,
  type CreateDBSnapshotMessage,
  type DeleteDBSnapshotMessage,
} from '@aws-sdk/client-rds';
import type { PhysicalBackup, RunningDatabase } from '../../database-engine';
import { modelled } from '../protocol/types';
import type { RdsAccount } from './account';
import type { Instance, Snapshot } from './model';
import { describeSnapshot } from './shapes';
import * as rules from './rules';

const DAY = 86_400_000;

/** Takes an automated backup: the base of point-in-time restores, and a snapshot of its own. */
export async function automatedBackup(
  account: RdsAccount,
  instance: Instance,
  database: RunningDatabase,
): Promise<void> {
  const backup = await database.backup();
  instance.backups.push(backup);
  const stamp = backup.finishedAt.toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const snapshot = newSnapshot(account, instance, `rds:${instance.identifier}-${stamp}`, 'automated', []);
  keep(account, snapshot, backup);
  expire(account, instance);
}

/** Automated backups are kept for the retention period, beside the newest one. */
function expire(account: RdsAccount, instance: Instance): void {
  const end = account.clock().getTime() - instance.backupRetentionPeriod * DAY;
  while (instance.backups.length > 1 && instance.backups[0].finishedAt.getTime() < end) instance.backups.shift();
  for (const [name, { type, of, createdAt }] of account.snapshots) {
    const automated = type === 'automated' && of.dbiResourceId === instance.dbiResourceId;
    if (automated && createdAt.getTime() < end) account.snapshots.delete(name);
  }
}

/** Every so often, what was archived since becomes restorable. Ends with the instance or the account. */
export function followArchive(account: RdsAccount, instance: Instance, database: RunningDatabase): void {
  const lag = (account.options.lagSeconds ?? 1) * 1000;
  account.inBackground(async () => {
    while ((await account.pause(lag)) && account.instances.get(instance.identifier) === instance) {
      // What cannot be archived now may be later; meanwhile nothing newer becomes restorable.
      await noteArchived(account, instance, database).catch((error: Error) => account.problems.push(error));
    }
  });
}

/**
 * LatestRestorableTime is whole seconds, and never lies before the oldest backup. It never goes back either: of two looks at once
 * the one that began first may end last.
 */
export async function noteArchived(account: RdsAccount, instance: Instance, database: RunningDatabase): Promise<void> {
  if (!account.archives(instance)) return;
  const archived = await database.archive();
  const time = new Date(Math.floor(archived.getTime() / 1000) * 1000);
  const oldest = instance.backups.at(0)?.finishedAt;
  const { latestRestorableTime: latest = time } = instance;
  if (oldest && time > oldest && time >= latest) {
    instance.latestRestorableTime = time;
  }
}

export function createSnapshot(account: RdsAccount, input: CreateDBSnapshotMessage) {
  const identifier = rules.snapshotIdentifier(input.DBSnapshotIdentifier ?? '');
  const instance = account.instance(input.DBInstanceIdentifier ?? '');
  account.requireStatus(instance, ['available'], 'be snapshotted');
  const snapshot = startSnapshot(account, instance, identifier, rules.tags(input.Tags ?? []));
  return { DBSnapshot: describeSnapshot(snapshot) };
}

/** Starts a snapshot of somebody's own; it is `creating` until its copy is complete. */
export function startSnapshot(
  account: RdsAccount,
  instance: Instance,
  identifier: string,
  tags: Snapshot['tags'],
  type: Snapshot['type'] = 'manual',
): Snapshot {
  if (account.snapshots.has(identifier)) {
    throw modelled(
      DBSnapshotAlreadyExistsFault$,
      `Cannot create the snapshot because one with the identifier ${identifier} already exists.`,
    );
  }
  account.requireSnapshotQuota();
  const inherited = tags.length === 0 && instance.copyTagsToSnapshot ? [...instance.tags] : tags;
  const snapshot = newSnapshot(account, instance, identifier, type, inherited);
  account.snapshots.set(identifier, snapshot);
  account.inBackground(async () => {
    try {
      const backup = await instance.database!.backup();
      snapshot.percentProgress = 50;
      while (account.faults.snapshotSlow) {
        if (!(await account.pause(50))) return;
      }
      if (account.faults.snapshotFails) snapshot.status = 'failed';
      else if (account.snapshots.get(identifier) === snapshot) keep(account, snapshot, backup);
    } catch (error) {
      snapshot.status = 'failed';
      throw error;
    }
  });
  return snapshot;
}

/** Keeps a copy of a snapshot, maybe of another Region, under a key of this one. It needs nothing of its original any more. */
export function copySnapshot(account: RdsAccount, original: Snapshot, identifier: string, kmsKeyId: string): Snapshot {
  const copy: Snapshot = {
    ...original,
    identifier,
    arn: account.arn('snapshot', identifier),
    createdAt: account.clock(),
    of: { ...original.of, kmsKeyId },
  };
  account.snapshots.set(identifier, copy);
  return copy;
}

/** Manual ones alone: RDS itself keeps and removes the automated ones. */
export function deleteSnapshot(account: RdsAccount, input: DeleteDBSnapshotMessage) {
  const identifier = input.DBSnapshotIdentifier ?? '';
  const snapshot = account.snapshots.get(identifier.toLowerCase());
  if (!snapshot) throw modelled(DBSnapshotNotFoundFault$, `DBSnapshot ${identifier} not found.`);
  if (snapshot.type !== 'manual' || snapshot.status === 'creating') {
    const message = `Cannot delete the ${snapshot.type} snapshot ${identifier} in state ${snapshot.status}.`;
    throw modelled(InvalidDBSnapshotStateFault$, message);
  }
  account.snapshots.delete(snapshot.identifier);
  return { DBSnapshot: { ...describeSnapshot(snapshot), Status: 'deleted' } };
}

function newSnapshot(
  account: RdsAccount,
  instance: Instance,
  identifier: string,
  type: Snapshot['type'],
  tags: Snapshot['tags'],
): Snapshot {
  const createdAt = account.clock();
  return {
    identifier,
    arn: account.arn('snapshot', identifier),
    type,
    createdAt,
    originallyCreatedAt: createdAt,
    of: { ...instance },
    instanceTags: [...instance.tags],
    tags,
    status: 'creating',
    percentProgress: 0,
  };
}

/** A snapshot is as old as the state that it holds: the consistent end of its copy. */
function keep(account: RdsAccount, snapshot: Snapshot, backup: PhysicalBackup): void {
  const complete: Snapshot = {
    ...snapshot,
    backup,
    status: 'available',
    percentProgress: 100,
    createdAt: backup.finishedAt,
    originallyCreatedAt: backup.finishedAt,
  };
  account.snapshots.set(snapshot.identifier, complete);
}
