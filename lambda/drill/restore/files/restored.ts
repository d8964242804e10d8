import type { FileProblem } from '../../../../lib/private/contract/files';

/** How far files have been restored, kept between two rounds. Its size does not grow with their number. */
export interface Restored {
  readonly startedAt: string;
  /** The last key that is done; null in the beginning. */
  readonly after: string | null;
  readonly done: boolean;
  readonly objects: number;
  readonly bytes: number;
  /** Of these, versions that are not the newest any more: what was undone. */
  readonly undone: number;
  /** Files larger than S3 copies in one request, or with names that leave no room for the drill's id. */
  readonly tooLarge: number;
  /** Deleted by somebody after they were listed. */
  readonly gone: number;
  readonly problems: readonly { readonly problem: FileProblem; readonly count: number; readonly detail: string }[];
  /** Rounds in a row that ended in trouble and did not get on. */
  readonly troubles: number;
  readonly finishedAt?: string;
  /** Where AWS Backup restores. */
  readonly job?: RestoredByJob;
}

/** The job of AWS Backup that restores files, before they are read. */
export interface RestoredByJob {
  /** Absent where its answer named none. */
  readonly id?: string;
  /** Once it is COMPLETED: what it says that it did not do; empty where it says nothing. */
  readonly issues?: string;
}

export function begin(startedAt: string): Restored {
  const nothing = { objects: 0, bytes: 0, undone: 0, tooLarge: 0, gone: 0, troubles: 0 };
  return { startedAt, after: null, done: false, ...nothing, problems: [] };
}

/** What restoring one file came to. */
export type Outcome =
  | { readonly is: 'restored'; readonly bytes: number; readonly undone: boolean }
  | { readonly is: 'too-large' }
  | { readonly is: 'gone' }
  | { readonly is: 'bad'; readonly problem: FileProblem; readonly detail: string };

export function count(restored: Restored, outcome: Outcome): Restored {
  switch (outcome.is) {
    case 'restored':
      return {
        ...restored,
        objects: restored.objects + 1,
        bytes: restored.bytes + outcome.bytes,
        undone: restored.undone + Number(outcome.undone),
      };
    case 'too-large':
      return { ...restored, tooLarge: restored.tooLarge + 1 };
    case 'gone':
      return { ...restored, gone: restored.gone + 1 };
    case 'bad': {
      const { problem, detail } = outcome;
      const others = restored.problems.filter((one) => one.problem !== problem);
      const before = restored.problems.find((one) => one.problem === problem) ?? { problem, count: 0, detail };
      return { ...restored, problems: [...others, { ...before, count: before.count + 1 }] };
    }
  }
}

/** Whatever was met. */
export function met({ objects, tooLarge, problems }: Restored): number {
  return objects + tooLarge + problems.reduce((sum, one) => sum + one.count, 0);
}
