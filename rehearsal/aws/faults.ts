import type { RunningDatabase } from '../database-engine';

/**
 * What goes wrong in this rehearsal's AWS, as data set before a drill. Services consult it where AWS itself would fail;
 * an empty object is an AWS without faults.
 */
export interface Faults {
  /** The restored instance ends in this status instead of `available`. */
  restoreEndsIn?: 'incompatible-network' | 'failed';
  /** The restored instance stays `creating`. */
  neverAvailable?: boolean;
  /** Every call of this service, by its signing name, is throttled. */
  throttle?: { readonly service: string };
  /** A restore replays only to the backup's own consistent end, whatever was asked. */
  restoreOlder?: boolean;
  /** Damage done to the restored copy before it becomes available. */
  afterRestore?: (database: RunningDatabase) => Promise<void>;
  /** There is nothing to restore from: no snapshot, no LatestRestorableTime. */
  noBackups?: boolean;
  /** A new master password is acknowledged and never takes effect in the database. */
  refuseLogin?: boolean;
}
