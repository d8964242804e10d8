import { InvalidParameterValueException$ } from '@aws-sdk/client-backup';
import type { RestoreDBInstanceFromDBSnapshotMessage } from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';

type Input = RestoreDBInstanceFromDBSnapshotMessage;
type Read = (text: string, key: string) => unknown;

const text: Read = (value) => value;
const flag: Read = (value, key) => {
  if (value !== 'true' && value !== 'false') throw refused(`${key} must be true or false, got: ${value}`);
  return value === 'true';
};
const number: Read = (value, key) => {
  if (!/^\d+$/.test(value)) throw refused(`${key} must be a number, got: ${value}`);
  return Number(value);
};
const list: Read = (value, key) => {
  const items = parsed(value);
  if (!Array.isArray(items)) throw refused(`${key} must be a list as JSON, got: ${value}`);
  return items.map(String);
};

/**
 * Metadata of a restore of RDS: parameters of RestoreDBInstanceFromDBSnapshot as text, lists as JSON
 * (developer guide, restoring-rds). Of its parameters those are here that a drill uses.
 */
const READ: Readonly<Record<string, Read>> = {
  DBInstanceIdentifier: text,
  DBInstanceClass: text,
  Port: number,
  DBSubnetGroupName: text,
  VpcSecurityGroupIds: list,
  DBParameterGroupName: text,
  OptionGroupName: text,
  MultiAZ: flag,
  NetworkType: text,
  PubliclyAccessible: flag,
  AutoMinorVersionUpgrade: flag,
  CopyTagsToSnapshot: flag,
  DeletionProtection: flag,
  EnableIAMDatabaseAuthentication: flag,
};

/** Accepted and without effect, as the developer guide says. */
const FOR_INFORMATION = ['EngineVersion', 'KmsKeyId', 'Encrypted', 'vpcId'];

export function restoreInput(metadata: Readonly<Record<string, string>>, snapshotArn: string): Input {
  const members = Object.entries(metadata).flatMap(([key, value]) => {
    if (FOR_INFORMATION.includes(key)) return [];
    const read = READ[key];
    if (!read) throw refused(`metadata ${key} is not known: use ${Object.keys(READ).join(', ')}`);
    return [[key, read(value, key)]];
  });
  const input = Object.fromEntries(members) as Partial<Input>;
  if (!input.DBInstanceIdentifier) throw refused('metadata DBInstanceIdentifier is required');
  return { ...input, DBInstanceIdentifier: input.DBInstanceIdentifier, DBSnapshotIdentifier: snapshotArn };
}

export function parsed(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

function refused(message: string) {
  return modelled(InvalidParameterValueException$, message);
}
