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
  /**
   * Every call of this service, by its signing name, is throttled; with an operation, calls of that one alone; with a rate,
   * that part of them, from 0 to 1, evenly spread.
   */
  throttle?: { readonly service: string; readonly operation?: string; readonly rate?: number };
  /** What goes wrong between the buckets of two Regions. */
  replication?: {
    /** Nothing arrives any more, as long as this is set. */
    readonly stopped?: boolean;
    /** How long a version takes, seconds, instead of what it usually takes. */
    readonly lagSeconds?: number;
    /** What has keys that begin so fails. */
    readonly fails?: string;
  };
  /** Instances of which no more log is archived: they go on, and nothing newer becomes restorable. */
  archivingStopped?: readonly string[];
  /** A restore replays only to the backup's own consistent end, whatever was asked. */
  restoreOlder?: boolean;
  /** Damage done to the restored copy before it becomes available. */
  afterRestore?: (database: RunningDatabase) => Promise<void>;
  /** There is nothing to restore from: no snapshot, no LatestRestorableTime. */
  noBackups?: boolean;
  /** What every recovery point of AWS Backup is, instead of COMPLETED. */
  recoveryPointsAre?: 'PARTIAL' | 'EXPIRED';
  /** Objects with keys that begin so are left out of what AWS Backup takes of a bucket; nothing but the backup job says so. */
  backupSkips?: string;
  /** Restore jobs end FAILED with this message, before they have made anything. */
  restoreJobFails?: string;
  /** Restore jobs end COMPLETED beside this message: what the console calls "completed with issues". */
  restoreJobIssues?: string;
  /** Objects with keys that begin so cannot be restored to a bucket; the job ends COMPLETED all the same. */
  restoreJobSkips?: string;
  /** Restore jobs make nothing before two roles have asked after them: the one that waits, then the one that tears down. */
  restoreJobWaits?: boolean;
  /** A snapshot that somebody asks for ends as `failed`. */
  snapshotFails?: boolean;
  /** A snapshot that somebody asks for stays `creating`, as long as this is set. */
  snapshotSlow?: boolean;
  /** A new master password is acknowledged and never takes effect in the database. */
  refuseLogin?: boolean;
}
