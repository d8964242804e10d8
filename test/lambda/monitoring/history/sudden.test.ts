import * as fc from 'fast-check';
import { chance } from '../../../simulation/chance';
import { sudden, type Figure, type Sensitivity } from '../../../../lambda/monitoring/history/sudden';

const GIB = 1024 ** 3;
const BYTES: Sensitivity = { figures: 10, span: 14, least: GIB, level: 14, season: 7 };
const figures = (values: readonly number[]): Figure[] => values.map((value, at) => ({ at, value }));
const steady = (days: number, bytes: number, growth = 1) =>
  Array.from({ length: days }, (_, day) => bytes * growth ** day);

function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface Health {
  readonly days: number;
  readonly gib: number;
  /** Each day, up to 3 %. */
  readonly growth: number;
  /** Standard deviation of a day's change. */
  readonly noise: number;
  /** What a Sunday takes away and the week brings back. */
  readonly weekly: number;
  /** Share of days on which temporary files take up to 8 % more. */
  readonly bursts: number;
  readonly seed: number;
}

/** A healthy database: it grows, breathes with the week, and is noisy. */
function healthy({ days, gib, growth, noise, weekly, bursts, seed }: Health): number[] {
  const random = chance(seed);
  const normal = normalOf(random);
  return Array.from({ length: days }, (_, day) => {
    const level = gib * GIB * (1 + growth) ** day;
    const week = day % 7 === 6 ? 1 - weekly : 1 - weekly * 0.1 * ((6 - (day % 7)) / 6);
    const burst = random() < bursts ? 1 + 0.08 * random() : 1;
    return level * week * burst * Math.exp(noise * normal());
  });
}

const health = fc.record<Health>({
  days: fc.constant(120),
  gib: fc.integer({ min: 2, max: 5_000 }),
  growth: fc.double({ min: 0, max: 0.03, noNaN: true }),
  noise: fc.double({ min: 0, max: 0.02, noNaN: true }),
  weekly: fc.double({ min: 0, max: 0.3, noNaN: true }),
  bursts: fc.double({ min: 0, max: 0.1, noNaN: true }),
  seed: fc.integer(),
});

/** Judges each day by at most 60 days before it, as the handler does. */
function daysTold(values: readonly number[]): number[] {
  return values.flatMap((_, day) => (toldOn(values, day) ? [day] : []));
}

function toldOn(values: readonly number[], day: number): boolean {
  return sudden(figures(values).slice(Math.max(0, day - 60), day + 1), BYTES) !== null;
}

test('of healthy databases less than one day in 5,000 is told, weekly purges, growth and noise included', () => {
  const sample = fc.sample(health, { numRuns: 200, seed: 20_261_120 });
  const days = sample.reduce((sum, { days: each }) => sum + each, 0);
  const told = sample.map((each) => daysTold(healthy(each)).length);
  const all = told.reduce((sum, each) => sum + each, 0);
  expect(days).toBe(24_000);
  expect(all / days).toBeLessThan(1 / 5_000);
});

test('a loss of half in one day is told of every one of them, on that day', () => {
  fc.assert(
    fc.property(health, fc.integer({ min: 30, max: 100 }), (each, day) => {
      const values = healthy({ ...each, gib: each.gib + 2 }).map((value, at) => (at < day ? value : value * 0.4));
      fc.pre(values[day] < values[day - 1] / 2);
      expect(toldOn(values, day)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('a loss of a third is told of every calm one, however it grows', () => {
  fc.assert(
    fc.property(health, fc.integer({ min: 30, max: 100 }), (each, day) => {
      const calm = { ...each, gib: each.gib + 10, noise: each.noise / 4, weekly: 0, bursts: 0 };
      const values = healthy(calm).map((value, at) => (at < day ? value : value * 0.66));
      const last = sudden(figures(values.slice(0, day + 1)), BYTES);
      expect(last?.direction).toBe('shrunk');
    }),
    { numRuns: 200 },
  );
});

test('what it says depends neither on the unit nor on when the days are counted from', () => {
  fc.assert(
    fc.property(health, fc.integer({ min: 20, max: 119 }), fc.integer({ min: 1, max: 900 }), (each, day, from) => {
      const values = healthy(each).slice(0, day + 1);
      const moved = figures(values).map(({ at, value }) => ({ at: at + from * 7, value: value * 1024 }));
      const unit = sudden(figures(values), { ...BYTES, least: 0 });
      const other = sudden(moved, { ...BYTES, least: 0 });
      expect(other?.direction).toBe(unit?.direction);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['steady growth of a tenth a day', steady(40, 10 * GIB, 1.1)],
  ['nothing at all', []],
  ['one day', [GIB]],
  ['an empty database', steady(40, 0)],
  ['a loss while the history is shorter than two weeks', [...steady(13, 10 * GIB), GIB]],
  ['a small database that is emptied', [...steady(30, 0.9 * GIB), 0]],
  ['a way back to the usual level', [...steady(30, 10 * GIB), 14 * GIB, 14 * GIB, 10 * GIB]],
])('not told: %s', (_, values) => {
  expect(sudden(figures(values), BYTES)).toBeNull();
});

test.each([
  ['a fall to half', [...steady(30, 10 * GIB), 5 * GIB], 'shrunk', true],
  [
    'a slow fall to half, on the day it gets there',
    [...steady(30, 10 * GIB), 8, 7, 6, 4.9].map((v) => (v < 100 ? v * GIB : v)),
    'shrunk',
    true,
  ],
  ['a fall to nothing', [...steady(30, 10 * GIB), 0], 'shrunk', true],
  ['a fifth less', [...steady(30, 10 * GIB), 8 * GIB], 'shrunk', false],
  ['a quarter more', [...steady(30, 10 * GIB), 12.5 * GIB], 'grew', false],
  [
    'a fall of what purges every Sunday, on another day',
    [...healthy({ days: 38, gib: 100, growth: 0, noise: 0, weekly: 0.2, bursts: 0, seed: 1 }), 80 * GIB],
    'shrunk',
    false,
  ],
])('told: %s', (_, values, direction, halved) => {
  expect(sudden(figures(values), BYTES)).toMatchObject({ direction, halved });
});

test('what was halved is told once, not on the days after', () => {
  expect(daysTold([...steady(30, 10 * GIB), ...steady(30, 4 * GIB)])).toEqual([30]);
});
