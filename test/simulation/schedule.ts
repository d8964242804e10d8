import { DAY, HOUR, MINUTE } from './timeline';

/** When a schedule of EventBridge Scheduler or AWS Backup comes next: `rate(...)`, or `cron(...)` in a time zone. */
export function nextOf(expression: string, timeZone = 'UTC', start = 0): (after: Date) => Date {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const step = Number(rate[1]) * { minute: MINUTE, hour: HOUR, day: DAY }[rate[2] as 'minute' | 'hour' | 'day'];
    return (after) => new Date(start + (Math.floor((after.getTime() - start) / step) + 1) * step);
  }
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  if (!fields) throw new Error(`the schedule ${expression} is not simulated`);
  const [minute, hour, day, month, weekday] = fields.split(' ');
  const fits = ({ d, m, w }: Local) => one(day, d) && one(month, m) && one(weekday, DAYS[w]);
  return (after) => nextDay(after, Number(hour), Number(minute), timeZone, fits);
}

interface Local {
  readonly y: number;
  readonly m: number;
  readonly d: number;
  /** 0: Sunday. */
  readonly w: number;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function one(field: string, value: number | string): boolean {
  return field === '*' || field === '?' || field.split(',').includes(String(value));
}

/**
 * A local time that a day does not have is skipped, as EventBridge Scheduler documents it; one that it has twice comes the first
 * time.
 */
function nextDay(after: Date, hour: number, minute: number, timeZone: string, fits: (day: Local) => boolean): Date {
  const today = localDay(after, timeZone);
  for (let i = -1; i < 800; i++) {
    const date = new Date(Date.UTC(today.y, today.m - 1, today.d + i));
    const day = { y: date.getUTCFullYear(), m: date.getUTCMonth() + 1, d: date.getUTCDate(), w: date.getUTCDay() };
    if (!fits(day)) continue;
    const time = instantOf(date.getTime() + hour * HOUR + minute * MINUTE, timeZone);
    if (time !== undefined && time > after.getTime()) return new Date(time);
  }
  throw new Error(`nothing comes after ${after.toISOString()}`);
}

/** The first moment at which clocks of a zone show a local time, given as if it were UTC; undefined where they never do. */
function instantOf(local: number, timeZone: string): number | undefined {
  const offsets = [local - DAY, local + DAY].map((near) => offsetAt(near, timeZone));
  const found = offsets.map((offset) => local - offset).filter((time) => time + offsetAt(time, timeZone) === local);
  return found.length > 0 ? Math.min(...found) : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(time: number, timeZone: string): number {
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC') return 0;
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const;
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-GB', { timeZone, ...numeric, hourCycle: 'h23' })));
  }
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  return (
    Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(time / 1000) * 1000
  );
}

function localDay(time: Date, timeZone: string): Local {
  const local = new Date(time.getTime() + offsetAt(time.getTime(), timeZone));
  return { y: local.getUTCFullYear(), m: local.getUTCMonth() + 1, d: local.getUTCDate(), w: local.getUTCDay() };
}
