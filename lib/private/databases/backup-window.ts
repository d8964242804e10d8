import { Annotations, Token } from 'aws-cdk-lib';
import type { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { ValidationError } from '../validation';
import { at, blockedBy, dailyWindow, DAY, HOUR, offsetsOf, overlap, weeklyWindow, type Windows } from './week';

/** When the tiers of a plan may start. */
export interface StartWindow {
  /** Minute of the day in the time zone. */
  readonly open: number;
  /** How long it stays open, minutes. */
  readonly minutes: number;
  /** Whether it opens on Sundays alone; else it may open on any day. */
  readonly sundaysOnly: boolean;
  readonly timeZone: string;
}

/** How long RDS takes for an automated backup if nobody says more, minutes. */
const LENGTH = 30;

/**
 * AWS Backup starts nothing within an hour before, or during, the backup and maintenance windows of RDS: where tiers could never
 * start the plan does not synthesize. A managed database that states its maintenance window and no backup window gets one out
 * of the way of both, which RDS changes in place without an interruption. Where it states neither, nothing is set: RDS refuses
 * a backup window that overlaps the maintenance window which it chose itself, and nobody here knows that one.
 */
export function arrangeWindows(
  name: string,
  declared: CfnDBInstance | CfnDBCluster,
  start: StartWindow,
  manage: boolean,
): void {
  const { preferredBackupWindow: backup, preferredMaintenanceWindow: maintenance } = declared;
  if (Token.isUnresolved(backup) || Token.isUnresolved(maintenance)) return;
  const offsets = offsetsOf(start.timeZone);
  if (!offsets) {
    warn(declared, `whether tiers and the windows of ${name} collide is not known, nor is time zone ${start.timeZone}`);
    return;
  }
  const stated = { backup: dailyWindow(backup), maintenance: weeklyWindow(maintenance) };
  requireFree(name, declared, start, offsets, stated);
  if (backup !== undefined) return;
  const chosen = manage && stated.maintenance ? chooseBackupWindow(start, offsets, stated) : undefined;
  if (chosen === undefined) {
    warn(
      declared,
      `${name} states no backup window, and AWS Backup starts nothing within an hour before, or during, the one that RDS chose: state preferredBackupWindow and preferredMaintenanceWindow, an hour or more away from ${span(start)}`,
    );
    return;
  }
  declared.preferredBackupWindow = chosen;
}

function requireFree(
  name: string,
  declared: CfnDBInstance | CfnDBCluster,
  start: StartWindow,
  offsets: readonly number[],
  stated: Windows,
): void {
  const blocked = blockedBy(stated);
  const share = worstShare(start, offsets, blocked);
  if (share === 0) return;
  const free = Array.from({ length: 23 }, (_, index) => (start.open + (index + 1) * HOUR) % DAY).find(
    (open) => worstShare({ ...start, open }, offsets, blocked) === 0,
  );
  const why = `AWS Backup starts nothing within an hour before, or during, ${[
    stated.backup && `its backup window ${declared.preferredBackupWindow}`,
    stated.maintenance && `its maintenance window ${declared.preferredMaintenanceWindow}`,
  ]
    .filter(Boolean)
    .join(' and ')} (UTC)`;
  const mend =
    free === undefined
      ? 'no hour is free: shorten the start window of the tiers, or move the windows'
      : `hour ${Math.floor(free / HOUR)} of the tiers is free all year`;
  if (share === 1) throw new ValidationError(`no backup of ${name} can start from ${span(start)}: ${why}; ${mend}`);
  warn(declared, `some backups of ${name} may not start from ${span(start)}: ${why}; ${mend}`);
}

/** How much of its start window a tier loses on its worst day, from 0 to 1: time zones may have two offsets in a year. */
function worstShare(start: StartWindow, offsets: readonly number[], blocked: readonly boolean[]): number {
  const days = start.sundaysOnly ? [0] : [0, 1, 2, 3, 4, 5, 6];
  const shares = offsets.flatMap((offset) =>
    days.map((day) => {
      const from = day * DAY + start.open - offset;
      const lost = Array.from({ length: start.minutes }, (_, index) => at(blocked, from + index)).filter(Boolean);
      return lost.length / start.minutes;
    }),
  );
  return Math.max(...shares);
}

/** The first half hour after the tiers have started that is in nobody's way. */
function chooseBackupWindow(start: StartWindow, offsets: readonly number[], stated: Windows): string | undefined {
  const first = Math.ceil((start.open + start.minutes + HOUR - Math.min(...offsets)) / LENGTH) * LENGTH;
  const from = Array.from({ length: DAY / LENGTH }, (_, index) => (first + index * LENGTH + DAY) % DAY).find((each) => {
    const backup = { from: each, minutes: LENGTH };
    return !overlap(backup, stated.maintenance!) && worstShare(start, offsets, blockedBy({ backup })) === 0;
  });
  return from === undefined ? undefined : `${clock(from)}-${clock((from + LENGTH) % DAY)}`;
}

function span({ open, minutes, timeZone }: StartWindow): string {
  return `${clock(open)} to ${clock((open + minutes) % DAY)} ${timeZone}`;
}

function clock(minute: number): string {
  return [Math.floor(minute / HOUR), minute % HOUR].map((part) => String(part).padStart(2, '0')).join(':');
}

function warn(declared: CfnDBInstance | CfnDBCluster, message: string): void {
  Annotations.of(declared).addWarningV2('cdk-recoverable:backupWindow', message);
}
