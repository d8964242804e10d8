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
  /** Files that S3 copies only once somebody has them brought back from the archive. */
  readonly archived: number;
  /** Deleted by somebody after they were listed. */
  readonly gone: number;
  readonly problems: readonly { readonly problem: FileProblem; readonly count: number; readonly detail: string }[];
  /** Rounds in a row that ended in trouble and did not get on. */
  readonly troubles: number;
  readonly finishedAt?: string;
  /** Where AWS Backup restores. */
  readonly job?: RestoredByJob;
  /** The same: what it restored beside what the bucket held. */
  readonly compared?: Compared;
}

/** How far it is known whether AWS Backup restored all that the bucket held. */
export interface Compared {
  /** Files that had to be there, whether they are or not. */
  readonly held: number;
  /** Files that are not there, and that AWS Backup backs up nowhere. */
  readonly untaken: number;
  /** Files that are not there, and may have come to the bucket later than they say. */
  readonly unsure: number;
  /** The bucket could not be listed to its end. */
  readonly unlisted?: Unlisted;
}

/** Why a bucket cannot be listed: its listing is denied, or it is gone. */
export type Unlisted = 'denied' | 'gone';

export const NOTHING_COMPARED: Compared = { held: 0, untaken: 0, unsure: 0 };

/** The job of AWS Backup that restores files, before they are read. */
export interface RestoredByJob {
  /** Absent where its answer named none. */
  readonly id?: string;
  /** Once it is COMPLETED: what it says that it did not do; empty where it says nothing. */
  readonly issues?: string;
}

export function begin(startedAt: string): Restored {
  const nothing = { objects: 0, bytes: 0, undone: 0, tooLarge: 0, archived: 0, gone: 0, troubles: 0 };
  return { startedAt, after: null, done: false, ...nothing, problems: [] };
}

/** What restoring one file came to. */
export type Outcome =
  | { readonly is: 'restored'; readonly bytes: number; readonly undone: boolean; readonly held?: boolean }
  | { readonly is: 'too-large' }
  | { readonly is: 'archived' }
  | { readonly is: 'gone' }
  | { readonly is: 'untaken' | 'unsure' }
  | { readonly is: 'bad'; readonly problem: FileProblem; readonly detail: string };

export function count(restored: Restored, outcome: Outcome): Restored {
  switch (outcome.is) {
    case 'restored':
      return {
        ...restored,
        objects: restored.objects + 1,
        bytes: restored.bytes + outcome.bytes,
        undone: restored.undone + Number(outcome.undone),
        ...(outcome.held && { compared: oneMore(restored, 'held') }),
      };
    case 'too-large':
      return { ...restored, tooLarge: restored.tooLarge + 1 };
    case 'archived':
      return { ...restored, archived: restored.archived + 1 };
    case 'gone':
      return { ...restored, gone: restored.gone + 1 };
    case 'untaken':
    case 'unsure':
      return { ...restored, compared: oneMore(restored, outcome.is) };
    case 'bad': {
      const { problem, detail } = outcome;
      const others = restored.problems.filter((one) => one.problem !== problem);
      const before = restored.problems.find((one) => one.problem === problem) ?? { problem, count: 0, detail };
      return { ...restored, problems: [...others, { ...before, count: before.count + 1 }] };
    }
  }
}

function oneMore({ compared = NOTHING_COMPARED }: Restored, which: 'held' | 'untaken' | 'unsure'): Compared {
  return { ...compared, [which]: compared[which] + 1 };
}

/** Whatever was met. */
export function met({ objects, tooLarge, archived, problems }: Restored): number {
  return objects + tooLarge + archived + problems.reduce((sum, one) => sum + one.count, 0);
}
