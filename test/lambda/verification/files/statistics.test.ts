import fc from 'fast-check';
import { sampleSize, upperBound } from '../../../../lambda/verification/files/statistics';

test.each([
  [0.95, [59, 299, 598, 2_995, 29_956]],
  [0.99, [90, 459, 919, 4_603, 46_050]],
  [0.999, [135, 688, 1_379, 6_905, 69_075]],
])('as many as a confidence of %d needs of any number', (confidence, sizes) => {
  const fractions = [0.05, 0.01, 0.005, 0.001, 0.0001];
  expect(fractions.map((fraction) => sampleSize(fraction, confidence))).toEqual(sizes);
});

test('of a known number fewer, and never more than there are', () => {
  expect([500, 10_000, 1_000_000].map((all) => sampleSize(0.01, 0.99, all))).toEqual([300, 448, 459]);
  expect([0, 1, 2, 10].map((all) => sampleSize(0.01, 0.99, all))).toEqual([0, 1, 2, 10]);
});

test.each([
  [0, 0.001],
  [1, 0.001441],
  [2, 0.001825],
  [5, 0.002845],
])('after %d bad ones of 4,603 at most so many of all are bad', (bad, most) => {
  expect(upperBound(bad, 4_603, 0.99)).toBeCloseTo(most, 5);
});

test('what was looked at to the last is known', () => {
  expect(upperBound(3, 10, 0.99, 10)).toBe(0.3);
  expect(upperBound(0, 0, 0.99)).toBe(1);
  expect(upperBound(7, 7, 0.99, 100)).toBe(1);
});

const whole = (least: number, most: number) => fc.integer({ min: least, max: most });

test('a sample of the size that is needed excludes the fraction, and one less does not', () => {
  fc.assert(
    fc.property(whole(2, 3_000), whole(1, 50), fc.constantFrom(0.9, 0.95, 0.99), (all, percent, confidence) => {
      const size = sampleSize(percent / 100, confidence, all);
      const excluded = (some: number) => upperBound(0, some, confidence, all) < percent / 100;
      expect(excluded(size)).toBe(true);
      if (size > 1) expect(excluded(size - 1)).toBe(false);
    }),
  );
});

test('bounds are fractions, above what was seen, and rise with what is bad', () => {
  fc.assert(
    fc.property(whole(1, 500), whole(0, 500), fc.option(whole(0, 20_000)), (size, bad, more) => {
      fc.pre(bad < size);
      const all = more === null ? Infinity : size + more;
      const bound = upperBound(bad, size, 0.99, all);
      const seen = all === Infinity ? bad / size : bad / all;
      expect(bound).toBeGreaterThanOrEqual(seen);
      expect(bound).toBeLessThanOrEqual(1);
      expect(upperBound(Math.min(bad + 1, size), size, 0.99, all)).toBeGreaterThanOrEqual(bound);
    }),
  );
});

test.each([0, -1, 1.5, NaN])('no sample finds a fraction of %d', (fraction) => {
  expect(() => sampleSize(fraction, 0.99)).toThrow(RangeError);
});
