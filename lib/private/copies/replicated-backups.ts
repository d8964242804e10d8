import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { MANAGED_RETENTION } from '../databases/managed-database';
import type { CopyTarget } from './copy-target';
import { ValidationError } from '../validation';

/**
 * Where RDS replicates the automated backups of an instance: within its account, to one other Region. The first destination that
 * can is taken, but an instance that names its Region already keeps it.
 */
export function replicationTarget(
  name: string,
  targets: readonly CopyTarget[],
  home: string,
  declared?: CfnDBInstance,
): CopyTarget | undefined {
  const able = targets.filter(({ replicates, region, keyArn }) => replicates && region !== home && keyArn);
  const named = declared?.automaticBackupReplicationRegion;
  if (able.length === 0 || named === undefined || Token.isUnresolved(named)) return able[0];
  const target = able.find(({ region }) => region === named);
  if (target) return target;
  throw new ValidationError(
    `automaticBackupReplicationRegion of ${name} is ${named}, and its plan copies to ${able.map(({ region }) => region).join(', ')}: RDS replicates to one Region; name one of the plan's, leave it out, or say replicateAutomatedBackups: false of the destination`,
  );
}

/** RDS replicates as soon as the instance says so; what the instance says already stays. */
export function replicate(declared: CfnDBInstance, target: CopyTarget, encrypted: boolean): void {
  target.orderAfter(Stack.of(declared));
  declared.automaticBackupReplicationRegion ??= target.region;
  if (encrypted) declared.automaticBackupReplicationKmsKeyId ??= target.keyArn;
  declared.automaticBackupReplicationRetentionPeriod ??= declared.backupRetentionPeriod;
}

/** What is not of this app is not changed: said is the command that does it, to be run once the destination is deployed. */
export function findUnreplicated(
  resource: Construct,
  name: string,
  identifier: string,
  home: string,
  target: CopyTarget,
): void {
  const account = Token.isUnresolved(target.account)
    ? '$(aws sts get-caller-identity --query Account --output text)'
    : target.account;
  const id = Token.isUnresolved(identifier) ? '<its identifier>' : identifier;
  const command = [
    'aws rds start-db-instance-automated-backups-replication',
    `--region ${target.region}`,
    `--source-region ${home}`,
    `--source-db-instance-arn "arn:${RegionInfo.get(home).partition ?? 'aws'}:rds:${home}:${account}:db:${id}"`,
    `--kms-key-id ${target.keyForShell}`,
    `--backup-retention-period ${MANAGED_RETENTION}`,
  ].join(' ');
  Annotations.of(resource).addInfoV2(
    'cdk-recoverable:automatedBackupsNotReplicated',
    `automated backups of ${name} are not changed by this app: unless RDS replicates them to ${target.region} already, no point in time can be restored there; after deployment, run: ${command} (without --kms-key-id if ${name} is not encrypted)`,
  );
}
