import { CfnDeletionPolicy, Resource, Token } from 'aws-cdk-lib';
import { CfnDBInstance, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { ValidationError } from './validation';

/** Days of point in time that a weekly drill can still choose from. */
export const MANAGED_RETENTION = 7;

/** Sets what an instance of this app says nothing about, and refuses what says less. A token is taken at its word. */
export function manageInstance(name: string, instance: IDatabaseInstance): void {
  const declared = Resource.isOwnedResource(instance) ? instance.node.defaultChild : undefined;
  if (!(declared instanceof CfnDBInstance)) {
    throw new ValidationError(
      `${name} is imported, and what is not of this app is never changed: leave manage out, or say manage: false`,
    );
  }
  const { backupRetentionPeriod: days, copyTagsToSnapshot, deletionProtection, deleteAutomatedBackups } = declared;
  if (days !== undefined && !Token.isUnresolved(days) && days < MANAGED_RETENTION) {
    throw conflict(name, 'backupRetention', `${days} days`, `${MANAGED_RETENTION} days or more`);
  }
  requireNot(name, 'copyTagsToSnapshot', copyTagsToSnapshot, false);
  requireNot(name, 'deletionProtection', deletionProtection, false);
  requireNot(name, 'deleteAutomatedBackups', deleteAutomatedBackups, true);
  if (deletionProtection === undefined && declared.cfnOptions.deletionPolicy === CfnDeletionPolicy.DELETE) {
    throw conflict(name, 'removalPolicy', 'DESTROY', 'SNAPSHOT or RETAIN');
  }
  declared.backupRetentionPeriod ??= MANAGED_RETENTION;
  declared.copyTagsToSnapshot ??= true;
  declared.deletionProtection ??= true;
  declared.deleteAutomatedBackups ??= false;
}

function requireNot(name: string, property: string, value: unknown, refused: boolean): void {
  if (value === refused) throw conflict(name, property, String(value), String(!refused));
}

function conflict(name: string, property: string, value: string, allowed: string): ValidationError {
  return new ValidationError(
    `${property} of ${name} is ${value}, which a managed instance may not have: allowed is ${allowed}; or say manage: false, and nothing is set or required`,
  );
}
