import {
  KMSKeyNotAccessibleFault$,
  type AddTagsToResourceMessage,
  type CreateDBSnapshotMessage,
  type DescribeDBSnapshotsMessage,
  type RemoveTagsFromResourceMessage,
  type RestoreDBInstanceFromDBSnapshotMessage,
  type RestoreDBInstanceToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import type { Context } from '../authorization';
import { modelled } from '../protocol/types';
import { requestTags, resourceTags, type Check, type Tag } from '../service';
import type { RdsAccount } from './account';
import type { Instance, Snapshot } from './model';
import { defaultOptionGroup, defaultParameterGroup } from './registry';

/*
 * What RDS authorizes. Where AWS does not document which of several resources it looks at, all of them must be
 * allowed here: a role that passes then passes on AWS whichever it is.
 */

type Origin = Pick<Instance, 'engineVersion' | 'kmsKeyId'>;

export function instanceCheck(account: RdsAccount, action: string, identifier: string | undefined): Check[] {
  const name = identifier?.toLowerCase().replace(/^arn:.*:db:/, '') ?? '*';
  return [{ action, resource: account.arn('db', name), context: tagContext(account.findInstance(name)) }];
}

export function snapshotsCheck(account: RdsAccount, input: DescribeDBSnapshotsMessage): Check[] {
  const action = 'rds:DescribeDBSnapshots';
  const named = input.DBSnapshotIdentifier;
  const snapshot: Check = { action, resource: account.arn('snapshot', named ? snapshotName(named) : '*') };
  return input.DBInstanceIdentifier || input.Filters
    ? [...instanceCheck(account, action, input.DBInstanceIdentifier), snapshot]
    : [snapshot];
}

export function createSnapshotChecks(account: RdsAccount, input: CreateDBSnapshotMessage): Check[] {
  const context = tagsOfRequest(input.Tags);
  const arn = account.arn('snapshot', snapshotName(input.DBSnapshotIdentifier ?? ''));
  const action = 'rds:CreateDBSnapshot';
  return [
    ...instanceCheck(account, action, input.DBInstanceIdentifier).map((check) => ({
      ...check,
      context: { ...check.context, ...context },
    })),
    { action, resource: arn, context },
    ...addTagsChecks(arn, input.Tags, true),
  ];
}

/** What RDS authorizes in the Region that a copy is of: reading the original, under its key. */
export function copyFromChecks(account: RdsAccount, original: Snapshot): Check[] {
  const { kmsKeyId } = original.of;
  return [
    { action: 'rds:CopyDBSnapshot', resource: original.arn, context: tagContext(original) },
    ...(kmsKeyId ? keyChecks(account, kmsKeyId) : []),
  ];
}

/** What RDS authorizes in the Region that a copy goes to: making it, tags and all, under a key of that Region. */
export function copyToChecks(account: RdsAccount, original: Snapshot, identifier: string, kmsKeyId: string): Check[] {
  const arn = account.arn('snapshot', identifier);
  return [
    { action: 'rds:CopyDBSnapshot', resource: arn, context: tagsOfRequest(original.tags) },
    ...addTagsChecks(arn, original.tags, true),
    { action: 'rds:DescribeDBSnapshots', resource: arn },
    ...keyChecks(account, kmsKeyId),
  ];
}

export function deleteSnapshotChecks(account: RdsAccount, identifier: string): Check[] {
  const arn = account.arn('snapshot', snapshotName(identifier));
  return [{ action: 'rds:DeleteDBSnapshot', resource: arn, context: tagContext(account.findSnapshot(identifier)) }];
}

export function tagChecks(account: RdsAccount, action: string, arn: string, input?: AddTagsToResourceMessage): Check[] {
  const [, kind, name] = /:(db|snapshot):(.+)$/.exec(arn) ?? [];
  const found = kind === 'db' ? account.findInstance(name) : kind ? account.findSnapshot(name) : undefined;
  const given = input ? { ...tagsOfRequest(input.Tags), 'rds:TagsFromRequest': 'true' } : {};
  return [{ action, resource: arn, context: { ...tagContext(found), ...given } }];
}

export function removeTagsChecks(account: RdsAccount, input: RemoveTagsFromResourceMessage): Check[] {
  const keys: Context = input.TagKeys?.length ? { 'aws:TagKeys': input.TagKeys } : {};
  return tagChecks(account, 'rds:RemoveTagsFromResource', input.ResourceName ?? '').map((check) => ({
    ...check,
    context: { ...check.context, ...keys },
  }));
}

export function pointInTimeChecks(account: RdsAccount, input: RestoreDBInstanceToPointInTimeMessage): Check[] {
  const source =
    account.findInstance(input.SourceDBInstanceIdentifier ?? '') ??
    [...account.instances.values()].find((one) => one.dbiResourceId === input.SourceDbiResourceId);
  const name = source?.identifier ?? (input.SourceDBInstanceIdentifier ?? '*').toLowerCase();
  const from: Check = {
    action: 'rds:RestoreDBInstanceToPointInTime',
    resource: account.arn('db', name),
    context: tagContext(source),
  };
  return restoreChecks(account, from, source, source?.tags, input.TargetDBInstanceIdentifier ?? '', input);
}

export function fromSnapshotChecks(account: RdsAccount, input: RestoreDBInstanceFromDBSnapshotMessage): Check[] {
  const name = snapshotName(input.DBSnapshotIdentifier ?? '*');
  const snapshot = account.findSnapshot(name);
  const from: Check = {
    action: 'rds:RestoreDBInstanceFromDBSnapshot',
    resource: account.arn('snapshot', name),
    context: tagContext(snapshot),
  };
  return restoreChecks(account, from, snapshot?.of, snapshot?.instanceTags, input.DBInstanceIdentifier ?? '', input);
}

/** Source, target and every group of a restore, default ones too; then the tags; then the key. */
function restoreChecks(
  account: RdsAccount,
  from: Check,
  origin: Origin | undefined,
  inherited: readonly Tag[] | undefined,
  target: string,
  input: RestoreDBInstanceFromDBSnapshotMessage | RestoreDBInstanceToPointInTimeMessage,
): Check[] {
  const { action } = from;
  const version = origin?.engineVersion ?? account.options.engine.version;
  const asked = {
    ...tagsOfRequest(input.Tags),
    ...(input.PubliclyAccessible !== undefined && { 'rds:PubliclyAccessible': String(input.PubliclyAccessible) }),
  };
  const targetArn = account.arn('db', target.toLowerCase());
  const explicit = (input.Tags ?? []).length > 0;
  return [
    { ...from, context: { ...from.context, ...asked } },
    { action, resource: targetArn, context: { ...asked, ...tagContext(account.findInstance(target)) } },
    { action, resource: account.arn('subgrp', input.DBSubnetGroupName?.toLowerCase() ?? 'default'), context: asked },
    {
      action,
      resource: account.arn('pg', input.DBParameterGroupName ?? defaultParameterGroup(version)),
      context: asked,
    },
    { action, resource: account.arn('og', input.OptionGroupName ?? defaultOptionGroup(version)), context: asked },
    ...addTagsChecks(targetArn, explicit ? input.Tags : inherited, explicit),
    ...(origin?.kmsKeyId ? keyChecks(account, origin.kmsKeyId) : []),
  ];
}

/** Inherited tags are authorized like given ones; `rds:TagsFromRequest` tells them apart. */
export function addTagsChecks(arn: string, tags: readonly Tag[] | undefined, explicit: boolean): Check[] {
  if (!tags || tags.length === 0) {
    return [];
  }
  const context = { ...tagsOfRequest(tags), 'rds:TagsFromRequest': String(explicit) };
  return [{ action: 'rds:AddTagsToResource', resource: arn, context }];
}

/** RDS uses the key in the caller's name: a restore of encrypted data needs to see it and to grant it on. */
function keyChecks(account: RdsAccount, key: string): Check[] {
  const context = {
    'kms:ViaService': `rds.${account.options.region}.amazonaws.com`,
    'kms:CallerAccount': account.options.account,
  };
  const deniedAs = (message: string) =>
    modelled(
      KMSKeyNotAccessibleFault$,
      `The specified KMS key [${key}] does not exist, is not enabled or you do not have permissions to access it. ${message}`,
    );
  return [
    { action: 'kms:DescribeKey', resource: key, context, deniedAs },
    {
      action: 'kms:CreateGrant',
      resource: key,
      context: { ...context, 'kms:GrantIsForAWSResource': 'true' },
      deniedAs,
    },
  ];
}

export function tagsOfRequest(tags: readonly Tag[] | undefined) {
  const own = (tags ?? []).map((tag) => [`rds:req-tag/${tag.Key ?? ''}`, tag.Value ?? '']);
  return { ...requestTags(tags), ...Object.fromEntries(own) };
}

function tagContext(resource: Instance | Snapshot | undefined): Record<string, string> {
  if (!resource) {
    return {};
  }
  const prefix = 'of' in resource ? 'rds:snapshot-tag' : 'rds:db-tag';
  const own = resource.tags.map((tag) => [`${prefix}/${tag.Key ?? ''}`, tag.Value ?? '']);
  return { ...resourceTags(resource.tags), ...Object.fromEntries(own) };
}

function snapshotName(identifier: string): string {
  return identifier.toLowerCase().replace(/^arn:[^:]+:rds:[^:]*:[^:]*:snapshot:/, '');
}
