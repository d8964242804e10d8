import { CfnDeletionPolicy, Token } from 'aws-cdk-lib';
import type { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { ValidationError } from '../validation';

/** Days of point in time that a weekly drill can still choose from. */
export const MANAGED_RETENTION = 7;

/**
 * Sets what a database of this app says nothing about, and refuses what says less. A token is taken at its word.
 * @param continuousDays how far continuous backups of AWS Backup reach back, which then owns retention and window
 */
export function manageDatabase(
  name: string,
  declared: CfnDBInstance | CfnDBCluster | undefined,
  continuousDays?: number,
): void {
  if (!declared) {
    throw new ValidationError(
      `${name} is imported, and what is not of this app is never changed: leave manage out, or say manage: false`,
    );
  }
  const { copyTagsToSnapshot, deletionProtection, deleteAutomatedBackups } = declared;
  if (continuousDays === undefined) requireRetention(name, declared);
  else requireContinuous(name, declared, continuousDays);
  requireNot(name, 'copyTagsToSnapshot', copyTagsToSnapshot, false);
  requireNot(name, 'deletionProtection', deletionProtection, false);
  requireNot(name, 'deleteAutomatedBackups', deleteAutomatedBackups, true);
  if (deletionProtection === undefined && declared.cfnOptions.deletionPolicy === CfnDeletionPolicy.DELETE) {
    throw conflict(name, 'removalPolicy', 'DESTROY', 'SNAPSHOT or RETAIN');
  }
  declared.backupRetentionPeriod ??= continuousDays ?? MANAGED_RETENTION;
  declared.copyTagsToSnapshot ??= true;
  declared.deletionProtection ??= true;
  declared.deleteAutomatedBackups ??= false;
}

function requireRetention(name: string, { backupRetentionPeriod: days }: CfnDBInstance | CfnDBCluster): void {
  if (days !== undefined && !Token.isUnresolved(days) && days < MANAGED_RETENTION) {
    throw conflict(name, 'backupRetention', `${days} days`, `${MANAGED_RETENTION} days or more`);
  }
}

/** RDS refuses another retention, and any window, once AWS Backup owns them: the next deployment would fail. */
function requireContinuous(name: string, declared: CfnDBInstance | CfnDBCluster, continuousDays: number): void {
  const { backupRetentionPeriod: days, preferredBackupWindow: window } = declared;
  if (days !== undefined && !Token.isUnresolved(days) && days !== continuousDays) {
    throw new ValidationError(
      `backupRetention of ${name} is ${days} days, and its plan's continuous backups keep ${continuousDays}, which AWS Backup sets itself: leave backupRetention out, or give both the same`,
    );
  }
  if (window !== undefined) {
    throw new ValidationError(
      `preferredBackupWindow of ${name} is given, and AWS Backup chooses it for continuous backups: leave it out`,
    );
  }
}

function requireNot(name: string, property: string, value: unknown, refused: boolean): void {
  if (value === refused) throw conflict(name, property, String(value), String(!refused));
}

function conflict(name: string, property: string, value: string, allowed: string): ValidationError {
  return new ValidationError(
    `${property} of ${name} is ${value}, which a managed database may not have: allowed is ${allowed}; or say manage: false, and nothing is set or required`,
  );
}
