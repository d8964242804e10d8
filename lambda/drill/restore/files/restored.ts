import type { FileProblem } from '../../../../lib/private/contract/files';

/** How far files have been restored, kept between two rounds. Its size does not grow with their number. */
export interface Restored {
  readonly startedAt: string;
  /** The last key that is done; null in the beginning. */
  readonly after: string | null;
  readonly done: boolean;
  readonly objects: number;
  readonly bytes: number;
  /** Files larger than S3 copies in one request. */
  readonly tooLarge: number;
  readonly problems: readonly { readonly problem: FileProblem; readonly count: number; readonly detail: string }[];
  readonly finishedAt?: string;
}

export function begin(startedAt: string): Restored {
  return { startedAt, after: null, done: false, objects: 0, bytes: 0, tooLarge: 0, problems: [] };
}

/** What restoring one file came to. */
export type Outcome =
  | { readonly is: 'restored'; readonly bytes: number }
  | { readonly is: 'too-large' }
  | { readonly is: 'bad'; readonly problem: FileProblem; readonly detail: string };

export function count(restored: Restored, outcome: Outcome): Restored {
  if (outcome.is === 'restored') {
    return { ...restored, objects: restored.objects + 1, bytes: restored.bytes + outcome.bytes };
  }
  if (outcome.is === 'too-large') return { ...restored, tooLarge: restored.tooLarge + 1 };
  const { problem, detail } = outcome;
  const others = restored.problems.filter((one) => one.problem !== problem);
  const before = restored.problems.find((one) => one.problem === problem) ?? { problem, count: 0, detail };
  return { ...restored, problems: [...others, { ...before, count: before.count + 1 }] };
}
