import {
  InvalidDBInstanceStateFault$,
  type AddTagsToResourceMessage,
  type DeleteDBInstanceMessage,
  type ListTagsForResourceMessage,
  type ModifyDBInstanceMessage,
  type RemoveTagsFromResourceMessage,
} from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';
import type { Tag } from '../service';
import type { RdsAccount } from './account';
import { startSnapshot } from './backups';
import type { Instance } from './model';
import * as rules from './rules';
import { describeInstance } from './shapes';

/** From these a final snapshot is impossible. */
const BROKEN = ['failed', 'incompatible-network', 'incompatible-restore', 'restore-error'];

/** A new master password. Accepted at once, applied later: pending, then `resetting-master-credentials`, then in force. */
export function modifyInstance(account: RdsAccount, input: ModifyDBInstanceMessage) {
  const instance = account.instance(input.DBInstanceIdentifier ?? '');
  account.requireStatus(instance, ['available'], 'be modified');
  if (input.MasterUserPassword !== undefined) {
    rules.masterPassword(input.MasterUserPassword);
    instance.passwordPending = true;
    applyPassword(account, instance, input.MasterUserPassword);
  }
  return { DBInstance: describeInstance(account, instance) };
}

function applyPassword(account: RdsAccount, instance: Instance, password: string): void {
  account.inBackground(async () => {
    await account.pause(account.delays.noticing);
    if (instance.status !== 'available') {
      return;
    }
    instance.status = 'resetting-master-credentials';
    if (!account.faults.refuseLogin) {
      await instance.database!.setMasterPassword(password);
    }
    await account.pause(account.delays.resetting);
    instance.passwordPending = false;
    if (instance.status === 'resetting-master-credentials') {
      instance.status = 'available';
    }
  });
}

export function deleteInstance(account: RdsAccount, input: DeleteDBInstanceMessage) {
  const instance = account.instance(input.DBInstanceIdentifier ?? '');
  const { SkipFinalSnapshot: skip = false, FinalDBSnapshotIdentifier: final } = input;
  if (skip && final !== undefined) {
    throw rules.combination(
      'FinalDBSnapshotIdentifier can not be specified when deleting a DB instance without a final snapshot.',
    );
  }
  if (!skip && final === undefined) {
    throw rules.combination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
  }
  if (instance.deletionProtection) {
    const message = 'Cannot delete protected DB Instance, please disable deletion protection and try again.';
    throw rules.combination(message);
  }
  if (instance.status === 'deleting') {
    throw modelled(InvalidDBInstanceStateFault$, `Instance ${instance.identifier} is already being deleted.`);
  }
  if (instance.restoring) {
    throw modelled(
      InvalidDBInstanceStateFault$,
      `Instance ${instance.identifier} is in state ${instance.status}: it cannot be deleted yet.`,
    );
  }
  if (!skip && (BROKEN.includes(instance.status) || !instance.database)) {
    throw modelled(
      InvalidDBInstanceStateFault$,
      `Instance ${instance.identifier} is ${instance.status}: delete it with SkipFinalSnapshot.`,
    );
  }
  const snapshot = final === undefined ? undefined : rules.snapshotIdentifier(final);
  if (snapshot) {
    startSnapshot(account, instance, snapshot, []);
  }
  instance.status = 'deleting';
  remove(account, instance, snapshot, input.DeleteAutomatedBackups ?? true);
  return { DBInstance: describeInstance(account, instance) };
}

function remove(
  account: RdsAccount,
  instance: Instance,
  finalSnapshot: string | undefined,
  automatedToo: boolean,
): void {
  account.inBackground(async () => {
    await account.pause(account.delays.deleting);
    while (finalSnapshot && account.snapshots.get(finalSnapshot)?.status === 'creating') {
      if (!(await account.pause(20))) break;
    }
    if (!instance.adopted) {
      await instance.database?.destroy();
    }
    instance.database = undefined;
    account.instances.delete(instance.identifier);
    const automated = [...account.snapshots.values()].filter((one) => one.type === 'automated');
    for (const snapshot of automatedToo ? automated : []) {
      if (snapshot.of.dbiResourceId === instance.dbiResourceId) account.snapshots.delete(snapshot.identifier);
    }
  });
}

export function listTags(account: RdsAccount, input: ListTagsForResourceMessage) {
  return { TagList: tagged(account, input.ResourceName ?? '').tags.map((tag) => ({ ...tag })) };
}

export function addTags(account: RdsAccount, input: AddTagsToResourceMessage) {
  const resource = tagged(account, input.ResourceName ?? '');
  const added = rules.tags(input.Tags ?? []);
  const kept = resource.tags.filter((tag) => !added.some((one) => one.Key === tag.Key));
  resource.tags = rules.tags([...kept, ...added]);
  return {};
}

export function removeTags(account: RdsAccount, input: RemoveTagsFromResourceMessage) {
  const resource = tagged(account, input.ResourceName ?? '');
  resource.tags = resource.tags.filter((tag) => !input.TagKeys?.includes(tag.Key ?? ''));
  return {};
}

/** What an ARN names; a tag can sit on an instance or a snapshot. */
export function tagged(account: RdsAccount, arn: string): { tags: Tag[] } {
  const kind = /^arn:[^:]+:rds:[^:]*:[^:]*:(db|snapshot):(.+)$/.exec(arn);
  if (!kind) {
    throw rules.invalid(`Unexpected ARN: ${arn}. It must be the ARN of a db or snapshot.`);
  }
  return kind[1] === 'db' ? account.instance(kind[2]) : account.snapshot(kind[2]);
}
