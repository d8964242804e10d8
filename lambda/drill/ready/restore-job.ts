import { DescribeRestoreJobCommand, type BackupClient, type DescribeRestoreJobOutput } from '@aws-sdk/client-backup';
import { NamedError, nameOf } from '../../shared/named-error';

/** What a failed job may say that is no news of the recovery point: a right, a quota or a machine was missing. */
const NOT_THE_BACKUP: readonly [RegExp, string][] = [
  [/kms key .*(access|enabled)/i, 'KMSKeyNotAccessibleFault'],
  [/not authorized|access ?denied|insufficient privileges/i, 'AccessDenied'],
  [/quota|limit exceeded/i, 'QuotaReached'],
  [/insufficient.*capacity/i, 'InsufficientDBInstanceCapacity'],
  [/throttl|rate exceeded/i, 'Throttling'],
  [/already exists/i, 'NameTaken'],
];

/** What a restore job that is COMPLETED came to. */
export interface Completed {
  /** ARN of what it created. */
  readonly created?: string;
  /** What it did not do; empty where all went well. AWS Backup's console then says "completed with issues". */
  readonly issues: string;
}

/**
 * Whether a restore job is done.
 * @returns null while it goes on, else the ARN of what it created.
 * @throws when it ended in any other way than well: AWS Backup's console has a "completed with issues", which its API tells only
 * by a message beside COMPLETED.
 */
export async function createdBy(backup: BackupClient, job: string | undefined): Promise<string | null> {
  const completed = await completedJob(backup, job, 'RestoreEndedBadly');
  if (!completed) return null;
  const { created, issues } = completed;
  if (issues !== '') throw new NamedError('RestoredWithIssues', `restore job ${job} completed with issues: ${issues}`);
  if (!created)
    throw new NamedError('RestoreJobUnknown', `restore job ${job} completed and names nothing that it made`);
  return created;
}

/**
 * How a restore job ended; null while it goes on.
 * @param bad name of the error where it failed, and not for want of a right, a quota or a machine
 */
export async function completedJob(
  backup: BackupClient,
  job: string | undefined,
  bad: string,
): Promise<Completed | null> {
  if (job === undefined)
    throw new NamedError('RestoreJobUnknown', 'AWS Backup started a restore and gave its job no id');
  const answer = await describe(backup, job);
  const { Status: status, StatusMessage: message = '', CreatedResourceArn: created } = answer;
  switch (status) {
    case 'PENDING':
    case 'RUNNING':
      return null;
    case 'COMPLETED':
      return { ...(created && { created }), issues: message };
    case 'FAILED':
    case 'ABORTED': {
      const name = NOT_THE_BACKUP.find(([pattern]) => pattern.test(message))?.[1] ?? bad;
      const says = message === '' ? ' without saying why' : `: ${message}`;
      throw new NamedError(name, `restore job ${job} ended ${status}${says}`);
    }
    default:
      throw new NamedError(
        'RestoreJobUnknown',
        `restore job ${job} is in status ${String(status)}, which no drill knows`,
      );
  }
}

async function describe(backup: BackupClient, job: string): Promise<DescribeRestoreJobOutput> {
  try {
    return await backup.send(new DescribeRestoreJobCommand({ RestoreJobId: job }));
  } catch (error) {
    if (nameOf(error) !== 'ResourceNotFoundException') throw error;
    throw new NamedError('RestoreJobUnknown', `AWS Backup does not know restore job ${job} any more`);
  }
}
