import type { Severity } from '../../../lib/private/contract/monitoring';

/** What a person is told: one sentence each, in this order. */
export interface Message {
  readonly severity: Severity;
  /** `raised`, or `cleared` when what was raised is over. */
  readonly state: 'raised' | 'cleared';
  /** One cause, one message: what is raised already is not told again. */
  readonly cause: string;
  /**
   * True: it lasts until `cleared` is sent; it is told once for as long as it is raised again within a day. Absent: it happens at
   * a moment and nothing clears it; it is told again when it happens again after a day.
   */
  readonly lasting?: boolean;
  /** Under 80 characters, names the resource: subjects and headlines. */
  readonly title: string;
  /** What happened, and to what. */
  readonly what: string;
  /** When it began, RFC 3339; also where it is over. */
  readonly since: string;
  /** What it means for the objective, with the objective's value. */
  readonly means: string;
  readonly nextStep: string;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly site: string;
  readonly region: string;
  readonly plan?: string;
  readonly owner?: string;
  /** `<plan>/<resource>`, all that are affected. */
  readonly resources: readonly string[];
}
