import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';

/** A continuous backup of a bucket knows what is older than this, seconds. */
export const CONTINUOUS_LAG = 15 * 60;

/** `arn:aws:backup:<region>:<account>:recovery-point:continuous:...`; AWS Backup says it nowhere else. */
export function isContinuous(arn: string): boolean {
  return /:recovery-point:continuous:/.test(arn);
}

/**
 * Whether it takes what is written now. AWS Backup makes STOPPED of one that it may not follow any more, or whose rule keeps
 * another while; the next run of the rule begins another (its API reference, on the Status of a recovery point).
 */
export function goesOn({ RecoveryPointArn = '', Status }: RecoveryPointByBackupVault): boolean {
  return isContinuous(RecoveryPointArn) && (Status === 'COMPLETED' || Status === 'AVAILABLE');
}
