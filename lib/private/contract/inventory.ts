/**
 * What a plan says of one protected resource in the cloud assembly, for `recoverable objectives` and `recoverable cost`: one
 * metadata entry of type `cdk-recoverable:resource` on its construct. Text that only a deployment knows is an intrinsic
 * function, as in the template.
 */
export interface ResourceInventory {
  readonly schema: 'cdk-recoverable/resource/v1';
  readonly site: string;
  readonly plan: string;
  readonly owner: string;
  /** `<plan>/<resource>` */
  readonly name: string;
  readonly kind: 'db-instance' | 'db-cluster';
  readonly engine: string;
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly identifier: unknown;
  readonly ownership: 'owned' | 'observed';
  readonly account: string;
  readonly region: string;
  readonly objectives: {
    readonly rpoSeconds: number;
    readonly rtoSeconds: number;
    readonly regionLossRpoSeconds?: number;
  };
  readonly sources: readonly SourceInventory[];
  readonly drills: readonly {
    readonly name: string;
    readonly intervalSeconds: number;
    readonly sources: readonly string[];
  }[];
}

/** One recovery source that a resource has, drilled or not. */
export interface SourceInventory {
  readonly kind: 'point-in-time' | 'snapshot' | 'recovery-point' | 'copy';
  /** Who keeps it: two kinds of storage are two of these. */
  readonly storage: 'rds' | 'aws-backup';
  readonly account: string;
  readonly region: string;
  /** How old its newest data may become while everything works, seconds. */
  readonly oldestSeconds: number;
  /** Absent where only the account knows. */
  readonly retentionDays?: number;
  /** Key ARN, `aws/rds`, `none` for what is not encrypted; absent where only the account knows. */
  readonly key?: unknown;
  /** Tier of the AWS Backup plan. */
  readonly tier?: string;
}
