import type { DrillDefinition } from './drill';

/**
 * What the input of a monitor's schedule carries: one shard of what a plan protects. These schedules are also where everybody
 * finds what a site protects, drilled or not.
 */
export interface MonitorDefinition {
  readonly schema: 'cdk-recoverable/monitor/v1';
  /** Names the shard among those of the site, and its report in the state bucket. */
  readonly shard: string;
  readonly plan: string;
  readonly owner: string;
  /** Topic ARNs by severity; at least one. */
  readonly alerts: DrillDefinition['alerts'];
  /** Where a person reads what to do, `https:`; absent: the library's own page. */
  readonly runbook?: string;
  /** Name of the site's state bucket, for whoever reads reports from outside. */
  readonly stateBucket: string;
  /** Time between two runs. */
  readonly everySeconds: number;
  /** Whether the age of each source is a metric of its own. */
  readonly sourceMetrics: boolean;
  readonly profiles: readonly MonitorProfile[];
  readonly resources: readonly WatchedResource[];
  /** Whatever bears one of these tags, whoever made it and when: watched together, one metric for each tag. */
  readonly tagged: readonly WatchedTag[];
}

/** What is promised of several resources, and where each of them can be recovered from. */
export interface MonitorProfile {
  readonly rpoSeconds: number;
  /** Absent: nothing is promised for the loss of the Region. */
  readonly regionLossRpoSeconds?: number;
  /** Days of automated backups as the app declares them; absent where only the account knows. */
  readonly retentionDays?: number;
  readonly sources: readonly WatchedSource[];
}

export interface WatchedSource {
  /** As a sentence names it, unique in its profile: `point in time`, `daily recovery points`, `weekly copies in eu-central-1`. */
  readonly name: string;
  /**
   * `point-in-time`: of RDS in the home Region. `snapshot`: automated snapshots. `recovery-point`: of AWS Backup, in the home
   * Region. `copy`: of a recovery point, in another vault. `replicated`: automated backups that RDS replicates to another Region.
   * `versions`: of the objects of a bucket. `replica`: of a bucket, in another Region. `continuous`: of a bucket, by AWS Backup, in
   * the home Region.
   */
  readonly kind:
    'point-in-time' | 'snapshot' | 'recovery-point' | 'copy' | 'replicated' | 'versions' | 'replica' | 'continuous';
  /** How old its newest may become before it counts as missed. */
  readonly allowedSeconds: number;
  /** Whether synthesis knows that it exists; else it counts only once it has been seen. Objectives count always. */
  readonly known: boolean;
  /** Of copies and replicated backups: where they are. */
  readonly region?: string;
  /** Of recovery points and copies: the vault. */
  readonly vaultArn?: string;
  /** A copy in another account, which can be seen by its jobs alone. */
  readonly otherAccount?: boolean;
  /** Tier of the AWS Backup plan. */
  readonly tier?: string;
  /** Only what is kept at least this long is of this tier: where two are due at once, AWS Backup keeps the longer one alone. */
  readonly retentionDays?: number;
  /** How long AWS Backup may take, from its hour on. */
  readonly completionSeconds?: number;
}

/** The replica of a bucket, and what S3 measures it by. */
export interface WatchedReplica {
  readonly bucket: string;
  /** Id of the rule in the replication configuration of the bucket. */
  readonly ruleId: string;
  /** Absent where it is not known. */
  readonly keyArn?: string;
}

export interface WatchedResource {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: 'db-instance' | 'db-cluster' | 'bucket';
  /** DBInstanceIdentifier, DBClusterIdentifier or the bucket's name. */
  readonly identifier: string;
  /** Index into `profiles`; absent on a site where copies of it are drilled and it is not. */
  readonly profile?: number;
  /** Longest time between two passed drills on this site, seconds; absent: not drilled here. */
  readonly provenSeconds?: number;
  /** Of buckets: the key of their objects, where it is known. */
  readonly keyArn?: string;
  /** Of buckets; absent where there is none, or S3 measures none. */
  readonly replica?: WatchedReplica;
}

export interface WatchedTag {
  /** `<plan>/<id>`: names the metric, as a resource's name does. */
  readonly name: string;
  readonly key: string;
  readonly value: string;
  /** Index into `profiles`. */
  readonly profile: number;
}

/** What one run of the monitor saw; kept in the state bucket and read by messages, digest, heartbeat and `recoverable status`. */
export interface MonitorReport {
  readonly schema: 'cdk-recoverable/monitor-report/v1';
  readonly site: string;
  readonly shard: string;
  readonly plan: string;
  readonly owner: string;
  readonly alerts: DrillDefinition['alerts'];
  readonly runbook?: string;
  readonly region: string;
  readonly everySeconds: number;
  /** When the run looked, RFC 3339 as all times: its ages are of this moment. */
  readonly at: string;
  /** When everything was last asked, not points in time alone. */
  readonly fullAt?: string;
  /** When settings, keys, vaults and quotas were last asked. */
  readonly settingsAt?: string;
  /** When vaults were last listed as far back as anything may be old. */
  readonly deepAt?: string;
  readonly resources: readonly ResourceReport[];
  readonly tagged: readonly TaggedReport[];
  /** Of no single resource: a vault, a quota, a Region. */
  readonly findings: readonly Finding[];
  /** What could not be asked in this run, in AWS's words. */
  readonly troubles: readonly string[];
  /** Findings of which it is yet to be said that they are over, or that they are there; the next run tries again. */
  readonly unsaid?: readonly Finding[];
}

