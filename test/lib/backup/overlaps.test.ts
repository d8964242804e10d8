import { Duration } from 'aws-cdk-lib';
import { BackupTiers, type BackupTiersOptions } from '../../../lib';
import { days } from './support';

type Rule = ReturnType<BackupTiers['_render']>[number];

const DAY = 86_400_000;

/** Three years: 2023 begins on a Sunday, 2024 is a leap year. */
const [BEGIN, END] = [Date.UTC(2022, 0, 1), Date.UTC(2025, 0, 1)];

interface Start {
  readonly rule: Rule;
  readonly opens: number;
  readonly closes: number;
}

/** When a rule's start windows open, by its own cron expression. */
function startsOf(rule: Rule): Start[] {
  const [, minute, hour, dayOfMonth, month, weekDay] = /^cron\((\d+) (\d+) (\S+) (\S+) (\S+) \*\)$/.exec(
    rule.schedule,
  )!;
  const fits = (field: string, value: number | string) => field === '*' || field === '?' || field === String(value);
  const starts: Start[] = [];
  for (let day = BEGIN; day < END; day += DAY) {
    const date = new Date(day);
    const name = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'][date.getUTCDay()];
    if (!fits(dayOfMonth, date.getUTCDate()) || !fits(month, date.getUTCMonth() + 1) || !fits(weekDay, name)) continue;
    const opens = day + (Number(hour) * 60 + Number(minute)) * 60_000;
    starts.push({ rule, opens, closes: opens + rule.startWindow.toMilliseconds() });
  }
  return starts;
}

/** Each time that a rule is due, with the rules whose start window is open at some moment of its own. */
function meetings(rules: Rule[]): { name: string; rivals: string[] }[] {
  const starts = rules.flatMap(startsOf).sort((a, b) => a.opens - b.opens);
  return starts.map((start, index) => {
    const rivals: Start[] = [];
    for (let at = index - 1; at >= 0 && starts[at].opens > start.opens - 2 * DAY; at--) rivals.push(starts[at]);
    for (let at = index + 1; at < starts.length && starts[at].opens < start.closes; at++) rivals.push(starts[at]);
    const names = rivals
      .filter(({ rule, opens, closes }) => rule !== start.rule && opens < start.closes && closes > start.opens)
      .map(({ rule }) => rule.name);
    return { name: start.rule.name, rivals: names.sort() };
  });
}

/** What AWS Backup takes, as it documents it: of two rules whose start windows overlap, the longer retained alone. */
const isTaken = ({ name, rivals }: ReturnType<typeof meetings>[number], retention: (name: string) => number) =>
  rivals.every((rival) => retention(rival) < retention(name));

const TIERS = ['daily', 'weekly', 'monthly', 'yearly'] as const;

/** Every order of retentions, equal ones too, each tier also left out. */
function everyOrder(): BackupTiersOptions[] {
  const lengths = [0, 400, 401, 402, 403];
  return lengths.flatMap((daily) =>
    lengths.flatMap((weekly) =>
      lengths.flatMap((monthly) =>
        lengths.map((yearly) => ({
          daily: days(daily),
          weekly: days(weekly),
          monthly: days(monthly),
          yearly: days(yearly),
        })),
      ),
    ),
  );
}

const longest = { startWindow: Duration.hours(24), completionWindow: Duration.hours(48) };

test.each<[string, BackupTiersOptions]>([
  ['an hour', {}],
  // It closes when the next day's opens, which is no overlap.
  ['a whole day', longest],
])('tiers with a start window of %s fail exactly where one of them would never run', (_, windows) => {
  const all = BackupTiers.grandfatherFatherSon({ ...windows, yearly: days(400) })._render();
  const met = new Map(meetings(all).map((each) => [JSON.stringify(each), each]));
  const wrong: string[] = [];
  let failing = 0;
  for (const order of everyOrder().filter((each) => TIERS.some((tier) => each[tier]!.toDays() > 0))) {
    const options = { ...order, ...windows };
    const retention = (name: string) => order[name as (typeof TIERS)[number]]!.toDays();
    const never = TIERS.filter((tier) => retention(tier) > 0).filter(
      (tier) => ![...met.values()].some((each) => each.name === tier && isTaken(each, retention)),
    );
    let error = '';
    try {
      BackupTiers.grandfatherFatherSon(options);
    } catch (caught) {
      error = (caught as Error).message;
      failing++;
    }
    const named = /^(\w+) backups kept for/.exec(error)?.[1];
    if (never.length > 0 !== (error !== '') || (named && !never.some((tier) => tier === named))) {
      wrong.push(`${TIERS.map((tier) => order[tier]!.toDays()).join('/')}: ${never.join()} never run, error: ${error}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(failing).toBeGreaterThan(100);
});

test.each<[string, BackupTiersOptions]>([
  ['of an hour', {}],
  ['late in the evening', { hour: 23, minute: 30 }],
  ['of all but an hour', { startWindow: Duration.hours(23), completionWindow: Duration.hours(48) }],
])('continuous backups beside a start window %s keep out of the way of every tier', (_, windows) => {
  const rules = BackupTiers.grandfatherFatherSon({ ...windows, yearly: days(400), continuous: days(35) })._render();
  const meets = meetings(rules).filter(({ name, rivals }) => name === 'continuous' && rivals.length > 0);
  expect(meets).toEqual([]);
  expect(meetings(rules).filter(({ name }) => name === 'continuous')).toHaveLength((END - BEGIN) / DAY);
});
