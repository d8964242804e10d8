import { Duration, TimeZone } from 'aws-cdk-lib';
import type { StartWindow } from '../private/databases/backup-window';
import { LONGEST_RETENTION, requireDays } from '../private/days';
import { requireWhole, ValidationError } from '../private/validation';

/** How long backups are kept, and when they are taken. */
export interface BackupTiersOptions {
  /**
   * How long the backup of a day is kept, whole days; `Duration.days(0)` takes none.
   * @default Duration.days(30)
   */
  readonly daily?: Duration;
  /**
   * How long the backup of a Sunday is kept, whole days, 7 or more; `Duration.days(0)` takes none.
   * @default Duration.days(90)
   */
  readonly weekly?: Duration;
  /**
   * How long the backup of a month's first day is kept, whole days, 31 or more; `Duration.days(0)` takes none.
   * @default Duration.days(365)
   */
  readonly monthly?: Duration;
  /**
   * How long the backup of a year's first day is kept, whole days, 366 or more.
   * @default - none is taken
   */
  readonly yearly?: Duration;
  /**
   * Hour of the day at which the start window opens, 0 to 23. AWS Backup starts nothing within an hour before, or during, the
   * backup and maintenance windows of an instance or a Multi-AZ DB cluster: choose an hour away from both. Where a database of
   * this app states them and they leave nothing of the start window, in any season, the plan does not synthesize.
   * @default 5
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
  /**
   * How long AWS Backup tries to start a backup before it gives up, whole minutes, 60 to 1,440.
   * @default Duration.minutes(60)
   */
  readonly startWindow?: Duration;
  /**
   * How long a backup may take from its hour on, whole minutes, at least an hour more than the start window, up to 7 days.
   * @default Duration.hours(8)
   */
  readonly completionWindow?: Duration;
  /**
   * How far AWS Backup's own point in time reaches back, whole days, 1 to 35. AWS Backup then sets retention and window of
   * automated backups itself and RDS no longer takes them from anybody else: only what the plan may manage can be protected so,
   * and no Multi-AZ DB cluster. A database without automated backups gets them in its next maintenance window.
   * @default - RDS keeps points in time itself, and AWS Backup takes snapshots
   */
  readonly continuous?: Duration;
  /**
   * Refused for RDS, whose backups have no cold storage: AWS Backup would ignore it without a word.
   * @default - nothing moves to cold storage
   */
  readonly moveToColdStorageAfter?: Duration;
}

interface Kind {
  readonly name: 'daily' | 'weekly' | 'monthly' | 'yearly';
  /** Day of month, month and day of week of `cron(...)`. */
  readonly days: string;
  /** Longest time between two backups: one that is gone before the next leaves none. */
  readonly interval: number;
  readonly standard: number;
  /** Those whose start window is open whenever this one's is. */
  readonly within: readonly Kind['name'][];
}

const KINDS: readonly Kind[] = [
  { name: 'daily', days: '? * *', interval: 1, standard: 30, within: [] },
  { name: 'weekly', days: '? * SUN', interval: 7, standard: 90, within: ['daily'] },
  { name: 'monthly', days: '1 * ?', interval: 31, standard: 365, within: ['daily'] },
  { name: 'yearly', days: '1 1 ?', interval: 366, standard: 0, within: ['daily', 'monthly'] },
];

/** The shortest that AWS Backup takes. */
const SHORTEST_START = 60;

const LONGEST_CONTINUOUS = 35;

/** Minutes. */
const DAY = 1_440;

/** A rule of an AWS Backup plan. */
interface Rule {
  readonly name: string;
  /** Longest time between two starts. */
  readonly interval: Duration;
  readonly retention: Duration;
  readonly schedule: string;
  readonly timeZone: TimeZone;
  readonly startWindow: Duration;
  readonly completionWindow: Duration;
  readonly continuous: boolean;
}

/** How often AWS Backup takes a recovery point of a plan's resources, and how long it keeps each. */
export class BackupTiers {
  /**
   * Sons kept shortest, grandfathers longest. Where several are due at one time, AWS Backup keeps the longest alone.
   */
  public static grandfatherFatherSon(options: BackupTiersOptions = {}): BackupTiers {
    const tiers = KINDS.map((kind) => ({ ...kind, retention: retentionOf(kind, options) })).filter(
      ({ retention }) => retention > 0,
    );
    if (tiers.length === 0 && options.continuous === undefined) {
      throw new ValidationError('backup tiers take no backup at all: keep one tier, or say BackupTiers.none()');
    }
    for (const tier of tiers) {
      const longer = tiers.find(({ name, retention }) => tier.within.includes(name) && retention >= tier.retention);
      if (longer) {
        throw new ValidationError(
          `${tier.name} backups kept for ${tier.retention} days are never taken: the ${longer.name} ones, kept for ${longer.retention} days, are due whenever they are, and AWS Backup keeps the longest; keep ${tier.name} ones longer, or give Duration.days(0)`,
        );
      }
    }
    return new BackupTiers(
      tiers.map(({ name, days, interval, retention }) => ({ name, days, interval, retention })),
      options,
    );
  }

