import { paginateListCopyJobs, type BackupClient } from '@aws-sdk/client-backup';
import type { Asking } from './asking';
import type { NewestKept } from './newest-kept';

/**
 * Copies in another account's vault, which home sees by its jobs alone; AWS Backup forgets those after 30 days. A copy is as old as
 * its original, of which a job does not say the moment: its own beginning is the nearest that is known.
 * @returns whether AWS Backup answered to the end
 */
export async function copyJobs(
  client: BackupClient,
  asking: Asking,
  vaultArn: string,
  since: string,
  newest: NewestKept,
): Promise<boolean> {
  const input = {
    ByDestinationVaultArn: vaultArn,
    ByState: 'COMPLETED' as const,
    ByCompleteAfter: new Date(since),
  };
  const answered = await asking.ask(`copies into ${vaultArn}`, async (options) => {
    for await (const page of paginateListCopyJobs({ client, pageSize: 1000 }, input, options)) {
      for (const { ResourceArn, CreationDate, State, DestinationRecoveryPointLifecycle } of page.CopyJobs ?? []) {
        if (State === 'COMPLETED' && ResourceArn && CreationDate) {
          newest.add(ResourceArn, CreationDate, DestinationRecoveryPointLifecycle);
        }
      }
    }
    return true;
  });
  return answered === true;
}
