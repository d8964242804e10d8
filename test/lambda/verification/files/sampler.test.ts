import fc from 'fast-check';
import { choose, Sampler, type Limits } from '../../../../lambda/verification/files/sampler';
import { compareKeys } from '../../../../lambda/verification/files/keys';
import type { Listed } from '../../../../lambda/verification/files/port';
import { upperBound } from '../../../../lambda/verification/files/statistics';

const SAMPLE = { fraction: 0.01, confidence: 0.99 };

function objects(count: number): Listed[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `f/${index}`,
    size: index % 977,
    modified: index * 1000,
  }));
}

function limitsOf(seed: string, all: Iterable<Listed>, population: number, sample = SAMPLE): Limits {
  const sampler = new Sampler(seed, sample);
  for (const object of all) sampler.offer(object);
  return sampler.limits(population);
}

const strata = (seed: string, all: readonly Listed[], sample = SAMPLE) => {
  const limits = limitsOf(seed, all, all.length, sample);
  return all.map((object) => choose(seed, sample, limits, object)?.stratum ?? null);
};

test('as many by chance as are needed, the newest and the largest, each in one stratum', () => {
  const all = objects(10_000);
  const chosen = strata('s', all);
  const count = (stratum: string) => chosen.filter((one) => one === stratum).length;
  expect(count('random')).toBe(448);
  expect(chosen.slice(-448).every((one) => one !== null)).toBe(true);
  const largest = all.filter(({ size }) => size > 975);
  expect(largest.length).toBeGreaterThan(5);
  expect(largest.every(({ key }) => chosen[all.findIndex((one) => one.key === key)] !== null)).toBe(true);
});

test('the order in which objects come, and interruptions, change nothing', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 300 }),
      fc.integer({ min: 0, max: 300 }),
      (keys, cut) => {
        const all = keys.map((key, index) => ({ key, size: index % 7, modified: (index % 11) * 1000 }));
        const sample = { fraction: 0.3, confidence: 0.9 };
        const once = limitsOf('s', all, all.length, sample);
        expect(limitsOf('s', [...all].reverse(), all.length, sample)).toEqual(once);
        const first = new Sampler('s', sample);
        all.slice(0, cut).forEach((one) => first.offer(one));
        const second = new Sampler('s', sample, JSON.parse(JSON.stringify(first.keep())));
        all.slice(cut).forEach((one) => second.offer(one));
        expect(second.limits(all.length)).toEqual(once);
      },
    ),
  );
});

test('of few objects every one is chosen', () => {
  for (const count of [0, 1, 2, 59, 90])
    expect(strata('s', objects(count)).every((one) => one === 'random')).toBe(true);
});

test('many objects of one second and one size are not all chosen', () => {
  const alike = Array.from({ length: 20_000 }, (_, index) => ({
    key: `k${index}`,
    size: 5,
    modified: 1_700_000_000_000,
  }));
  const chosen = strata('s', alike).filter((one) => one !== null);
  expect(chosen.length).toBeLessThanOrEqual(459 + 459 + 20);
});

test('keys are in the order of their bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

/*
 * A population with as many bad ones as are to be found, all of them neighbours, since damage clusters. One run per seed.
 */
const RUNS = 1_000;

test('of 1,000 runs as many detect as the evidence claims, though bad ones cluster', () => {
  const all = objects(1_000);
  const bad = new Set(all.slice(500, 510).map(({ key }) => key));
  let [detected, held] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const limits = limitsOf(`seed ${run}`, all, all.length);
    const chosen = all.filter((object) => choose(`seed ${run}`, SAMPLE, limits, object)?.stratum === 'random');
    const found = chosen.filter(({ key }) => bad.has(key)).length;
    if (found > 0) detected++;
    if (upperBound(found, chosen.length, SAMPLE.confidence, all.length) >= bad.size / all.length) held++;
  }
  // At least 990 are expected; three standard deviations of chance are 9.
  expect(detected).toBeGreaterThanOrEqual(981);
  expect(held).toBeGreaterThanOrEqual(981);
}, 240_000);

test('a cluster of bad ones among the newest is found in every run, however small', () => {
  const all = objects(3_000);
  const newest = new Set(all.slice(-10).map(({ key }) => key));
  for (let run = 0; run < 50; run++) {
    const limits = limitsOf(`seed ${run}`, all, all.length);
    const chosen = all.filter((object) => choose(`seed ${run}`, SAMPLE, limits, object) !== null);
    expect(chosen.filter(({ key }) => newest.has(key))).toHaveLength(10);
  }
});