  /** AWS Backup takes nothing: what RDS keeps itself is all there is. */
  public static none(): BackupTiers {
    return new BackupTiers([], {});
  }

  private readonly tiers: readonly (Pick<Kind, 'days' | 'interval'> & {
    readonly name: string;
    readonly retention: number;
  })[];
  private readonly minute: number;
  private readonly hour: number;
  private readonly timeZone: TimeZone;
  private readonly startWindow: number;
  private readonly completionWindow: number;
  private readonly cold: boolean;
  private readonly continuous?: number;

  private constructor(tiers: BackupTiers['tiers'], options: BackupTiersOptions) {
    this.tiers = tiers;
    this.hour = requireWhole(options.hour ?? 5, 'hour of backup tiers', 0, 23);
    this.minute = requireWhole(options.minute ?? 0, 'minute of backup tiers', 0, 59);
    this.timeZone = options.timeZone ?? TimeZone.ETC_UTC;
    this.startWindow = requireMinutes(options.startWindow ?? Duration.minutes(60), 'startWindow', SHORTEST_START, DAY);
    this.completionWindow = requireMinutes(
      options.completionWindow ?? Duration.hours(8),
      'completionWindow',
      this.startWindow + 60,
      7 * DAY,
    );
    this.cold = options.moveToColdStorageAfter !== undefined;
    this.continuous = options.continuous && continuousDays(options.continuous, this.startWindow);
  }

  /**
   * Whether AWS Backup takes nothing.
   * @internal
   */
  public _isNone(): boolean {
    return this.tiers.length === 0 && !this._isContinuous();
  }

  /**
   * Whether something is to move to cold storage.
   * @internal
   */
  public _isCold(): boolean {
    return this.cold;
  }

  /** @internal */
  public _isContinuous(): boolean {
    return this.continuous !== undefined;
  }

  /**
   * How far continuous backups reach back.
   * @internal
   */
  public _continuousDays(): number | undefined {
    return this.continuous;
  }

  /** @internal */
  public _render(): Rule[] {
    const common = { timeZone: this.timeZone, completionWindow: Duration.minutes(this.completionWindow) };
    const open = this.hour * 60 + this.minute;
    const rules = this.tiers.map(({ name, days, interval, retention }) => ({
      ...common,
      name,
      interval: Duration.days(interval),
      retention: Duration.days(retention),
      schedule: cron(open, days),
      startWindow: Duration.minutes(this.startWindow),
      continuous: false,
    }));
    if (this.continuous === undefined) return rules;
    return [
      ...rules,
      {
        ...common,
        name: 'continuous',
        interval: Duration.days(1),
        retention: Duration.days(this.continuous),
        // When the tiers' start window has closed: of two that overlap AWS Backup keeps the longer retained, a tier.
        schedule: cron((open + this.startWindow) % DAY, '? * *'),
        startWindow: Duration.minutes(SHORTEST_START),
        continuous: true,
      },
    ];
  }

  /**
   * The minutes of the day at which tiers may start, in their time zone; nothing for what AWS Backup schedules itself.
   * @internal
   */
  public _startWindow(): StartWindow | undefined {
    if (this.tiers.length === 0 || this._isContinuous()) return undefined;
    return {
      open: this.hour * 60 + this.minute,
      minutes: this.startWindow,
      sundaysOnly: this.tiers.every(({ name }) => name === 'weekly'),
      timeZone: this.timeZone.timezoneName,
    };
  }
}

function cron(minuteOfDay: number, days: string): string {
  return `cron(${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} ${days} *)`;
}

function continuousDays(value: Duration, startWindow: number): number {
  const days = requireDays(value, 'how far continuous backups reach back', 1, LONGEST_CONTINUOUS);
  if (startWindow > DAY - SHORTEST_START) {
    throw new ValidationError(
      `startWindow of backup tiers is ${startWindow} minutes, and continuous backups need ${SHORTEST_START} of the day beside it: the most is ${DAY - SHORTEST_START}`,
    );
  }
  return days;
}

function retentionOf({ name, interval, standard }: Kind, options: BackupTiersOptions): number {
  const given = options[name];
  if (given === undefined) return standard;
  if (!given.isUnresolved() && given.toSeconds() === 0) return 0;
  return requireDays(given, `retention of ${name} backups`, interval, LONGEST_RETENTION);
}

function requireMinutes(value: Duration, name: string, least: number, most: number): number {
  if (value.isUnresolved()) {
    throw new ValidationError(
      `${name} of backup tiers must be known at synthesis, got a value known only at deployment`,
    );
  }
  const minutes = value.toSeconds() / 60;
  if (!Number.isInteger(minutes) || minutes < least || minutes > most) {
    throw new ValidationError(
      `${name} of backup tiers must be whole minutes, from ${least} to ${most}, got: ${value.toHumanString()}`,
    );
  }
  return minutes;
}
