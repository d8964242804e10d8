import { DescribeBackupVaultCommand, type BackupClient } from '@aws-sdk/client-backup';
import { nameOf } from '../../shared/named-error';
import type { Asking } from './asking';
import { vaultName } from './recovery-points';

/** `denied` is also what AWS Backup may say of a vault that is not there. */
export type VaultFacts = 'gone' | 'denied' | { readonly keyArn?: string };

/** @returns undefined where AWS Backup did not answer */
export function describeVault(client: BackupClient, asking: Asking, vaultArn: string): Promise<VaultFacts | undefined> {
  return asking.ask(`vault ${vaultArn}`, async (options): Promise<VaultFacts> => {
    try {
      const command = new DescribeBackupVaultCommand({ BackupVaultName: vaultName(vaultArn) });
      const { EncryptionKeyArn } = await client.send(command, options);
      return { ...(EncryptionKeyArn && { keyArn: EncryptionKeyArn }) };
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return 'gone';
      if (nameOf(error) === 'AccessDeniedException') return 'denied';
      throw error;
    }
  });
}
