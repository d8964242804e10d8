import type { ReplicaDefinition } from '../../../lib/private/contract/files';
import { whyAbsent, type Absence } from './absent';
import { inOrder } from './in-order';
import { Beside, pagesOf } from './listing';
import { lookAt, seconds, type Outcome } from './object';
import type { Bucket, Listed } from './port';
import type { CompareCursor, FilesFinding, Part, ReplicaQuestion, SurveyCursor } from './question';
import { choose, Sampler, type Choice } from './sampler';
import { NOTHING, Tally } from './tally';

/** The two ends of a replication. */
export interface Ends {
  readonly source: Bucket;
  readonly replica: Bucket;
  readonly definition: ReplicaDefinition;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Whether an object is old enough to have to be in the replica. */
function isDue({ modified }: Listed, question: ReplicaQuestion, { lagSeconds }: ReplicaDefinition): boolean {
  return modified <= Date.parse(question.reference) - lagSeconds * 1000;
}

/** First pass, over the source alone: how many objects there are, and which of them are looked at. */
export class Survey implements Part {
  private readonly sampler: Sampler;
  private after: string | null;
  private population: number;

  constructor(
    private readonly question: ReplicaQuestion,
    private readonly ends: Ends,
    from: SurveyCursor | null,
  ) {
    this.sampler = new Sampler(question.seed, question.sample, from?.kept);
    this.after = from?.after ?? null;
    this.population = from?.population ?? 0;
  }

  /** @returns whether it came to the end. @throws FileError; what was done before stays done */
  async run(isOver: () => boolean): Promise<boolean> {
    for await (const { objects, more } of pagesOf(this.ends.source, this.after)) {
      for (const object of objects) {
        if (!isDue(object, this.question, this.ends.definition)) continue;
        this.population++;
        this.sampler.offer(object);
      }
      this.after = objects.at(-1)?.key ?? this.after;
      if (more && isOver()) return false;
    }
    return true;
  }

  cursor(): Omit<SurveyCursor, 'troubles'> {
    return { phase: 'survey', after: this.after, population: this.population, kept: this.sampler.keep() };
  }

  next(): Part {
    const limits = this.sampler.limits(this.population);
    const begin = { phase: 'compare', after: null, limits, population: this.population, counts: NOTHING } as const;
    return new Comparison(this.question, this.ends, begin);
  }

  finding(): FilesFinding {
    return { population: this.population, counts: NOTHING, asOf: this.question.reference };
  }
}

/** One object of the source, beside what the replica's listing holds under its key. */
interface Compared {
  readonly object: Listed;
  /** `lacking`: not there, or only as an older version. `other`: of another size; the original may have changed since it was listed. */
  readonly as: 'there' | 'other' | 'lacking';
  readonly stale: boolean;
  /** How old it was when the replica was asked, milliseconds. */
  readonly age: number;
  readonly due: boolean;
  readonly choice: Choice | null;
}

/** Second pass, over both: whether every object is there, by the listings alone; the chosen ones are looked at on the way. */
export class Comparison implements Part {
  private readonly tally: Tally;
  private after: string | null;

  constructor(
    private readonly question: ReplicaQuestion,
    private readonly ends: Ends,
    private readonly from: Omit<CompareCursor, 'troubles'>,
  ) {
    this.tally = new Tally(from.counts);
    this.after = from.after;
  }

  /** @returns whether it came to the end. @throws FileError; what was done before stays done */
  async run(isOver: () => boolean): Promise<boolean> {
    const beside = new Beside(this.ends.replica, this.after, this.ends.now);
    for await (const { objects, more } of pagesOf(this.ends.source, this.after)) {
      const compared: Compared[] = [];
      for (const object of objects) {
        const copy = await beside.find(object.key);
        compared.push(this.compare(object, copy, beside.askedAt));
      }
      this.tally.there(beside.newest);
      if (!(await this.work(compared, isOver))) return false;
      if (more && isOver()) return false;
    }
    return true;
  }

  cursor(): Omit<CompareCursor, 'troubles'> {
    return { ...this.from, after: this.after, counts: this.tally.toJSON() };
  }

  finding(): FilesFinding {
    this.tally.settle();
    const counts = this.tally.toJSON();
    const asOf = this.question.reference;
    // What lacks when its page is compared shows how far the replica lags; by then all of the reference may have arrived.
    const lag = counts.longestLag === null ? 0 : counts.longestLag + 1000;
    const until = Date.parse(asOf) - lag;
    return { population: this.from.population, counts, asOf, completeUntil: new Date(until).toISOString() };
  }

  private compare(object: Listed, copy: Listed | null, askedAt: number): Compared {
    const due = isDue(object, this.question, this.ends.definition);
    const stale = copy !== null && seconds(copy.modified) < seconds(object.modified);
    const as = copy === null || stale ? 'lacking' : copy.size === object.size ? 'there' : 'other';
    const chosen = due && as === 'there';
    const choice = chosen ? choose(this.question.seed, this.question.sample, this.from.limits, object) : null;
    return { object, as, stale, age: askedAt - object.modified, due, choice };
  }

  /** Asks what has to be asked of a page's objects, and counts them up to the first of which nothing is known yet. */
  private async work(page: readonly Compared[], isOver: () => boolean): Promise<boolean> {
    let asking = 0;
    const items = page.filter((one) => {
      if ((one.as === 'lacking' && one.due) || one.as === 'other') return this.tally.mayAsk(asking++);
      return one.choice !== null;
    });
    const { results, error } = await inOrder(items, (item) => this.ask(item), isOver);
    const answers = new Map(results.map((result, index) => [items[index], result]));
    const asked = new Set(items);
    for (const one of page) {
      if (asked.has(one) && !answers.has(one)) {
        if (error) throw error as Error;
        return false;
      }
      this.count(one, answers.get(one));
      this.after = one.object.key;
    }
    return true;
  }

  private ask({ object, as, choice, stale }: Compared): Promise<Outcome | Absence> {
    const { source, replica, definition } = this.ends;
    return as === 'lacking'
      ? whyAbsent(object, stale, source, replica)
      : lookAt(object, choice?.whole ?? false, source, replica, definition);
  }

  private count({ object, as, age, due, choice }: Compared, answer: Outcome | Absence | undefined): void {
    const { tally } = this;
    if (answer?.is === 'changed') return tally.changed();
    // What is younger than the listing that it lacks in could not be in it.
    if (as === 'lacking' && age >= 0) tally.lacking(age);
    if (object.modified > Date.parse(this.question.reference)) return answer && tally.changed();
    if (as === 'other' && !answer) tally.problem(object.key, 'size', 'the replica lists another size');
    if (as === 'lacking' && due && !answer) tally.unasked(object.key);
    if (answer?.is === 'without-status') tally.withoutStatus(object.key, object.modified);
    if (answer?.is === 'bad') tally.problem(object.key, answer.problem, answer.detail);
    if (choice) tally.looked(choice.stratum, answer?.is === 'bad');
    if (answer?.is === 'fine' && !answer.compared) tally.uncompared();
  }
}
