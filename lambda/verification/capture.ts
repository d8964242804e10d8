import type { CheckDefinition } from '../../lib/private/contract/checks';
import type { Profile, VerificationPlan } from '../../lib/private/contract/verification';
import { sayProblems } from './conclusion';
import type { Cursor, Observation } from './observations';
import type { Server } from './port';
import { profileOf } from './profile';
import { observe } from './rounds';
import { View } from './view';

export interface CaptureOptions {
  /** The moment that the profile is of, RFC 3339. @default now */
  readonly at?: string;
  /** Whether to hash the content of every table. @default true */
  readonly content?: boolean;
  /** Checks of a plan; of these only freshness is measured. @default none */
  readonly checks?: readonly CheckDefinition[];
  /** How long a round may take; a table that takes longer cannot be captured. @default 240,000 */
  readonly roundMs?: number;
}

/** What of the source could not be read, so that there is no baseline. */
export class CaptureFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CaptureFailed';
  }
}

/**
 * The profile of a source, by the very questions that a drill asks of the copy.
 * @throws CaptureFailed when a table, migration or freshness could not be read: half a baseline would compare wrongly
 */
export async function capture(server: Server, options: CaptureOptions = {}): Promise<Profile> {
  const plan: VerificationPlan = {
    engine: 'postgres',
    checks: (options.checks ?? []).filter((check) => check.kind === 'freshness'),
    withoutChecks: [{ check: 'foreign-keys', reason: 'a baseline is not judged' }],
    restorePoint: options.at ?? new Date().toISOString(),
    content: options.content ?? true,
    seed: 'baseline',
  };
  const view = new View(plan, await observeAll(plan, server, options.roundMs ?? 240_000));
  const problems = view.observations.flatMap((seen) =>
    seen.problem ? [{ problem: seen.problem, place: seen.path.join('.') || seen.database }] : [],
  );
  if (problems.length > 0) throw new CaptureFailed(`the source could not be captured: ${sayProblems(problems)}`);
  const gap = view.gap('table', 'migration');
  if (gap) throw new CaptureFailed(`the source could not be captured: ${gap}`);
  return profileOf(view);
}

async function observeAll(plan: VerificationPlan, server: Server, roundMs: number): Promise<Observation[]> {
  const observations: Observation[] = [];
  let cursor: Cursor | null = null;
  do {
    const round = await observe(plan, server, cursor, Date.now() + roundMs);
    observations.push(...round.observations);
    cursor = round.cursor;
  } while (cursor);
  return observations;
}
