import { Duration, TimeZone, Token } from 'aws-cdk-lib';
import { BackupTiers, type BackupTiersOptions } from '../../../lib';
import { days } from './support';

const rendered = (options?: BackupTiersOptions) =>
  BackupTiers.grandfatherFatherSon(options)
    ._render()
    .map(({ name, schedule, retention }) => [name, schedule, retention.toDays()]);

test('keeps days for a month, weeks for a quarter and months for a year', () => {
  expect(rendered()).toEqual([
    ['daily', 'cron(0 5 ? * * *)', 30],
    ['weekly', 'cron(0 5 ? * SUN *)', 90],
    ['monthly', 'cron(0 5 1 * ? *)', 365],
  ]);
});

test('keeps years on request, and leaves out what is kept for no day', () => {
  expect(rendered({ yearly: days(2_557), weekly: days(0), daily: days(1), hour: 23, minute: 59 })).toEqual([
    ['daily', 'cron(59 23 ? * * *)', 1],
    ['monthly', 'cron(59 23 1 * ? *)', 365],
    ['yearly', 'cron(59 23 1 1 ? *)', 2_557],
  ]);
});

test('never has more rules than a backup plan takes', () => {
  expect(rendered({ yearly: days(36_500) }).length).toBeLessThanOrEqual(10);
});

test('has windows of its own', () => {
  const [rule] = BackupTiers.grandfatherFatherSon({
    timeZone: TimeZone.EUROPE_BERLIN,
    startWindow: Duration.hours(24),
    completionWindow: Duration.hours(25),
  })._render();
  expect(rule.timeZone.timezoneName).toBe('Europe/Berlin');
  expect([rule.startWindow.toMinutes(), rule.completionWindow.toMinutes()]).toEqual([1_440, 1_500]);
  const [standard] = BackupTiers.grandfatherFatherSon()._render();
  expect([standard.startWindow.toMinutes(), standard.completionWindow.toMinutes()]).toEqual([60, 480]);
});

test('none is none', () => {
  expect(BackupTiers.none()._isNone()).toBe(true);
  expect(BackupTiers.none()._render()).toEqual([]);
  expect(BackupTiers.grandfatherFatherSon()._isNone()).toBe(false);
});

test('weekly ones may be kept longer than monthly ones, which are not always due together', () => {
  expect(rendered({ weekly: days(400), monthly: days(90) })).toHaveLength(3);
});

const token = Duration.days(Token.asNumber({ Ref: 'Days' }));

test.each<[string, BackupTiersOptions, RegExp]>([
  [
    'weekly ones that daily ones outlive',
    { weekly: days(30) },
    /weekly backups kept for 30 days are never taken: the daily ones, kept for 30 days, are due whenever they are/,
  ],
  ['monthly ones that daily ones outlive', { daily: days(400) }, /weekly backups kept for 90 days are never taken/],
  ['yearly ones that monthly ones outlive', { yearly: days(366), monthly: days(730) }, /yearly .* the monthly ones/],
  ['nothing', { daily: days(0), weekly: days(0), monthly: days(0) }, /take no backup at all: .* BackupTiers.none\(\)/],
  ['hours', { daily: Duration.hours(36) }, /retention of daily backups must be whole days, from 1 to 36500, got: /],
  ['weeks with gaps', { weekly: days(6) }, /retention of weekly backups must be whole days, from 7 to 36500/],
  ['months with gaps', { monthly: days(30) }, /retention of monthly backups must be whole days, from 31/],
  ['years with gaps', { yearly: days(365) }, /retention of yearly backups must be whole days, from 366/],
  ['too long', { yearly: days(36_501) }, /from 366 to 36500, got: 36501 days/],
  ['a token', { daily: token }, /retention of daily backups must be known at synthesis/],
  ['no hour', { hour: 24 }, /hour of backup tiers must be a whole number from 0 to 23/],
  ['no minute', { minute: 1.5 }, /minute of backup tiers must be a whole number from 0 to 59/],
  [
    'a short start',
    { startWindow: Duration.minutes(59) },
    /startWindow of backup tiers must be whole minutes, from 60/,
  ],
  ['a token to start', { startWindow: token }, /startWindow of backup tiers must be known at synthesis/],
  ['no time to complete', { completionWindow: Duration.minutes(119) }, /completionWindow .*, from 120 to 10080/],
])('fails for %s', (_, options, message) => {
  expect(() => BackupTiers.grandfatherFatherSon(options)).toThrow(message);
});
