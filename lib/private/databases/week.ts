/** Minutes. */
export const HOUR = 60;
export const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A part of a day or of a week that begins on Sunday, in UTC, minutes. */
export interface Window {
  readonly from: number;
  readonly minutes: number;
}

/** Of a database, as far as it states them: every day, and once a week. */
export interface Windows {
  readonly backup?: Window;
  readonly maintenance?: Window;
}

/** `hh:mm-hh:mm`. What is not of this form is left to RDS. */
export function dailyWindow(text: string | undefined): Window | undefined {
  const [, hour, minute, toHour, toMinute] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text ?? '') ?? [];
  if (hour === undefined) return undefined;
  return between(Number(hour) * HOUR + Number(minute), Number(toHour) * HOUR + Number(toMinute), DAY);
}

/** `ddd:hh:mm-ddd:hh:mm`. */
export function weeklyWindow(text: string | undefined): Window | undefined {
  const [, ...parts] = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/.exec(text?.toLowerCase() ?? '') ?? [];
  const [day, hour, minute, toDay, toHour, toMinute] = parts;
  if (!DAYS.includes(day) || !DAYS.includes(toDay)) return undefined;
  const minuteOf = (d: string, h: string, m: string) => DAYS.indexOf(d) * DAY + Number(h) * HOUR + Number(m);
  return between(minuteOf(day, hour, minute), minuteOf(toDay, toHour, toMinute), WEEK);
}

function between(from: number, to: number, cycle: number): Window {
  return { from, minutes: (to - from + cycle) % cycle };
}

/** The minutes of a week in which AWS Backup starts nothing. */
export function blockedBy({ backup, maintenance }: Windows): boolean[] {
  const blocked = new Array<boolean>(WEEK).fill(false);
  const block = ({ from, minutes }: Window) => {
    for (let minute = from - HOUR; minute < from + minutes; minute++) blocked[modulo(minute)] = true;
  };
  if (backup) daily(backup).forEach(block);
  if (maintenance) block(maintenance);
  return blocked;
}

export function at(week: readonly boolean[], minute: number): boolean {
  return week[modulo(minute)];
}

/** Whether a daily window meets a weekly one. */
export function overlap(backup: Window, maintenance: Window): boolean {
  return daily(backup).some(
    ({ from, minutes }) =>
      modulo(maintenance.from - from) < minutes || modulo(from - maintenance.from) < maintenance.minutes,
  );
}

function daily(window: Window): Window[] {
  return DAYS.map((_, day) => ({ ...window, from: day * DAY + window.from }));
}

function modulo(minute: number): number {
  return ((minute % WEEK) + WEEK) % WEEK;
}

/** How many minutes a time zone is ahead of UTC: each value that it has in the course of this year; nothing if not known. */
export function offsetsOf(timeZone: string): number[] | undefined {
  const year = new Date().getUTCFullYear();
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    const offsets = Array.from({ length: 12 }, (_, month) => offsetOf(format, new Date(Date.UTC(year, month, 15))));
    return [...new Set(offsets)];
  } catch {
    // A zone that this Node.js does not know, or one known only at deployment.
    return undefined;
  }
}

/** `GMT`, `GMT+05:30`. */
function offsetOf(format: Intl.DateTimeFormat, date: Date): number {
  const name = format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes));
}
