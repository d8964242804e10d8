import type { CheckResult } from './checks';
import type { Removed, SourceDefinition, Verdict } from './drill';
import type { FilesResult } from './files';
import type { TableProfile } from './verification';

/** Schema ids; a rehearsal's evidence carries its own and can never pass for a drill. */
export type EvidenceSchema = 'cdk-recoverable/evidence/v1' | 'cdk-recoverable/rehearsal-evidence/v1';

/** The record of one drill. All times RFC 3339 in UTC, all durations seconds. */
export interface Evidence {
  readonly schema: EvidenceSchema;
  /** Set in rehearsals: the sentence printed across the page. */
  readonly watermark?: string;
  readonly drillId: string;
  /** `<plan>/<resource>/<drill>` */
  readonly drill: string;
  readonly site: string;
  readonly owner: string;
  readonly execution: string;
  readonly verdict: Verdict;
  /** Sentences, worst first; never empty. */
  readonly reasons: readonly string[];
  readonly resource: {
    readonly name: string;
    readonly identifier: string;
    readonly engine: string;
    readonly ownership: string;
  };
  readonly source: EvidenceSource | null;
  readonly disasterAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly rpo: {
    /** `data`: from the newest valid row; `restore-point`: only from what was restored to; `not-measured`. */
    readonly method: 'data' | 'restore-point' | 'not-measured';
    readonly achievedSeconds: number | null;
    readonly objectiveSeconds: number;
    readonly explanation: string;
  };
  readonly rto: {
    readonly method: 'checks-passed' | 'not-measured';
    readonly achievedSeconds: number | null;
    readonly objectiveSeconds: number;
    readonly explanation: string;
    readonly phases: readonly Phase[];
  };
  readonly tables: readonly TableProfile[];
  readonly checks: readonly CheckResult[];
  /** What checks of files found, beside their results above; absent where none was asked. */
  readonly files?: readonly FilesResult[];
  /** What the results were compared with, in sentences. */
  readonly comparedWith: readonly string[];
  /** Every difference from a real recovery, in sentences. */
  readonly differences: readonly string[];
  /** Where the settings of the protected resource fall short of what recovery needs. */
  readonly findings: readonly Finding[];
  /** What was left to manual judgement, in sentences. */
  readonly manual: readonly string[];
  readonly removed: readonly Removed[];
  readonly leftBehind: readonly Removed[];
  readonly cost: Cost;
  /** Waits and patiences in force, seconds. */
  readonly patience: Readonly<Record<string, number>>;
  readonly sequence: number;
  /** The evidence before this one of the same resource, chained by hash; null for the first. */
  readonly previous: { readonly key: string; readonly sha256: string } | null;
}

export interface EvidenceSource {
  readonly kind: SourceDefinition['kind'];
  readonly identifier: string;
  readonly arn: string;
  readonly restorePoint: string;
  readonly latestRestorableTime: string;
  readonly ageSeconds: number;
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** Backup vault, of a recovery point alone. */
  readonly vault?: string;
  /** ARN of the instance or bucket that the recovery point is of; an instance in another Region or account: it is a copy. */
  readonly resourceArn?: string;
  /** When AWS Backup made the recovery point. */
  readonly createdAt?: string;
}

/** A shortfall that no drill mends, since it never touches production. */
export interface Finding {
  readonly sentence: string;
  /** AWS CLI line that mends it, where one does. */
  readonly command?: string;
}

/** One bar of the timeline. */
export interface Phase {
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
}

export interface Cost {
  readonly currency: 'USD';
  readonly total: number;
  readonly lines: readonly { readonly item: string; readonly amount: number; readonly basis: string }[];
  /** Date of the price table. */
  readonly pricesAsOf: string;
}
