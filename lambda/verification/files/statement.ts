import type { FileProblem, SampleDefinition } from '../../../lib/private/contract/files';
import { count, number } from '../text';
import { upperBound } from './statistics';
import type { Counts } from './tally';

/** What may be said of all from those that chance chose. */
export interface Claim {
  /** Whether every one was looked at, so that chance has no part in it. */
  readonly whole: boolean;
  /** How many speak for all: looked at, and their content compared. */
  readonly size: number;
  readonly bad: number;
  /** How many were looked at without their content compared: of these nothing is claimed. */
  readonly uncompared: number;
  /** Largest fraction of all that may be bad and could have been found so. */
  readonly atMost: number;
}

const DEFAULT_CONFIDENCE = 0.99;

/** @param population Infinity where what was looked at is only known not to be all */
export function claim(counts: Counts, population: number, sample: SampleDefinition): Claim {
  const { uncompared } = counts;
  const { looked, bad } = counts.chance;
  // Those of other strata that were not compared are taken off too: rather too little is claimed than too much.
  const size = Math.max(bad, looked - uncompared);
  const confidence = confidenceOf(sample);
  return { whole: size >= population, size, bad, uncompared, atMost: upperBound(bad, size, confidence, population) };
}

/** Whether the claim is as strong as was asked for; objects that vanish meanwhile weaken it a little. */
export function isStrongEnough({ whole, atMost, bad, uncompared }: Claim, sample: SampleDefinition): boolean {
  if (whole || bad > 0) return true;
  return 'every' in sample ? uncompared === 0 : atMost <= sample.fraction * 1.1;
}

/** `0 of 459 chosen at random are bad: with 99 % confidence at most 0.998 % of all are`. */
export function sayClaim(made: Claim, sample: SampleDefinition, what: string): string {
  const { whole, size, bad, uncompared, atMost } = made;
  if (whole) return `all ${number(size)} were looked at, and ${isAre(bad)} ${what}`;
  if (size === 0) return uncompared > 0 ? 'the content of not one was compared' : 'not one was looked at';
  const found = (which: string) => `${number(bad)} of ${number(size)} ${which} ${bad === 1 ? 'is' : 'are'} ${what}`;
  if ('every' in sample) {
    return uncompared > 0
      ? `${found('whose content was compared')}, which is not every object`
      : found('that were looked at');
  }
  const but = uncompared > 0 ? ', apart from those whose content cannot be compared' : '';
  const bound = `with ${percent(sample.confidence)} confidence at most ${percent(atMost)} of all are${but}`;
  return `${found(uncompared > 0 ? 'chosen at random and compared' : 'chosen at random')}; ${bound}`;
}

export function sumOfProblems({ problems }: Counts): number {
  return Object.values(problems).reduce((sum, each) => sum + each, 0);
}

const WORDS: Readonly<Record<FileProblem, string>> = {
  missing: 'missing',
  deleted: 'deleted',
  size: 'of another size',
  content: 'of other content',
  unreadable: 'not readable',
  key: 'under another key',
  failed: 'failed to be replicated',
  late: 'late',
  'older-than-rule': 'older than the replication rule, or outside of it',
};

/** `3 missing, 1 late`, most first. */
export function sayProblemCounts({ problems }: Counts): string {
  const found = (Object.entries(problems) as [FileProblem, number][]).sort(([, a], [, b]) => b - a);
  return found.map(([problem, times]) => `${number(times)} ${WORDS[problem]}`).join(', ');
}

export function sayAside({ uncompared, changed, unasked }: Counts): string[] {
  return [
    ...(uncompared > 0
      ? [
          `the content of ${number(uncompared)} was not compared: large, or without a checksum that compares and an original that can be read`,
        ]
      : []),
    ...(changed > 0 ? [`${count(changed, 'object')} changed meanwhile`] : []),
    ...(unasked > 0 ? [`of ${number(unasked)} missing ones the replication status was not asked`] : []),
  ];
}

function confidenceOf(sample: SampleDefinition): number {
  return 'every' in sample ? DEFAULT_CONFIDENCE : sample.confidence;
}

function isAre(bad: number): string {
  return bad === 0 ? 'none is' : bad === 1 ? '1 is' : `${number(bad)} are`;
}

/** Rounded up, so that no more is claimed than holds: `0.998 %`, `1 %`. */
function percent(fraction: number): string {
  const hundredths = fraction * 100;
  const digits = hundredths === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(hundredths)));
  const rounded = Math.min(100, Math.ceil(hundredths * 10 ** digits - 1e-6) / 10 ** digits);
  return `${Number(rounded.toFixed(digits))} %`;
}
