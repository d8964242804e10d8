import { plusSeconds } from '../../shared/clock';
import { CONTINUOUS_LAG, goesOn } from '../../shared/continuous-backup';
import { later } from './facts';
import { arnOf, momentKey, type Moments, type Target, type Where } from './moments';
import { pointsOf, regionOf } from './recovery-points';

/**
 * Up to when continuous backups of buckets reach: as long as they go on, nearly up to now. AWS Backup does not say when it stopped
 * one: what was seen last holds then, and grows old. Each bucket is asked for, since its point may have begun at any time.
 */
export async function continuousMoments(targets: readonly Target[], where: Where, found: Moments): Promise<void> {
  const caughtUp = plusSeconds(where.now, -CONTINUOUS_LAG);
  await Promise.all(
    targets.map(async (target) => {
      const { vaultArn = '' } = target.source;
      const client = where.clients.backup(regionOf(vaultArn, where.home));
      const resourceArn = arnOf(where.rdsArn, target);
      const begun: string[] = [];
      const answered = await pointsOf(client, where.asking, vaultArn, { resourceArn }, (point) => {
        if (goesOn(point) && point.CreationDate) begun.push(point.CreationDate.toISOString());
      });
      if (!answered) return;
      const [oldest] = begun.sort();
      const newest = oldest === undefined ? target.last?.newest : later(oldest, caughtUp);
      found.set(momentKey(target), { newest, oldest });
    }),
  );
}
