import { randomUUID } from 'node:crypto';
import { notRehearsed } from '../service';
import type { Contents, Followed } from '../s3/for-backup';
import type { Allow } from '../service-roles';
import type { BackupOptions, BackupRule, RecoveryPoint } from './model';

/** What is backed up, where to and in whose name. */
interface Taking extends Pick<RecoveryPoint, 'resourceArn' | 'vault' | 'vaultArn' | 'roleArn'> {
  readonly rule: BackupRule;
}

/** A bucket as it is now, or, continuously, as it is from now on: of a bucket there is one such point, and it goes on. */
export function backUpBucket(
  { s3, region, account, faults, clock = () => new Date() }: BackupOptions,
  { rule, ...of }: Taking,
  points: readonly RecoveryPoint[],
  allow: Allow,
): RecoveryPoint {
  if (!s3) throw new Error(`${of.resourceArn} is not rehearsed: this AWS Backup knows no buckets`);
  if (rule.CopyActions?.length) throw notRehearsed('copies of what is in a bucket are not rehearsed');
  if (rule.EnableContinuousBackup) {
    const same = points.filter((point) => point.resourceArn === of.resourceArn).find(isContinuous);
    if (same && same.vault !== of.vault)
      throw new Error(`${of.resourceArn} is backed up continuously in ${same.vault}`);
    if (same) return same;
  }
  const bucket = rule.EnableContinuousBackup ? s3.follow(of.resourceArn, allow) : s3.snapshot(of.resourceArn, allow);
  const kind = rule.EnableContinuousBackup ? 'continuous:' : '';
  const name = of.resourceArn.split(':').at(-1);
  return {
    ...of,
    arn: `arn:aws:backup:${region}:${account}:recovery-point:${kind}${name}-${randomUUID().slice(0, 8)}`,
    bucket: without(bucket, faults?.backupSkips),
    createdAt: clock(),
    deleteAfterDays: rule.Lifecycle?.DeleteAfterDays,
    status: 'COMPLETED',
    completedAt: clock(),
  };
}

/** What could not be read is left out, and the point is COMPLETED all the same. */
function without(bucket: Contents | Followed, skips: string | undefined): Contents | Followed {
  if (skips === undefined) return bucket;
  const taken = (contents: Contents) => contents.filter(([key]) => !key.startsWith(skips));
  return 'since' in bucket ? { ...bucket, at: (moment: Date) => taken(bucket.at(moment)) } : taken(bucket);
}

function isContinuous({ bucket }: RecoveryPoint): boolean {
  return bucket !== undefined && 'since' in bucket;
}
