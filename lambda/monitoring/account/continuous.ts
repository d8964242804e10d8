import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import { plusSeconds } from '../../shared/clock';
import { CONTINUOUS_LAG, goesOn, isContinuous } from '../../shared/continuous-backup';
import { later } from './facts';
import { arnOf, momentKey, type Moments, type SeenMoment, type Target, type Where } from './moments';
import { eachPoint, regionOf } from './recovery-points';

const DAY = 86_400;

/** What a bucket has: each bucket is asked for, since its point may have begun at any time. */
export async function continuousMoments(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  await Promise.all(
    targets.map(async (target) => {
      const { vaultArn = '' } = target.source;
      const client = where.clients.backup(regionOf(vaultArn, where.home));
      const resourceArn = arnOf(where.rdsArn, target);
      const points: RecoveryPointByBackupVault[] = [];
      const answered = await eachPoint(client, where.asking, vaultArn, { resourceArn }, (point) => {
        if (isContinuous(point.RecoveryPointArn ?? '')) points.push(point);
      });
      if (answered) found.set(momentKey(target), reach(points, target, where.now));
    }),
  );
}

/**
 * As long as one goes on it reaches nearly up to now. AWS Backup does not say when it stopped one: what was seen last holds then,
 * at least its beginning, and grows old.
 */
function reach(points: readonly RecoveryPointByBackupVault[], { source, last }: Target, now: string): SeenMoment {
  const caughtUp = plusSeconds(now, -CONTINUOUS_LAG);
  const kept = plusSeconds(now, -(source.retentionDays ?? 0) * DAY);
  const going = beginnings(points.filter(goesOn)).filter((begun) => begun <= caughtUp);
  if (going.length > 0) return { newest: caughtUp, oldest: later(going[0], kept) };
  const stopped = beginnings(points.filter(({ Status }) => Status === 'STOPPED'));
  return stopped.length > 0 ? { newest: later(last?.newest, stopped.at(-1)) } : {};
}

/** Earliest first. */
function beginnings(points: readonly RecoveryPointByBackupVault[]): string[] {
  return points.flatMap(({ CreationDate }) => CreationDate?.toISOString() ?? []).sort();
}
