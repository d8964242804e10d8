import type { FileProblem } from '../../../lib/private/contract/files';
import { hiddenKey } from './keys';
import type { Stratum } from './sampler';

const EXAMPLES = 20;
/** Objects without a status are sorted out at the end, when it is known how new the replica's newest is. */
const WITHOUT_STATUS = 1_000;

export interface Example {
  readonly key: string;
  readonly problem: FileProblem;
  readonly detail: string;
}

/** What a check of files has counted so far, as JSON of a few kilobytes whatever the number of objects. */
export interface Counts {
  readonly strata: Readonly<Partial<Record<Stratum, number>>>;
  readonly problems: Readonly<Partial<Record<FileProblem, number>>>;
  readonly examples: readonly Example[];
  /** Of those that chance chose, found where they belong and looked at: how many, and how many of them were bad. */
  readonly chance: { readonly looked: number; readonly bad: number };
  /** Changed or deleted while they were looked at: nothing can be said of them. */
  readonly changed: number;
  /** Looked at and read, but their content could not be compared. */
  readonly uncompared: number;
  /** Missing ones whose status was not asked any more, since there are so many. */
  readonly unasked: number;
  readonly withoutStatus: readonly { readonly key: string; readonly modified: number }[];
  /**
   * How long the one that lacked longest had been there when the replica was seen without it, milliseconds; it may be too
   * new to be a problem. Null where nothing lacked.
   */
  readonly longestLag: number | null;
  /** Modification of the newest object of the replica, in milliseconds. */
  readonly newestThere: number | null;
}

export const NOTHING: Counts = {
  strata: {},
  problems: {},
  examples: [],
  chance: { looked: 0, bad: 0 },
  changed: 0,
  uncompared: 0,
  unasked: 0,
  withoutStatus: [],
  longestLag: null,
  newestThere: null,
};

export class Tally {
  private readonly counts: { -readonly [K in keyof Counts]: Counts[K] };

  constructor(from: Counts = NOTHING) {
    this.counts = { ...from };
  }

  toJSON(): Counts {
    return { ...this.counts };
  }

  problem(key: string, problem: FileProblem, detail: string): void {
    this.add({ key: hiddenKey(key), problem, detail });
  }

  looked(stratum: Stratum, bad: boolean): void {
    const { strata, chance } = this.counts;
    this.counts.strata = { ...strata, [stratum]: (strata[stratum] ?? 0) + 1 };
    if (stratum === 'random' || stratum === 'every') {
      this.counts.chance = { looked: chance.looked + 1, bad: chance.bad + (bad ? 1 : 0) };
    }
  }

  changed(): void {
    this.counts.changed++;
  }

  uncompared(): void {
    this.counts.uncompared++;
  }

  lacking(lag: number): void {
    this.counts.longestLag = Math.max(this.counts.longestLag ?? 0, lag);
  }

  there(modified: number): void {
    if (Number.isFinite(modified)) this.counts.newestThere = Math.max(this.counts.newestThere ?? -Infinity, modified);
  }

  withoutStatus(key: string, modified: number): void {
    this.counts.withoutStatus = [...this.counts.withoutStatus, { key: hiddenKey(key), modified }];
  }

  unasked(key: string): void {
    this.counts.unasked++;
    this.problem(key, 'missing', 'not in the replica; its status was not asked, since so many are missing');
  }

  /** Whether one more object that is missing or of another size is to be asked for. */
  mayAsk(asked: number): boolean {
    const { problems } = this.counts;
    const sum = Object.values(problems).reduce((total, each) => total + each, 0);
    return sum + this.counts.withoutStatus.length + asked < WITHOUT_STATUS;
  }

  /** Objects that no rule ever took are older than the rule, unless newer ones are in the replica: then it stopped. */
  settle(): void {
    const { withoutStatus, newestThere } = this.counts;
    for (const { key, modified } of withoutStatus) {
      const stopped = newestThere !== null && modified > newestThere;
      const problem = stopped ? 'late' : 'older-than-rule';
      const detail = stopped
        ? 'no rule took it although older objects were replicated: the rule was disabled or changed'
        : 'no rule took it: it is older than the rule, or outside of it';
      this.add({ key, problem, detail });
    }
    this.counts.withoutStatus = [];
  }

  private add(example: Example): void {
    const { problems, examples } = this.counts;
    this.counts.problems = { ...problems, [example.problem]: (problems[example.problem] ?? 0) + 1 };
    if (examples.length < EXAMPLES) this.counts.examples = [...examples, example];
  }
}
