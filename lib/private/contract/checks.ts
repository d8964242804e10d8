import type { BucketDefinition, SampleDefinition } from './files';

/**
 * What a check asks, as data: written by lib at synthesis, read by the verification engine at run time.
 * Types only: both sides `import type` this file and nothing else of each other.
 */

/** What an observed value must satisfy. Exactly one form; values are compared as text when they are not numbers. */
export type Expectation =
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly between: readonly [number, number] }
  | { readonly equals: string };

/** A table as the user wrote it: `table`, `schema.table` or `database.schema.table`. */
export type TableReference = string;

export type MigrationTool = 'flyway' | 'prisma' | 'alembic' | 'rails';

export type CheckDefinition =
  | {
      readonly kind: 'row-count';
      readonly id: string;
      readonly table: TableReference;
      readonly atLeast?: number;
      readonly atMost?: number;
    }
  | {
      readonly kind: 'query';
      readonly id: string;
      readonly sql: string;
      readonly database?: string;
      readonly expect: Expectation;
    }
  | { readonly kind: 'freshness'; readonly id: string; readonly table: TableReference; readonly column: string }
  | {
      readonly kind: 'schema-version';
      readonly id: string;
      readonly tool: MigrationTool;
      readonly atLeast?: string;
      readonly database?: string;
    }
  | {
      readonly kind: 'replica';
      readonly id: string;
      readonly bucket: BucketDefinition;
      readonly sample: SampleDefinition;
    }
  | {
      readonly kind: 'files-exist';
      readonly id: string;
      /** First column: the key. Columns named `size`, `sha256` and `modified_at` are compared where they are there. */
      readonly sql: string;
      readonly database?: string;
      readonly bucket: BucketDefinition;
      readonly sample: Exclude<SampleDefinition, { readonly every: true }>;
    };

/** The checks that are always on unless a reason is given against one. Their ids in evidence are these names. */
export type StandardCheckName =
  'connect' | 'settings' | 'migrations' | 'table-set' | 'foreign-keys' | 'no-table-emptied';

/** How one check ended. Only `pass` counts as passing; everything that could not be known is not `pass`. */
export type CheckStatus = 'pass' | 'fail' | 'inconclusive' | 'skipped';

/** One check in evidence. `observed` and `expected` are sentences for people, cut at 1,000 characters. */
export interface CheckResult {
  readonly id: string;
  readonly kind: CheckDefinition['kind'] | 'standard' | 'baseline';
  readonly status: CheckStatus;
  readonly expected: string;
  readonly observed: string;
  /** SQL a person can run on the source to give the missing right; set when status is inconclusive for a privilege. */
  readonly grant?: string;
  /** When the last unit of this check ended, RFC 3339. */
  readonly finishedAt: string;
  /** For freshness: the newest valid row, RFC 3339 with milliseconds; the judge alone compares it with the objective. */
  readonly newestRow?: string;
}