export interface ResourceReport {
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: WatchedResource['kind'];
  readonly identifier: string;
  /** When the monitor first saw the resource: what never was is as old as that. */
  readonly since: string;
  /** DbiResourceId, DbClusterResourceId or the bucket's name: whose backups these are. */
  readonly resourceId?: string;
  /** When it was first seen under this `resourceId`. */
  readonly resourceIdSince?: string;
  /** As RDS says it: `available`, `stopped`, ...; `gone` where it is not there any more. */
  readonly status?: string;
  /** Times at which it was stopped: nothing is written and nothing backed up meanwhile. Newest last; the last may be open. */
  readonly stopped: readonly { readonly from: string; readonly to?: string }[];
  /** Days of automated backups that RDS keeps now. */
  readonly retentionDays?: number;
  /** When RDS was first seen to keep that many: the window reaches back no further than since then. */
  readonly retentionSince?: string;
  /** Days that it kept when the monitor first saw it: what counts where the app declares nothing. */
  readonly retentionFirst?: number;
  readonly encryptionKey?: string;
  readonly objectives: { readonly rpoSeconds: number; readonly regionLossRpoSeconds?: number } | null;
  /** Worst age over allowed age; absent where it could not be measured, or nothing is promised here. */
  readonly restorable?: WorstAge;
  readonly sources: readonly SourceReport[];
  /** Absent: not drilled on this site. */
  readonly proven?: {
    readonly ratio: number;
    readonly provenSeconds: number;
    /** Time of the last passed drill; absent: none yet. */
    readonly lastPassedAt?: string;
  };
  readonly findings: readonly Finding[];
}

export interface WorstAge {
  readonly ratio: number;
  /** Name of the source, or `rpo` or `regionLossRpo` where the newest of all is too old for that objective. */
  readonly of: string;
  readonly ageSeconds: number;
  readonly allowedSeconds: number;
  /** The moment of the newest restorable state; absent: there is none. */
  readonly newest?: string;
  /** What this has in common with other resources, else the resource itself: one cause, one message. */
  readonly cause: string;
}

export interface SourceReport {
  readonly name: string;
  readonly kind: WatchedSource['kind'];
  readonly region?: string;
  readonly vaultArn?: string;
  /** Days that what counts is kept at least. */
  readonly retentionDays?: number;
  /** When the monitor first looked for it: what never was is as old as that. */
  readonly since?: string;
  /** The moment of the newest state that could be restored from it; absent: there is none. */
  readonly newest?: string;
  /** How far back it reaches, where it has a window. */
  readonly oldest?: string;
  readonly ageSeconds: number;
  readonly allowedSeconds: number;
  readonly ratio: number;
  /** When AWS was last asked. */
  readonly lookedAt: string;
  /** Nothing can be restored from it whatever its age, and why: its key is disabled, its vault is gone. */
  readonly blocked?: string;
}

export interface TaggedReport {
  readonly name: string;
  readonly key: string;
  readonly value: string;
  /** Found with that tag; their names are `<plan>/<identifier>`. */
  readonly resources: readonly ResourceReport[];
  readonly restorable?: WorstAge;
}

export type Severity = 'page' | 'ticket' | 'digest';

/** Something that stands in the way of recovery, or will. */
export interface Finding {
  /** Stable, for machines: `automated-backups-off`, `retention-lowered`, `window-short`, `key-unusable`, ... */
  readonly id: string;
  readonly severity: Severity;
  /** Findings of one cause are one message. */
  readonly cause: string;
  /** One sentence, what is so. */
  readonly what: string;
  /** One sentence, what it means for recovery. */
  readonly means: string;
  /** One sentence, maybe with a command. */
  readonly nextStep: string;
  readonly since: string;
}

/** One line of the history: JSON Lines, one object a day in the evidence bucket, `history/dt=YYYY-MM-DD/history.jsonl`. */
export interface HistoryRecord {
  readonly kind: 'backup' | 'copy' | 'restore' | 'drill' | 'size';
  /** `<plan>/<resource>` where it is protected, else absent. */
  readonly resource?: string;
  readonly resourceArn?: string;
  /** Of jobs as AWS says it, of drills the verdict, of sizes `MEASURED`. */
  readonly state: string;
  readonly id: string;
  readonly startedAt?: string;
  readonly endedAt: string;
  readonly seconds?: number;
  /** Bytes in use at the source, or rows that a drill counted. */
  readonly bytes?: number;
  readonly rows?: number;
  /** What was allocated when `bytes` were in use; of instances. */
  readonly allocatedBytes?: number;
  /** What AWS bills for backups, and the two parts that it is reckoned from; of Aurora. */
  readonly backupBytes?: number;
  readonly retainedBytes?: number;
  readonly snapshotBytes?: number;
  readonly vault?: string;
  readonly toVault?: string;
  /** Name of the rule of the AWS Backup plan that asked for the job: the tier. */
  readonly rule?: string;
  readonly message?: string;
  readonly rpoSeconds?: number;
  readonly rtoSeconds?: number;
  /** Key of a drill's evidence, in the same bucket. */
  readonly evidence?: string;
}
