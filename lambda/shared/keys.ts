/** Where everything lives in the state bucket (drills expire, resources stay) and in the evidence bucket. */
export const keys = {
  start: (drillId: string) => `drills/${drillId}/start.json`,
  definition: (drillId: string) => `drills/${drillId}/definition.json`,
  /** What is left behind before AWS Backup is asked for a restore. */
  restoreNote: (drillId: string) => `drills/${drillId}/restore.json`,
  /** How far files have been restored, and what was wrong with them. */
  restoredFiles: (drillId: string) => `drills/${drillId}/restored-files.json`,
  /** What a drill notes before it asks AWS Backup to restore to a bucket: it outlives the drill, as long as anything may be there. */
  bucketRestore: (bucket: string) => `restores/${bucket}.json`,
  bucketRestores: () => 'restores/',
  observations: (drillId: string) => `drills/${drillId}/observations.json`,
  results: (drillId: string) => `drills/${drillId}/results.json`,
  /** What was declared, found again from the execution alone by the recorder. */
  execution: (executionArn: string) => `executions/${executionArn.split(':').at(-1)}.json`,
  lock: (resource: string) => `resources/${resource}/lock.json`,
  lastPassed: (resource: string) => `resources/${resource}/last-passed.json`,
  firstSeen: (resource: string) => `resources/${resource}/first-seen.json`,
  /** How often each drill of a resource was recorded: which source is next. */
  rotation: (drill: string) => `rotation/${drill}.json`,
  /** An exact profile of the source at the moment that a drill restores to. */
  baseline: (resource: string, restorePoint: string) => `resources/${resource}/baselines/${restorePoint}.json`,

  /** What the monitor's last run saw of one shard. */
  report: (shard: string) => `monitor/${shard}.json`,
  reports: () => 'monitor/',
  /** What usual is for the resources of a shard; made again from the history's objects where it is lost. */
  history: (shard: string) => `history/usual/${shard}.json`,
  /** What the last days came to, of all resources. */
  historySummary: () => 'history/summary.json',
  coverage: () => 'coverage.json',
  /** A job for objects older than a replication rule, by its token. */
  existingJob: (resource: string, token: string) => `replication/jobs/${resource}/${token}.json`,
  existingJobs: (resource: string) => `replication/jobs/${resource}/`,
  /** What was told of a cause, found by its hash. */
  message: (hash: string) => `messages/${hash}.json`,
  /** Why an alarm is raised that is raised now. */
  raised: (hash: string) => `messages/alarms/${hash}.json`,

  /** The history's objects, one for each day, partitioned as Athena expects it. */
  historyDays: () => 'history/',
  historyDay: (day: string) => `history/dt=${day}/history.jsonl`,
  chains: () => 'chain/',
  chain: (resource: string) => `chain/${resource}/`,
  evidence: (resource: string, sequence: number) => `chain/${resource}/${pad(sequence)}.json`,
  page: (resource: string, sequence: number) => `pages/${resource}/${pad(sequence)}.html`,
};

/** Padded so that S3's order of keys is the order of time. */
function pad(sequence: number): string {
  return String(sequence).padStart(8, '0');
}
