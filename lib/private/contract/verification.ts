import type { CheckDefinition, CheckResult, MigrationTool, StandardCheckName } from './checks';
import type { FilesResult } from './files';

/** What the engine is asked: the checks of a definition plus what is known of the source. */
export interface VerificationPlan {
  /** `s3`: a bucket, of which no database is asked. */
  readonly engine: 'postgres' | 's3';
  readonly checks: readonly CheckDefinition[];
  readonly withoutChecks: readonly { readonly check: StandardCheckName; readonly reason: string }[];
  /** The moment the restored data should be from, RFC 3339: a row after it is contamination, never freshness. */
  readonly restorePoint: string;
  /** Ask for the content hash of every table too; set when there is an exact baseline to compare with. */
  readonly content: boolean;
  /** Chooses what is looked at where not everything is: the same seed chooses the same rows and objects. */
  readonly seed: string;
}

/** What a database looked like: of the source (baseline) or of a restored copy. Keyed by database, schema, table. */
export interface Profile {
  readonly capturedAt: string;
  /** The moment the data is from, RFC 3339: a copy of an earlier moment may rightly have less. */
  readonly restorePoint?: string;
  readonly engineVersion: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly tables: readonly TableProfile[];
  readonly migrations: readonly MigrationProfile[];
  /** By freshness check id: the newest row, RFC 3339. */
  readonly newest: Readonly<Record<string, string>>;
}

export interface TableProfile {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  /** Order-independent content hash, when asked for. Compares only within one PostgreSQL major version. */
  readonly content?: string;
}

export interface MigrationProfile {
  readonly database: string;
  readonly schema: string;
  /** The tool's own table: one schema may hold several of one tool. */
  readonly table?: string;
  readonly tool: MigrationTool;
  /** Newest applied version as its tool orders it; for Alembic the heads, sorted and joined by a comma. */
  readonly version: string;
  readonly applied: number;
  /** Names of migrations that failed or never finished. */
  readonly failed: readonly string[];
}

/** What the verifier keeps in the state bucket when it is done. */
export interface VerificationResults {
  readonly checks: readonly CheckResult[];
  readonly profile: Profile | null;
  /** One for each check of files that came to an end. */
  readonly files?: readonly FilesResult[];
  /** What the results were compared with. */
  readonly reference: { readonly profileOf?: string; readonly baselineAt?: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly rounds: number;
}

/** The profile of the last passed drill of a resource. */
export interface LastPassed {
  readonly drillId: string;
  readonly at: string;
  readonly profile: Profile;
  readonly restoreSeconds: number;
}
