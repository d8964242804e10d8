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

/**
 * Whether a restore job is done.
 * @returns null while it goes on, else the ARN of what it created.
 * @throws when it ended in any other way than well: AWS Backup's console has a "completed with issues", which its API tells only
 * by a message beside COMPLETED.
 */
export async function createdBy(backup: BackupClient, job: string | undefined): Promise<string | null> {
  if (job === undefined)
    throw new NamedError('RestoreJobUnknown', 'AWS Backup started a restore and gave its job no id');
  const answer = await describe(backup, job);
  const { Status: status, StatusMessage: message = '', CreatedResourceArn: created } = answer;
  const says = message === '' ? ' without saying why' : `: ${message}`;
  switch (status) {
    case 'PENDING':
    case 'RUNNING':
      return null;
    case 'COMPLETED':
      if (message !== '') throw new NamedError('RestoredWithIssues', `restore job ${job} completed with issues${says}`);
      if (!created)
        throw new NamedError('RestoreJobUnknown', `restore job ${job} completed and names nothing that it made`);
      return created;
    case 'FAILED':
    case 'ABORTED': {
      const name = NOT_THE_BACKUP.find(([pattern]) => pattern.test(message))?.[1] ?? 'RestoreEndedBadly';
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
