import type { Verdict } from './drill';
import type { Finding, WatchedResource } from './monitoring';

/** What the last days came to; kept in the state bucket, written once a day and read by digest, dashboard and status. */
export interface HistorySummary {
  readonly schema: 'cdk-recoverable/history-summary/v1';
  readonly site: string;
  readonly region: string;
  /** When it was written, RFC 3339 as all times. */
  readonly at: string;
  /** The last day that it knows of, `YYYY-MM-DD` in UTC. */
  readonly through: string;
  readonly resources: readonly ResourceHistory[];
  /** Of no single resource. */
  readonly findings: readonly Finding[];
}

export interface ResourceHistory {
  /** `<plan>/<resource>`, or `<plan>/<identifier>` of what is watched by a tag. */
  readonly name: string;
  readonly kind: WatchedResource['kind'];
  readonly identifier: string;
  /** Backup and copy jobs that ended in the last 30 days, and drills. */
  readonly last30Days: {
    readonly succeeded: number;
    readonly failed: number;
    readonly passed: number;
    readonly notPassed: number;
  };
  /** Of backup and copy jobs in the last 30 days, 0 to 1; absent where none ended. */
  readonly successRate?: number;
  /** Of the last 30 days, newest first, at most ten. */
  readonly failedJobs: readonly FailedJob[];
  /** Bytes in use at the source, a figure a day, oldest first; days without one are left out. */
  readonly sizes: readonly { readonly day: string; readonly bytes: number }[];
  /** What AWS bills for backups of the cluster, bytes; Aurora alone is told so. */
  readonly backupBytes?: number;
  /** The newest drill in the history, whatever its verdict. */
  readonly lastDrill?: DrillFigures;
  readonly findings: readonly Finding[];
}

export interface FailedJob {
  readonly kind: 'backup' | 'copy';
  /** As AWS Backup says it: `FAILED`, `EXPIRED`, `ABORTED`, `PARTIAL`. */
  readonly state: string;
  readonly id: string;
  readonly endedAt: string;
  /** In AWS's words. */
  readonly message?: string;
}

export interface DrillFigures {
  readonly verdict: Verdict;
  readonly endedAt: string;
  /** All rows that it counted. */
  readonly rows?: number;
  readonly rpoSeconds?: number;
  readonly rtoSeconds?: number;
  /** Key in the evidence bucket. */
  readonly evidence?: string;
}

/** What is under no plan of the site; kept in the state bucket and replaced in every look. */
export interface CoverageReport {
  readonly schema: 'cdk-recoverable/coverage/v1';
  readonly site: string;
  readonly region: string;
  readonly at: string;
  /** How many databases and buckets were looked at. */
  readonly looked: number;
  readonly unprotected: readonly Unprotected[];
}

export interface Unprotected {
  readonly kind: WatchedResource['kind'] | 'bucket';
  readonly identifier: string;
  /** Since when it was found without a plan. */
  readonly since: string;
}
