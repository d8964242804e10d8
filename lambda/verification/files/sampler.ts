import type { SampleDefinition } from '../../../lib/private/contract/files';
import { placeOf } from './keys';
import type { Listed } from './port';
import { sampleSize } from './statistics';

/** Damage clusters at the newest end; as many as find a fraction by chance are enough of it. */
const MOST_NEWEST = 2_000;
/** Large objects are what is cut off in the middle. */
const LARGEST = 20;
/** Objects read from end to end: as many as find one in twenty with a confidence of 95 %. */
const READ_WHOLE = sampleSize(0.05, 0.95);

export type Stratum = 'newest' | 'random' | 'largest' | 'every';

/** The places up to which objects are chosen; null: every one. A few words, whatever the number of objects. */
export interface Limits {
  readonly random: string | null;
  readonly newest: string | null;
  readonly largest: string | null;
  /** Of these, what is read from end to end. */
  readonly whole: string | null;
}

/** What a survey keeps between two rounds. */
export interface Kept {
  readonly random: readonly string[];
  readonly newest: readonly string[];
  readonly largest: readonly string[];
}

/**
 * Chooses objects while they stream by, in any order: `random` those with the lowest places in the seed's order, `newest`
 * and `largest` those with the highest age or size. It keeps places, never keys, so its memory is that of the sample:
 * a second pass finds the objects again.
 */
export class Sampler {
  private readonly random: Lowest;
  private readonly newest: Lowest;
  private readonly largest: Lowest;

  constructor(
    private readonly seed: string,
    private readonly sample: SampleDefinition,
    kept: Kept = { random: [], newest: [], largest: [] },
  ) {
    const size = 'every' in sample ? READ_WHOLE : sampleSize(sample.fraction, sample.confidence);
    this.random = new Lowest(Math.max(size, READ_WHOLE), kept.random);
    this.newest = new Lowest('every' in sample ? 0 : Math.min(size, MOST_NEWEST), kept.newest);
    this.largest = new Lowest('every' in sample ? 0 : LARGEST, kept.largest);
  }

  offer(object: Listed): void {
    const place = placeOf(this.seed, object.key);
    this.random.offer(place);
    this.newest.offer(newestPlace(object, place));
    this.largest.offer(largestPlace(object, place));
  }

  keep(): Kept {
    return { random: this.random.kept(), newest: this.newest.kept(), largest: this.largest.kept() };
  }

  /** @param population how many were offered */
  limits(population: number): Limits {
    const whole = this.random.limit(READ_WHOLE);
    if ('every' in this.sample) return { random: null, newest: null, largest: null, whole };
    const size = sampleSize(this.sample.fraction, this.sample.confidence, population);
    return {
      random: this.random.limit(size),
      newest: this.newest.limit(Math.min(size, MOST_NEWEST)),
      largest: this.largest.limit(LARGEST),
      whole,
    };
  }
}

export interface Choice {
  /** In one alone, so that counts add up; chance comes first, since what it draws speaks for all. */
  readonly stratum: Stratum;
  readonly whole: boolean;
}

/** Whether an object is looked at, and how; null: it is not. */
export function choose(seed: string, sample: SampleDefinition, limits: Limits, object: Listed): Choice | null {
  const place = placeOf(seed, object.key);
  const whole = within(place, limits.whole);
  if ('every' in sample) return { stratum: 'every', whole };
  if (within(place, limits.random)) return { stratum: 'random', whole };
  if (within(newestPlace(object, place), limits.newest)) return { stratum: 'newest', whole: false };
  if (within(largestPlace(object, place), limits.largest)) return { stratum: 'largest', whole: false };
  return null;
}

function within(place: string, limit: string | null): boolean {
  return limit === null || place <= limit;
}

/** Newest first; those of one second in the seed's order. */
function newestPlace({ modified }: Listed, place: string): string {
  return descending(Math.floor(modified / 1000), 9) + place;
}

function largestPlace({ size }: Listed, place: string): string {
  return descending(size, 13) + place;
}

/** Hexadecimal text that sorts the other way round; what is beyond the digits comes first. */
function descending(value: number, digits: number): string {
  return Math.max(0, 16 ** digits - 1 - value)
    .toString(16)
    .padStart(digits, '0');
}

/** The lowest of many texts of one length, so many of them, cut back now and then instead of kept sorted. */
class Lowest {
  private values: string[];
  private cut = '~';

  constructor(
    private readonly most: number,
    kept: readonly string[],
  ) {
    this.values = [...kept];
    this.shrink();
  }

  offer(value: string): void {
    if (value >= this.cut) return;
    this.values.push(value);
    if (this.values.length >= 2 * this.most) this.shrink();
  }

  kept(): string[] {
    this.shrink();
    return this.values;
  }

  /** The highest of the lowest so many; null when all that was offered is among them. */
  limit(size: number): string | null {
    this.shrink();
    return this.values.length < size || this.values.length === 0 ? null : this.values[size - 1];
  }

  private shrink(): void {
    this.values.sort().splice(this.most);
    if (this.values.length === this.most) this.cut = this.values.at(-1) ?? '';
  }
}
