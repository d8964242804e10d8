import { createHash } from 'node:crypto';
import { NamedError } from '../../shared/named-error';

/** A start older than this is a replay, not a drill that was due: Scheduler gives up after an hour. */
const OLDEST_START_HOURS = 24;

/** How far the clocks of Scheduler and Step Functions may be apart. */
const CLOCK_SKEW_SECONDS = 60;

/** Twenty hexadecimal characters from the schedule and the time (or execution) that started it. */
export function drillId(scheduleArn: string, start: string): string {
  return createHash('sha256').update(`${scheduleArn}\n${start}`).digest('hex').slice(0, 20);
}

/** The scheduled time is the declared disaster; a start by hand declares it at its own start. */
export function declaredDisaster(scheduledTime: string | undefined, startedAt: string): string {
  if (scheduledTime === undefined) return new Date(startedAt).toISOString();
  const scheduled = Date.parse(scheduledTime);
  const started = Date.parse(startedAt);
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(scheduledTime);
  if (
    !zoned ||
    Number.isNaN(scheduled) ||
    scheduled - started > CLOCK_SKEW_SECONDS * 1000 ||
    started - scheduled > OLDEST_START_HOURS * 3_600_000
  ) {
    throw new NamedError(
      'InvalidInput',
      `scheduledTime must be an RFC 3339 time with zone in the ${OLDEST_START_HOURS} hours before the start ${startedAt}, got ${JSON.stringify(scheduledTime).slice(0, 60)}`,
    );
  }
  return new Date(Math.min(scheduled, started)).toISOString();
}
