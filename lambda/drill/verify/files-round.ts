import type { VerificationPlan } from '../../../lib/private/contract/verification';
import { now } from '../../shared/clock';
import type { Observation } from '../../verification/engine';
import { leftOpen, questionOf, unanswered } from '../../verification/files/engine';
import type { FilesAnswer, FilesRequest } from '../files/contract';
import type { Progress } from './progress';

/** What the next round of files would be about; null when every check of files is answered. */
export function remaining(plan: VerificationPlan, { observations }: Progress): string | null {
  return unanswered(plan, observations)?.id ?? null;
}

export interface FilesRound {
  readonly progress: Progress;
  /** Why the round did not get on. */
  readonly trouble?: string;
}

/** One round of the first check of files that is not answered yet. */
export async function filesRound(
  plan: VerificationPlan,
  progress: Progress,
  budgetMs: number,
  ask: (request: FilesRequest) => Promise<FilesAnswer>,
): Promise<FilesRound> {
  const check = unanswered(plan, progress.observations);
  if (!check) return { progress };
  const begun = progress.files?.check === check.id ? progress.files : undefined;
  const { cursor = null, reference = now() } = begun ?? {};
  const question = questionOf(check, plan, progress.observations, reference, cursor);
  const answer = await ask({ question, cursor, budgetMs });
  const { files: _, ...rest } = progress;
  if (answer.cursor) {
    const files = { check: check.id, cursor: answer.cursor, reference };
    return { progress: { ...rest, files }, ...(answer.trouble !== undefined && { trouble: answer.trouble }) };
  }
  return { progress: { ...rest, observations: [...rest.observations, seen(check.id, answer.finding)] } };
}

/** Keeps what an unfinished check of files has found, where there is no time to finish it. */
export function giveUp(progress: Progress, limitSeconds: number): readonly Observation[] {
  const { files, observations } = progress;
  if (!files) return observations;
  const finding = leftOpen(files.cursor, files.reference, `there was no time for more within ${limitSeconds} s`);
  return [...observations, seen(files.check, finding)];
}

function seen(check: string, found: FilesAnswer['finding']): Observation {
  return { probe: 'files', database: '', path: [check], finishedAt: now(), found };
}
