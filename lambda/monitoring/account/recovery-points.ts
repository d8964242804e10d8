import {
  paginateListRecoveryPointsByBackupVault,
  type BackupClient,
  type RecoveryPointByBackupVault,
} from '@aws-sdk/client-backup';
import { isContinuous } from '../../shared/continuous-backup';
import { nameOf } from '../../shared/named-error';
import type { Asking } from './asking';
import type { NewestKept } from './newest-kept';

/** Which recovery points of a vault: of one resource, or from a moment on. */
export interface PointsOf {
  readonly resourceArn?: string;
  readonly since?: string;
}

/**
 * Adds what is complete to the newest. COMPLETED alone can be relied on; a parent of others is none itself, and a continuous one
 * is of no tier.
 * @returns whether AWS Backup answered to the end
 */
export function recoveryPoints(
  client: BackupClient,
  asking: Asking,
  vaultArn: string,
  of: PointsOf,
  newest: NewestKept,
): Promise<boolean> {
  return eachPoint(client, asking, vaultArn, of, (point) => fold(point, newest));
}

/** @returns whether AWS Backup answered to the end */
export async function eachPoint(
  client: BackupClient,
  asking: Asking,
  vaultArn: string,
  { resourceArn, since }: PointsOf,
  onPoint: (point: RecoveryPointByBackupVault) => void,
): Promise<boolean> {
  const input = {
    BackupVaultName: vaultName(vaultArn),
    ...(resourceArn !== undefined && { ByResourceArn: resourceArn }),
    ...(since !== undefined && { ByCreatedAfter: new Date(since) }),
  };
  const answered = await asking.ask(`recovery points in ${vaultArn}`, async (options) => {
    const pages = paginateListRecoveryPointsByBackupVault({ client, pageSize: 1000 }, input, options);
    try {
      for await (const page of pages) page.RecoveryPoints?.forEach(onPoint);
    } catch (error) {
      // In a vault that is gone there is nothing: that is an answer.
      if (nameOf(error) !== 'ResourceNotFoundException') throw error;
    }
    return true;
  });
  return answered === true;
}

function fold(point: RecoveryPointByBackupVault, newest: NewestKept): void {
  const { RecoveryPointArn = '', ResourceArn, CreationDate, Status, Lifecycle, IsParent } = point;
  if (Status === 'COMPLETED' && ResourceArn && CreationDate && !IsParent && !isContinuous(RecoveryPointArn)) {
    newest.add(ResourceArn, CreationDate, Lifecycle);
  }
}

export function vaultName(vaultArn: string): string {
  return vaultArn.split(':').slice(6).join(':');
}

/** @param home Region of what is no ARN. */
export function regionOf(arn: string, home: string): string {
  return arn.split(':')[3] ?? home;
}
