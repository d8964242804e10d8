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
  /** Largest fraction of bad ones that is not excluded. */
  readonly atMost: number;
}

const DEFAULT_CONFIDENCE = 0.99;

/** @param population Infinity where what was looked at is only known not to be all */
export function claim(counts: Counts, population: number, sample: SampleDefinition): Claim {
  const { looked, bad } = counts.chance;
  // Those of other strata that were not compared are taken off too: rather too little is claimed than too much.
  const size = Math.max(bad, looked - counts.uncompared);
  const confidence = confidenceOf(sample);
  return { whole: size >= population, size, bad, atMost: upperBound(bad, size, confidence, population) };
}

/** Whether the claim is as strong as was asked for; objects that vanish meanwhile weaken it a little. */
export function isStrongEnough({ whole, atMost, bad }: Claim, sample: SampleDefinition): boolean {
  return whole || bad > 0 || 'every' in sample || atMost <= sample.fraction * 1.1;
}

/** `0 of 459 chosen at random are bad: with 99 % confidence at most 0.998 % of all are`. */
export function sayClaim({ whole, size, bad, atMost }: Claim, sample: SampleDefinition, what: string): string {
  if (whole) return `all ${number(size)} were looked at, and ${isAre(bad)} ${what}`;
  const chosen = 'every' in sample ? `${number(size)} that were looked at` : `${number(size)} chosen at random`;
  if (size === 0) return 'not one was looked at';
  return `${number(bad)} of ${chosen} ${bad === 1 ? 'is' : 'are'} ${what}; with ${percent(confidenceOf(sample))} confidence at most ${percent(atMost)} of all are`;
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
      ? [`the content of ${number(uncompared)} was not compared: large, or without a checksum that compares`]
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
