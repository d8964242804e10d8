/** What `recoverable doctor --json` prints. */
export interface DoctorReport {
  readonly schema: 'cdk-recoverable/doctor/v1';
  /** When it was asked, RFC 3339. */
  readonly at: string;
  readonly region: string;
  /** Absent where nobody said it. */
  readonly account?: string;
  /** The sites that are deployed there. */
  readonly sites: readonly string[];
  /** `refuted`: something is. `confirmed`: something is, and nothing is refuted. `unknown`: nothing could be asked. */
  readonly state: Verdict;
  readonly questions: readonly Answered[];
}

export type Verdict = 'confirmed' | 'refuted' | 'unknown';

export interface Answered {
  /** Stable, for machines, and for `docs/unproven.md`. */
  readonly id: string;
  /** What is supposed to be so. */
  readonly asks: string;
  /** At least one. */
  readonly answers: readonly Answer[];
}

/** What was found, of one thing or of all at once. */
export interface Answer {
  readonly answer: Verdict;
  /** What it was asked of: a key, a topic, a database; absent: of all of them. */
  readonly about?: string;
  /** One sentence. */
  readonly found: string;
  /** Of what is refuted: what it means for recovery, and what to do; of what is unknown, what to do to know. */
  readonly means?: string;
  readonly nextStep?: string;
}
