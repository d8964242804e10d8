import type { RestoreDBInstanceFromDBSnapshotMessage } from '@aws-sdk/client-rds';
import type { Allow } from '../service-roles';
import type { RdsAccount } from './account';
import { copySnapshot, startSnapshot } from './backups';
import * as checks from './checks';
import type { Snapshot } from './model';
import { restoreFromSnapshot } from './restore';

/** What AWS Backup does to the databases of an account: never in its own name, always in that of a role. */
export class RdsForBackup {
  constructor(private readonly account: RdsAccount) {}

  /** A snapshot under a name that no user may give. */
  snapshot(instanceArn: string, identifier: string, allow: Allow) {
    const { account } = this;
    const instance = account.instance(instanceArn);
    const tags = [{ Key: 'aws:backup:source-resource', Value: instance.dbiResourceId }];
    const input = { DBInstanceIdentifier: instance.identifier, DBSnapshotIdentifier: identifier, Tags: tags };
    checks.createSnapshotChecks(account, input).forEach(allow);
    account.requireStatus(instance, ['available'], 'be backed up');
    const { arn } = startSnapshot(account, instance, identifier, tags, 'awsbackup');
    return { arn, status: () => account.snapshot(identifier).status };
  }

  /** A snapshot that another Region is about to copy. */
  original(snapshotArn: string, allow: Allow): Snapshot {
    const original = this.account.snapshot(snapshotArn);
    checks.copyFromChecks(this.account, original).forEach(allow);
    return original;
  }

  /** Copies another Region's snapshot into this one. @returns the copy's ARN */
  copy(original: Snapshot, identifier: string, kmsKeyId: string, allow: Allow): string {
    checks.copyToChecks(this.account, original, identifier, kmsKeyId).forEach(allow);
    return copySnapshot(this.account, original, identifier, kmsKeyId).arn;
  }

  /** How the instance was set when a snapshot was taken: where production is. */
  settings(snapshotArn: string): Record<string, string> {
    const { of: instance } = this.account.snapshot(snapshotArn);
    return {
      DBInstanceIdentifier: instance.identifier,
      DBInstanceClass: instance.instanceClass,
      DBSubnetGroupName: instance.subnetGroup.name,
      DBParameterGroupName: instance.parameterGroup,
      OptionGroupName: instance.optionGroup,
      VpcSecurityGroupIds: JSON.stringify(instance.securityGroups),
      MultiAZ: String(instance.multiAz),
      PubliclyAccessible: String(instance.publiclyAccessible),
      DeletionProtection: String(instance.deletionProtection),
      Engine: 'postgres',
      EngineVersion: instance.engineVersion,
      vpcId: instance.subnetGroup.vpcId,
    };
  }

  restore(input: RestoreDBInstanceFromDBSnapshotMessage, allow: Allow): void {
    checks.fromSnapshotChecks(this.account, input).forEach(allow);
    restoreFromSnapshot(this.account, input);
  }

  instance(identifier: string): { readonly arn: string; readonly status: string } | undefined {
    return this.account.findInstance(identifier);
  }

  /** Work that goes on after an answer; closing the account ends it. */
  inBackground(work: () => Promise<void>): void {
    this.account.inBackground(work);
  }

  /** Answers whether the account is still open. */
  pause(milliseconds: number): Promise<boolean> {
    return this.account.pause(milliseconds);
  }
}
