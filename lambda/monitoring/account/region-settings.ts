import { DescribeRegionSettingsCommand, type BackupClient } from '@aws-sdk/client-backup';
import type { Asking } from './asking';

/** Kinds of resources by name, and whether AWS Backup protects them in the Region. @returns undefined where it did not answer */
export function backupOptIns(client: BackupClient, asking: Asking): Promise<Record<string, boolean> | undefined> {
  return asking.ask('what AWS Backup protects in the Region', async (options) => {
    const { ResourceTypeOptInPreference } = await client.send(new DescribeRegionSettingsCommand({}), options);
    return ResourceTypeOptInPreference ?? {};
  });
}
