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
  readonly kind: 'db-instance' | 'db-cluster' | 'bucket';
  /** Of buckets `s3`. */
  readonly engine: string;
  /** DBInstanceIdentifier, DBClusterIdentifier or the bucket's name. */
  readonly identifier: unknown;
  readonly ownership: 'owned' | 'observed';
  /** Where an owned resource is declared: a template of the same assembly, and the logical id there. */
  readonly declared?: { readonly template: string; readonly logicalId: string };
  /** `unknown-account` where only a deployment knows, as the cloud assembly says it. */
  readonly account: string;
  /** `unknown-region` where only a deployment knows. */
  readonly region: string;
  readonly objectives: {
    readonly rpo: JudgedObjective;
    readonly regionLossRpo: JudgedObjective;
    /** Measured by drills: nothing can be said of it before. */
    readonly rtoSeconds: number;
  };
  readonly sources: readonly SourceInventory[];
  /** What the plan sets on a database of its app: the changes to production of a first deployment. */
  readonly sets: readonly SettingInventory[];
  readonly drills: readonly {
    /** `<plan>/<resource>/<drill>` */
    readonly name: string;
    /** Longest time between two starts, seconds. */
    readonly intervalSeconds: number;
    /** Kinds of recovery source, one each time, in turn. */
    readonly sources: readonly string[];
  }[];
}

/** A property that the database's construct says nothing about, and the plan does. */
export interface SettingInventory {
  /** As the template names it. */
  readonly property: string;
  readonly value: unknown;
}

/** How much data may be lost, and the least that the sources which count can reach. */
export interface JudgedObjective {
  /** Absent where nothing is promised. */
  readonly objectiveSeconds?: number;
  /** Absent where no source counts. */
  readonly best?: {
    readonly seconds: number;
    /** Name of the source. */
    readonly source: string;
    readonly known: boolean;
  };
}

/** One recovery source that a resource has, drilled or not. */
export interface SourceInventory {
  readonly kind: 'point-in-time' | 'snapshot' | 'recovery-point' | 'copy' | 'versions' | 'replica' | 'continuous';
  /** As a sentence names it. */
  readonly name: string;
  /** Who keeps it: two kinds of storage are two of these. */
  readonly storage: 'rds' | 'aws-backup' | 's3';
  readonly account: string;
  readonly region: string;
  /** How old its newest data may become while everything works, seconds. */
  readonly oldestSeconds: number;
  /** Whether synthesis knows that it exists; else it is declared, and only the account knows. */
  readonly known: boolean;
  /** Absent where only the account knows. */
  readonly retentionDays?: number;
  /** Key ARN, `aws/rds`, `aws/s3`, `s3` for S3's own keys, `none` for what is not encrypted; absent where only the account knows. */
  readonly key?: unknown;
  /** Tier of the AWS Backup plan. */
  readonly tier?: string;
  /** Of what AWS Backup keeps. */
  readonly vaultArn?: string;
  /** How long AWS Backup may take for one, from its hour on. */
  readonly completionSeconds?: number;
  /** Kept in another account, where nobody of this one can look. */
  readonly otherAccount?: boolean;
  /** How often one is taken, days; absent for what is continuous. */
  readonly everyDays?: number;
}

/** What a site says of itself: one metadata entry of type `cdk-recoverable:site`. Its machinery is below its construct. */
export interface SiteInventory {
  readonly schema: 'cdk-recoverable/site/v1';
  readonly site: string;
}
