import type { Finding, MonitorReport, ResourceReport, SourceReport } from '../../../lib/private/contract/monitoring';

/** What `recoverable status --json` prints. */
export interface StatusReport {
  readonly schema: 'cdk-recoverable/status/v1';
  /** When it was looked at, RFC 3339 as all times. */
  readonly at: string;
  readonly region: string;
  /** `stale`: something is, or somebody has to do something. `unknown`: nothing is known to be, and not all is known. */
  readonly state: 'fresh' | 'stale' | 'unknown';
  readonly sites: readonly SiteStatus[];
}

export interface SiteStatus {
  readonly site: string;
  readonly state: StatusReport['state'];
  readonly monitors: readonly MonitorStatus[];
  readonly resources: readonly ResourceStatus[];
  /** Of no single resource. */
  readonly findings: readonly (Finding & { readonly plan: string })[];
}

/** One shard of what a plan protects, and whether anybody looks at it. */
export interface MonitorStatus {
  readonly shard: string;
  /** Absent where neither schedule nor report can be read. */
  readonly plan?: string;
  /** Name of its schedule; absent: there is none any more. */
  readonly schedule?: string;
  /**
   * `watching`: its report is new enough. `silent`: it is older than three periods. `disabled`: its schedule is.
   * `unscheduled`: there is a report and no schedule. `new`: it has not run yet. `unreadable`: its report cannot be read.
   */
  readonly state: 'watching' | 'silent' | 'disabled' | 'unscheduled' | 'new' | 'unreadable';
  /** When its last run ended. */
  readonly reportedAt?: string;
  readonly everySeconds?: number;
  /** Where it is not watching: what is so, and what to do. */
  readonly what?: string;
  readonly nextStep?: string;
  /** What its last run could not ask, in AWS's words. */
  readonly troubles: MonitorReport['troubles'];
}

export interface ResourceStatus {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly plan: string;
  readonly owner: string;
  readonly kind: ResourceReport['kind'];
  readonly identifier: string;
  /** The tag by which it is watched; absent: it is protected by name. */
  readonly tag?: { readonly key: string; readonly value: string };
  /** As RDS says it; absent where nobody asked. */
  readonly status?: string;
  /** Stopped now: nothing is written, and no age grows. */
  readonly stoppedSince?: string;
  readonly recoverable: RecoverableStatus;
  readonly proven: ProvenStatus;
  readonly sources: readonly SourceReport[];
  readonly findings: readonly Finding[];
}

export interface RecoverableStatus {
  /** `not-promised`: nothing is, on this site. */
  readonly state: 'fresh' | 'stale' | 'unknown' | 'not-promised';
  /** Of the worst source, when the monitor last looked. */
  readonly of?: string;
  readonly ratio?: number;
  readonly ageSeconds?: number;
  readonly allowedSeconds?: number;
  /** The moment of the newest restorable state; absent: there is none. */
  readonly newest?: string;
  /** Of what is stale: when it became so. */
  readonly since?: string;
}

export interface ProvenStatus {
  /** `not-yet`: no drill has passed, and none had to. `not-drilled`: on this site. */
  readonly state: 'proven' | 'overdue' | 'not-yet' | 'unknown' | 'not-drilled';
  readonly lastPassedAt?: string;
  readonly ageSeconds?: number;
  /** Longest time between two passed drills. */
  readonly intervalSeconds?: number;
}
