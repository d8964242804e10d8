/**
 * How many objects a sample must look at, and what may be said of all after it. Exact: hypergeometric where the population
 * is known, binomial (Clopper-Pearson) where it is not; no approximation that fails at the edges.
 */

/** Sums of logarithms are off by less; a chance that is exactly the limit is within it. */
const ROUNDING = 1e-12;

/**
 * Objects to look at so that at least one bad one is found with this confidence if at least this fraction is bad.
 * @param population how many there are; Infinity where that is not known, or many
 */
export function sampleSize(fraction: number, confidence: number, population = Infinity): number {
  if (!(fraction > 0 && fraction <= 1 && confidence > 0 && confidence < 1)) {
    throw new RangeError(`no sample finds a fraction of ${fraction} with a confidence of ${confidence}`);
  }
  const missed = Math.log1p(-confidence);
  if (population === Infinity) return fraction === 1 ? 1 : Math.ceil(missed / Math.log1p(-fraction) - 1e-9);
  const bad = Math.ceil(fraction * population - 1e-9);
  let log = 0;
  for (let size = 0; size <= population - bad; size++) {
    if (log <= missed + ROUNDING) return size;
    log += Math.log((population - bad - size) / (population - size));
  }
  return Math.min(population, population - bad + 1);
}

/**
 * The largest fraction of bad objects that what was seen does not exclude with this confidence.
 * @param bad how many of the sample were bad
 * @param size how many were looked at
 */
export function upperBound(bad: number, size: number, confidence: number, population = Infinity): number {
  if (size === 0 || bad >= size) return size >= population ? bad / Math.max(1, population) : 1;
  if (size >= population) return bad / population;
  const excluded = Math.log1p(-confidence);
  if (population === Infinity) {
    return bisect(bad / size, 1, (fraction) => logOfAtMost(bad, binomial(size, fraction)) > excluded);
  }
  // Whole objects: the largest number of bad ones under which as few as were seen is still likely enough.
  let [low, high] = [bad, population - size + bad];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (logOfAtMost(bad, hypergeometric(population, middle, size)) > excluded + ROUNDING) low = middle;
    else high = middle - 1;
  }
  return low / population;
}

/** Logarithms of the chances of 0, 1, 2, ... bad ones, from the first that is possible on. */
interface Chances {
  readonly from: number;
  readonly first: number;
  /** Of one more than `bad`, over that of `bad`. */
  readonly ratio: (bad: number) => number;
}

function binomial(size: number, fraction: number): Chances {
  const odds = fraction / (1 - fraction);
  return { from: 0, first: size * Math.log1p(-fraction), ratio: (bad) => ((size - bad) / (bad + 1)) * odds };
}

function hypergeometric(population: number, badOnes: number, size: number): Chances {
  const good = population - badOnes;
  const ratio = (bad: number) => ((badOnes - bad) * (size - bad)) / ((bad + 1) * (good - size + bad + 1));
  if (good >= size) return { from: 0, first: logOfProduct(good, population, size), ratio };
  // Fewer good ones than the sample holds: at best all of them are in it.
  return { from: size - good, first: logOfProduct(size, population, good), ratio };
}

/** Of n/d * (n-1)/(d-1) * ..., so many factors. */
function logOfProduct(numerator: number, denominator: number, factors: number): number {
  let log = 0;
  for (let index = 0; index < factors; index++) log += Math.log((numerator - index) / (denominator - index));
  return log;
}

function logOfAtMost(bad: number, { from, first, ratio }: Chances): number {
  if (bad < from) return -Infinity;
  let [sum, log] = [first, first];
  for (let each = from; each < bad; each++) {
    log += Math.log(ratio(each));
    const larger = Math.max(sum, log);
    sum = larger + Math.log(Math.exp(sum - larger) + Math.exp(log - larger));
  }
  return sum;
}

/** Where something that holds at `low` stops to hold. */
function bisect(low: number, high: number, holds: (value: number) => boolean): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}
