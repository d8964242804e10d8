import { StartRestoreJobCommand, type BackupClient } from '@aws-sdk/client-backup';
import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DrillFacts, SourceFacts } from '../../../../lib/private/contract/drill';
import { leaveBucketNote } from '../../../shared/bucket-restore-note';
import { now } from '../../../shared/clock';
import { required } from '../../../shared/environment';
import { NamedError } from '../../../shared/named-error';
import type { Store } from '../../../shared/store';
import { completedJob } from '../../ready/restore-job';
import type { RestoredByJob } from './restored';

/** Whom to ask. */
export interface Asked {
  readonly backup: BackupClient;
  readonly s3: S3Client;
  readonly state: Store;
}

/** The job one step on: asked for, then asked after. Once it has `issues`, what it restored can be read. */
export async function jobStep(
  asked: Asked,
  drill: DrillFacts,
  source: SourceFacts,
  job: RestoredByJob | undefined,
): Promise<RestoredByJob> {
  if (!job) return start(asked, drill, source);
  const completed = await completedJob(asked.backup, job.id, 'FilesNotRestored');
  return completed ? { ...job, issues: completed.issues } : job;
}

/**
 * It cannot be stopped afterwards and its id is AWS's to give, so a note with its token is left first: asked again with the same
 * token, AWS Backup answers the job that it has.
 */
async function start({ backup, s3, state }: Asked, drill: DrillFacts, source: SourceFacts): Promise<RestoredByJob> {
  const { restoredTo = '', prefix = '' } = source.files ?? {};
  const note = await leaveBucketNote(state, drill, source, now(), () => requireEmpty(s3, restoredTo, prefix));
  const { RestoreJobId: id } = await backup.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: source.arn,
      ResourceType: 'S3',
      IamRoleArn: required('BUCKET_RESTORE_ROLE'),
      IdempotencyToken: note.token,
      Metadata: bucketMetadata(source, required('RESTORE_KEY')),
    }),
  );
  return { ...(id && { id }) };
}

/** All values are text, the list of items is JSON. Tags and ACLs are not content. */
export function bucketMetadata(source: SourceFacts, keyArn: string): Record<string, string> {
  const { restoredTo = '', prefix = '' } = source.files ?? {};
  return {
    DestinationBucketName: restoredTo,
    NewBucket: 'false',
    Encrypted: 'true',
    EncryptionType: 'SSE-KMS',
    KMSKey: keyArn,
    RestoreACLs: 'false',
    RestoreLatestVersionsUpTo: '1',
    ...(prefix !== '' && { ItemsToRestore: JSON.stringify([prefix]) }),
    ...(source.recoveryPoint?.continuous && { RestoreTime: source.restorePoint }),
  };
}

/** AWS Backup leaves a file that is there as it is: it would be taken for a restored one, and removed as one. */
async function requireEmpty(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  const asked = { Bucket: bucket, Prefix: prefix, MaxKeys: 1 };
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand(asked));
  if (Versions.length + DeleteMarkers.length === 0) return;
  throw new NamedError(
    'NameTaken',
    `${bucket} holds something ${prefix === '' ? '' : `under ${prefix} `}that no drill left: find out in CloudTrail who wrote it and remove it, or wait a week until it has expired`,
  );
}
