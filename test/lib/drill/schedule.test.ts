import { Aws, Duration, TimeZone, Token } from 'aws-cdk-lib';
import { DrillSchedule, WeekDay } from '../../../lib';

const DAY = 86_400;

test.each([
  ['weekly', DrillSchedule.weekly(), 'cron(0 4 ? * SUN *)', 7],
  ['weekly at', DrillSchedule.weekly({ weekDay: WeekDay.TUESDAY, hour: 23, minute: 59 }), 'cron(59 23 ? * TUE *)', 7],
  ['monthly', DrillSchedule.monthly(), 'cron(0 4 1 * ? *)', 31],
  ['monthly on', DrillSchedule.monthly({ day: 28 }), 'cron(0 4 28 * ? *)', 31],
  ['quarterly', DrillSchedule.quarterly(), 'cron(0 4 1 1,4,7,10 ? *)', 92],
  ['yearly', DrillSchedule.yearly({ month: 12, hour: 0 }), 'cron(0 0 1 12 ? *)', 366],
])('%s', (_, schedule, expression, days) => {
  expect(schedule.expressionString).toBe(expression);
  expect(schedule.timeZone.timezoneName).toBe('Etc/UTC');
  expect(schedule.interval.toSeconds()).toBe(days * DAY);
  expect(schedule._provenSeconds()).toBe((days + 1) * DAY);
});

test('keeps a time zone', () => {
  const schedule = DrillSchedule.weekly({ timeZone: TimeZone.EUROPE_BERLIN });
  expect(schedule.timeZone.timezoneName).toBe('Europe/Berlin');
});

test('gives an interval shorter than a day twice its time', () => {
  const schedule = DrillSchedule.expression('cron(0 */6 * * ? *)', Duration.hours(6));
  expect(schedule._provenSeconds()).toBe(12 * 3_600);
});

test.each([
  'cron(0 4 ? * MON-FRI *)',
  'cron(0/15 4,5 1-7 JAN,MAR ? 2026/2)',
  'cron(0 4 L * ? *)',
  'cron(0 4 L-3 * ? *)',
  'cron(0 4 15W * ? *)',
  'cron(0 4 ? * FRI#2 *)',
  'cron(0 4 ? * 6L *)',
  'cron( 0  4 1 * ? * )',
])('takes %s', (expression) => {
  expect(DrillSchedule.expression(expression, Duration.days(31)).expressionString).toBe(expression);
});

test.each([
  ['', /a drill's schedule must be 1 to 256 characters/],
  ['rate(7 days)', /six fields, got: "rate\(7 days\)"/],
  ['cron(0 4 * * SUN)', /six fields/],
  ['cron(0 4 ? * SUN * *)', /six fields/],
  ['0 4 ? * SUN *', /six fields/],
  ['cron(60 4 ? * SUN *)', /minutes of a drill's schedule must be from 0 to 59, got: "60"/],
  ['cron(0 24 ? * SUN *)', /hours of a drill's schedule must be from 0 to 23/],
  ['cron(0 4 32 * ? *)', /day of month/],
  ['cron(0 4 1 13 ? *)', /month of a drill's schedule/],
  ['cron(0 4 ? * 0 *)', /day of week/],
  ['cron(0 4 ? * SUN#6 *)', /day of week/],
  ['cron(0 4 1 * ? 2200)', /year/],
  ['cron(0/0 4 1 * ? *)', /minutes/],
  ['cron(5-1 4 1 * ? *)', /minutes/],
  ['cron(1-2-3 4 1 * ? *)', /minutes/],
  ['cron(;drop 4 1 * ? *)', /minutes/],
  ['cron(0 4 * * * *)', /exactly one of day-of-month and day-of-week must be "\?"/],
  ['cron(0 4 ? * ? *)', /exactly one of/],
  [`cron(0 4 ? * ${Aws.REGION} *)`, /must be known at synthesis/],
])('fails for %s', (expression, message) => {
  expect(() => DrillSchedule.expression(expression, Duration.days(7))).toThrow(message);
});

test.each([
  [Duration.days(367), /from 1 hour to 366 days, got: "P367D"/],
  [Duration.minutes(59), /from 1 hour to 366 days/],
  [Duration.seconds(0), /from 1 hour to 366 days/],
  [Duration.days(Token.asNumber({ Ref: 'Days' })), /a value known only at deployment/],
])('fails for an interval', (interval, message) => {
  expect(() => DrillSchedule.expression('cron(0 4 ? * SUN *)', interval)).toThrow(message);
});

test.each([
  [
    'hour',
    () => DrillSchedule.weekly({ hour: 24 }),
    /hour of a drill schedule must be a whole number from 0 to 23, got: 24/,
  ],
  ['minute', () => DrillSchedule.weekly({ minute: 0.5 }), /minute of a drill schedule/],
  [
    'day',
    () => DrillSchedule.monthly({ day: 29 }),
    /day of a drill schedule must be a whole number from 1 to 28, got: 29/,
  ],
  ['month', () => DrillSchedule.yearly({ month: 0 }), /month of a drill schedule/],
  [
    'a token',
    () => DrillSchedule.weekly({ hour: Token.asNumber({ Ref: 'Hour' }) }),
    /got: a value known only at deployment/,
  ],
])('fails for a bad %s', (_, make, message) => {
  expect(make).toThrow(message);
});
