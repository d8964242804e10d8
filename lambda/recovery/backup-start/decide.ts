import { secondsBetween } from '../../shared/clock';
import { tagValue } from '../../shared/tags';
import type { DatabaseSnapshot } from '../database-snapshots';
import { SNAPSHOT_TAGS, snapshotName } from '../snapshots';

/**
 * A snapshot that a failed deployment took is as good as a new one for this long; later there is new data to lose. One that is
 * still being made is taken however old: a database that takes longer than a deployment may wait would never be backed up.
 */
const FRESH_SECONDS = 3_600;

/** CloudFormation goes back to the version before within this time of leaving it; later somebody wants it back. */
const ROLLBACK_SECONDS = 86_400;

export interface Request {
  readonly requestId: string;
  readonly isUpdate: boolean;
  /** The change that CloudFormation knows as deployed. */
  readonly deployed?: string;
  /** The change that it asks for. */
  readonly change: string;
}

/** Which snapshot a change needs, made already or not; undefined for one that needs none. */
export function decide(request: Request, snapshots: readonly DatabaseSnapshot[], time: string): string | undefined {
  const { change, deployed, isUpdate } = request;
  // The same version, or back to it after the snapshot for another one failed.
  if (isUpdate && deployed === change) return undefined;
  const rolledBack = snapshots.some(
    (one) =>
      isUpdate &&
      tagValue(one.tags, SNAPSHOT_TAGS.change) === deployed &&
      tagValue(one.tags, SNAPSHOT_TAGS.previous) === change &&
      ageOf(one, time) < ROLLBACK_SECONDS,
  );
  if (rolledBack) return undefined;
  const usable = snapshots
    .filter((one) => tagValue(one.tags, SNAPSHOT_TAGS.change) === change)
    .filter((one) => one.status === 'creating' || (one.status === 'available' && ageOf(one, time) < FRESH_SECONDS))
    .sort((a, b) => ageOf(a, time) - ageOf(b, time))
    .at(0);
  return usable?.identifier ?? snapshotName(change, request.requestId);
}

/** RDS gives the time only once the snapshot is under way. */
function ageOf({ createdAt }: DatabaseSnapshot, time: string): number {
  return createdAt ? secondsBetween(createdAt.toISOString(), time) : 0;
}
