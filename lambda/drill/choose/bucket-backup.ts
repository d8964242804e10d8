import type { BackupClient, RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import type { BucketBackupSourceDefinition, DrillFacts, SourceFacts } from '../../../lib/private/contract/drill';
import { now, plusSeconds, wholeSecond } from '../../shared/clock';
import { CONTINUOUS_LAG, goesOn, isContinuous } from '../../shared/continuous-backup';
import { NamedError } from '../../shared/named-error';
import { byStatus, listed } from './recovery-point';

/** A recovery point, and the moment that it would be restored as of. */
interface Restorable {
  readonly arn: string;
  readonly createdAt: string;
  readonly restorePoint: string;
  readonly continuous: boolean;
}

/**
 * Of the bucket's recovery points the one that can be restored to the latest moment before the declared disaster: of a continuous
 * backup that is the disaster itself, or what AWS Backup has caught up with; of a periodic one its creation.
 */
export async function bucketBackup(
  backup: BackupClient,
  { vault, resourceArn, bucket: of, prefix, restoreBucket }: BucketBackupSourceDefinition,
  { disasterAt }: Pick<DrillFacts, 'disasterAt'>,
): Promise<SourceFacts> {
  const points = await listed(backup, vault, resourceArn);
  const [chosen] = restorable(points, resourceArn, disasterAt, now());
  if (!chosen) {
    throw new NamedError(
      'NoRecoverySource',
      `bucket ${of.bucket} has no complete recovery point that reaches back before ${disasterAt}; in the vault there are: ${byStatus(points)}`,
    );
  }
  const { arn, createdAt, restorePoint, continuous } = chosen;
  return {
    kind: 'recovery-point',
    identifier: of.bucket,
    arn,
    restorePoint,
    latestRestorableTime: restorePoint,
    engineVersion: '',
    instanceClass: '',
    allocatedStorageGib: 0,
    recoveryPoint: { vault, resourceArn, createdAt, ...(continuous && { continuous }) },
    files: { bucket: of.bucket, region: of.region, prefix, restoredTo: restoreBucket },
  };
}

/** Latest moment first; of two as late the continuous one, which knows that moment and not one near to it. */
export function restorable(
  points: readonly RecoveryPointByBackupVault[],
  resourceArn: string,
  disasterAt: string,
  time: string,
): Restorable[] {
  const caughtUp = wholeSecond(plusSeconds(time, -CONTINUOUS_LAG));
  const disaster = wholeSecond(disasterAt);
  return points
    .flatMap((point): Restorable[] => {
      const { RecoveryPointArn: arn, CreationDate, Status, ResourceArn, IsParent } = point;
      if (!arn || !CreationDate || ResourceArn !== resourceArn || IsParent) return [];
      const createdAt = CreationDate.toISOString();
      const continuous = isContinuous(arn);
      const usable = Status === 'COMPLETED' || goesOn(point);
      const latest = disaster < caughtUp ? disaster : caughtUp;
      if (!usable || CreationDate > new Date(continuous ? latest : disasterAt)) return [];
      return [{ arn, createdAt, continuous, restorePoint: continuous ? latest : createdAt }];
    })
    .sort(
      (a, b) =>
        b.restorePoint.localeCompare(a.restorePoint) ||
        Number(b.continuous) - Number(a.continuous) ||
        a.arn.localeCompare(b.arn),
    );
}
