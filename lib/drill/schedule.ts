import { Duration, TimeZone } from 'aws-cdk-lib';
import { requireCron } from '../private/cron';
import { requireText, requireWhole, show, ValidationError } from '../private/validation';

/** A day of the week. */
export enum WeekDay {
  /** Monday. */
  MONDAY = 'MON',
  /** Tuesday. */
  TUESDAY = 'TUE',
  /** Wednesday. */
  WEDNESDAY = 'WED',
  /** Thursday. */
  THURSDAY = 'THU',
  /** Friday. */
  FRIDAY = 'FRI',
  /** Saturday. */
  SATURDAY = 'SAT',
  /** Sunday. */
  SUNDAY = 'SUN',
}

/** When on a day. */
export interface DrillTimeOptions {
  /**
   * Hour of the day, 0 to 23. A local hour that a change to summer time skips has no drill that day.
   * @default 4
   */
  readonly hour?: number;
  /**
   * Minute of the hour, 0 to 59.
   * @default 0
   */
  readonly minute?: number;
  /**
   * Time zone of hour and minute.
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}

/** When in a week. */
export interface WeeklyOptions extends DrillTimeOptions {
  /**
   * Day of the week.
   * @default WeekDay.SUNDAY
   */
  readonly weekDay?: WeekDay;
}

/** When in a month, and in every third month. */
export interface MonthlyOptions extends DrillTimeOptions {
  /**
   * Day of the month, 1 to 28: later days are missing in some months.
   * @default 1
   */
  readonly day?: number;
}

/** When in a year. */
export interface YearlyOptions extends MonthlyOptions {
  /**
   * Month of the year, 1 to 12.
   * @default 1
   */
  readonly month?: number;
}

/** How long a drill may start late or last longer than the one before, without the *proven* alarm. */
const SLACK = Duration.days(1);

const LONGEST_INTERVAL = Duration.days(366);

/** When a drill runs, and how long its proof holds. */
export class DrillSchedule {
  /** Once a week. */
  public static weekly(options: WeeklyOptions = {}): DrillSchedule {
    return calendar(options, `? * ${options.weekDay ?? WeekDay.SUNDAY}`, Duration.days(7));
  }

  /** Once a month. */
  public static monthly(options: MonthlyOptions = {}): DrillSchedule {
    return calendar(options, `${dayOf(options)} * ?`, Duration.days(31));
  }

  /** Every third month: January, April, July and October. */
  public static quarterly(options: MonthlyOptions = {}): DrillSchedule {
    return calendar(options, `${dayOf(options)} 1,4,7,10 ?`, Duration.days(92));
  }

  /** Once a year. */
  public static yearly(options: YearlyOptions = {}): DrillSchedule {
    const month = requireWhole(options.month ?? 1, 'month of a drill schedule', 1, 12);
    return calendar(options, `${dayOf(options)} ${month} ?`, Duration.days(366));
  }

  /**
   * By an expression of EventBridge Scheduler.
   * @param scheduleExpression `cron(minutes hours day-of-month month day-of-week year)`
   * @param interval longest time between two starts, one hour to 366 days: what the *proven* alarm rests on
   * @param timeZone time zone of the expression, UTC when left out
   */
  public static expression(scheduleExpression: string, interval: Duration, timeZone?: TimeZone): DrillSchedule {
    requireText(scheduleExpression, "a drill's schedule", 256);
    requireCron(scheduleExpression);
    return new DrillSchedule(scheduleExpression, timeZone ?? TimeZone.ETC_UTC, interval);
  }

  /** For EventBridge Scheduler: `cron(...)`, six fields. */
  public readonly expressionString: string;
  /** Time zone of the expression. */
  public readonly timeZone: TimeZone;
  /** Longest time between two starts. */
  public readonly interval: Duration;

  private constructor(expression: string, timeZone: TimeZone, interval: Duration) {
    if (
      interval.isUnresolved() ||
      interval.toSeconds() < 3_600 ||
      interval.toSeconds() > LONGEST_INTERVAL.toSeconds()
    ) {
      const got = interval.isUnresolved() ? 'a value known only at deployment' : show(interval.toIsoString());
      throw new ValidationError(`the interval of a drill schedule must be from 1 hour to 366 days, got: ${got}`);
    }
    this.expressionString = expression;
    this.timeZone = timeZone;
    this.interval = interval;
  }

  /**
   * Longest time between two passed drills before the *proven* alarm: the interval and a day, or twice an interval shorter
   * than a day, since no drill starts and lasts exactly like the one before.
   * @internal
   */
  public _provenSeconds(): number {
    const interval = this.interval.toSeconds();
    return interval + Math.min(interval, SLACK.toSeconds());
  }
}

function calendar(options: DrillTimeOptions, days: string, interval: Duration): DrillSchedule {
  const minute = requireWhole(options.minute ?? 0, 'minute of a drill schedule', 0, 59);
  const hour = requireWhole(options.hour ?? 4, 'hour of a drill schedule', 0, 23);
  return DrillSchedule.expression(`cron(${minute} ${hour} ${days} *)`, interval, options.timeZone);
}

function dayOf(options: MonthlyOptions): number {
  return requireWhole(options.day ?? 1, 'day of a drill schedule', 1, 28);
}
