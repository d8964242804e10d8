import { nextOf } from './schedule';

const times = (expression: string, zone: string | undefined, after: string, count: number) => {
  const next = nextOf(expression, zone);
  const found: string[] = [];
  for (let time = next(new Date(after)); found.length < count; time = next(time))
    found.push(time.toISOString().slice(0, 16));
  return found;
};

test('a rate keeps its step, whatever the clocks do', () => {
  expect(times('rate(1 hour)', 'Europe/Berlin', '2026-03-28T23:30:00Z', 3)).toEqual([
    '2026-03-29T00:00',
    '2026-03-29T01:00',
    '2026-03-29T02:00',
  ]);
});

test('a time of day follows the clocks of its zone', () => {
  expect(times('cron(0 5 ? * * *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
    '2026-03-28T04:00',
    '2026-03-29T03:00',
    '2026-03-30T03:00',
  ]);
});

test('a time that a day does not have is skipped, one that it has twice comes once', () => {
  expect(times('cron(30 2 ? * * *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 2)).toEqual([
    '2026-03-28T01:30',
    '2026-03-30T00:30',
  ]);
  expect(times('cron(30 2 ? * * *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
});

test('Sundays, first days of months and of years', () => {
  expect(times('cron(0 5 ? * SUN *)', undefined, '2026-02-27T12:00:00Z', 2)).toEqual([
    '2026-03-01T05:00',
    '2026-03-08T05:00',
  ]);
  expect(times('cron(0 5 1 * ? *)', undefined, '2026-01-31T12:00:00Z', 2)).toEqual([
    '2026-02-01T05:00',
    '2026-03-01T05:00',
  ]);
  expect(times('cron(0 5 1 1 ? *)', undefined, '2026-01-31T12:00:00Z', 1)).toEqual(['2027-01-01T05:00']);
});
