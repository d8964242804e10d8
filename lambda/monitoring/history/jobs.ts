import {
  paginateListBackupJobs,
  paginateListCopyJobs,
  paginateListRestoreJobs,
  type BackupClient,
  type BackupJob,
  type CopyJob,
  type RestoreJobsListMember,
} from '@aws-sdk/client-backup';
import type { HistoryRecord } from '../../../lib/private/contract/monitoring';
import { secondsBetween } from '../../shared/clock';
import { dayOf, plusDays, startOf } from './days';

/** The name of what is protected, by its ARN. */
export type NameOf = (arn: string | undefined) => string | undefined;

/** How much of what AWS says about a job is kept. */
const LONGEST_MESSAGE = 1_000;
const PAGE = 1_000;
/** A job that never started is given up when its start window closes, which is at most some days long. */
const LONGEST_START_DAYS = 2;

/** Every backup, copy and restore job of the account and Region that ended on a day, whoever asked for it, page by page. */
export async function* jobsOf(backup: BackupClient, day: string, nameOf: NameOf): AsyncGenerator<HistoryRecord> {
  const config = { client: backup, pageSize: PAGE };
  const onDay = (record: HistoryRecord | null): record is HistoryRecord =>
    record !== null && dayOf(record.endedAt) === day;
  // Whether the bounds themselves are within is not documented: asked wider, and looked at.
  const ended = {
    ByCompleteAfter: new Date(startOf(day).getTime() - 1_000),
    ByCompleteBefore: startOf(plusDays(day, 1)),
  };
  for await (const { BackupJobs } of paginateListBackupJobs(config, ended)) {
    yield* (BackupJobs ?? []).map((job) => backupRecord(job, job.CompletionDate, nameOf)).filter(onDay);
  }
  yield* neverStarted(backup, day, nameOf);
  for await (const { CopyJobs } of paginateListCopyJobs(config, ended)) {
    yield* (CopyJobs ?? []).map((job) => copyRecord(job, nameOf)).filter(onDay);
  }
  for await (const { RestoreJobs } of paginateListRestoreJobs(config, ended)) {
    yield* (RestoreJobs ?? []).map((job) => restoreRecord(job, nameOf)).filter(onDay);
  }
}

/** What has no time of completion is in no list by completion; a job that expired ended when it could not start any more. */
async function* neverStarted(backup: BackupClient, day: string, nameOf: NameOf): AsyncGenerator<HistoryRecord> {
  for (const ByState of ['EXPIRED', 'ABORTED'] as const) {
    const created = {
      ByState,
      ByCreatedAfter: startOf(plusDays(day, -LONGEST_START_DAYS)),
      ByCreatedBefore: startOf(plusDays(day, 1)),
    };
    for await (const { BackupJobs } of paginateListBackupJobs({ client: backup, pageSize: PAGE }, created)) {
      for (const job of BackupJobs ?? []) {
        const record = job.CompletionDate ? null : backupRecord(job, job.StartBy ?? job.CreationDate, nameOf);
        if (record && dayOf(record.endedAt) === day) yield record;
      }
    }
  }
}

function backupRecord(job: BackupJob, ended: Date | undefined, nameOf: NameOf): HistoryRecord | null {
  return record('backup', { ...job, id: job.BackupJobId, ended, message: messageOf(job) }, nameOf, {
    vault: job.BackupVaultArn,
    rule: job.CreatedBy?.BackupRuleName,
  });
}

function copyRecord(job: CopyJob, nameOf: NameOf): HistoryRecord | null {
  return record('copy', { ...job, id: job.CopyJobId, ended: job.CompletionDate, message: messageOf(job) }, nameOf, {
    vault: job.SourceBackupVaultArn,
    toVault: job.DestinationBackupVaultArn,
    rule: job.CreatedBy?.BackupRuleName,
  });
}

function restoreRecord(job: RestoreJobsListMember, nameOf: NameOf): HistoryRecord | null {
  const { RestoreJobId: id, CompletionDate: ended, SourceResourceArn: ResourceArn, Status: State } = job;
  return record('restore', { ...job, id, ended, ResourceArn, State, message: job.StatusMessage }, nameOf, {
    vault: job.BackupVaultArn,
  });
}

interface Ended {
  readonly id?: string;
  readonly ended?: Date;
  readonly CreationDate?: Date;
  readonly ResourceArn?: string;
  readonly State?: string;
  readonly message?: string;
}

function record(
  kind: HistoryRecord['kind'],
  { id, ended, CreationDate, ResourceArn, State = 'UNKNOWN', message }: Ended,
  nameOf: NameOf,
  more: Partial<HistoryRecord>,
): HistoryRecord | null {
  if (!id || !ended) return null;
  const endedAt = ended.toISOString();
  const startedAt = CreationDate?.toISOString();
  return {
    kind,
    resource: nameOf(ResourceArn),
    resourceArn: ResourceArn,
    state: State,
    id,
    startedAt,
    endedAt,
    ...(startedAt !== undefined && { seconds: Math.max(0, Math.round(secondsBetween(startedAt, endedAt))) }),
    ...more,
    message: message?.slice(0, LONGEST_MESSAGE),
  };
}

/** "Completed with issues" of the console is COMPLETED with a category other than SUCCESS. */
function messageOf({ StatusMessage, MessageCategory }: Pick<BackupJob, 'StatusMessage' | 'MessageCategory'>) {
  return StatusMessage ?? (MessageCategory === 'SUCCESS' ? undefined : MessageCategory);
}
