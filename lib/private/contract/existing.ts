import type { DrillDefinition } from './drill';

/**
 * What the input of a schedule for existing objects carries: one bucket, whose objects that are older than its replication rule are
 * replicated once. The schedule is also where a request by hand finds it.
 */
export interface ExistingObjectsDefinition {
  readonly schema: 'cdk-recoverable/existing-objects/v1';
  /** `<plan>/<resource>` */
  readonly resource: string;
  readonly plan: string;
  readonly owner: string;
  /** Topic ARNs by severity; at least one. */
  readonly alerts: DrillDefinition['alerts'];
  /** Where a person reads what to do, `https:`; absent: the library's own page. */
  readonly runbook?: string;
  readonly account: string;
  readonly region: string;
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** Id of the rule. */
  readonly rule: string;
  /** Name of the replica. */
  readonly replica: string;
  /** What S3 Batch Operations works under. */
  readonly roleArn: string;
  /** ARN of the bucket that reports go to, and what their keys begin with. */
  readonly reports: { readonly bucketArn: string; readonly prefix: string };
}
