import { median, medianAbsoluteDeviation } from 'simple-statistics';

/** Jobs that must have ended before one can be slower than usual. */
const JOBS = 14;
const TIMES = 6;
const TO_DEVIATION = 1.4826;
/** No spread counts as smaller than this share of the usual: at the least, a job then takes 1.6 times as long. */
const SMALLEST_SPREAD = 0.1;
/** Less than ten minutes more is nothing. */
const LEAST_SECONDS = 600;

/** What a job usually takes, where the last one took suddenly longer; null where it did not. Seconds, oldest first. */
export function slowerThanUsual(durations: readonly number[]): number | null {
  const last = durations.at(-1);
  const before = durations.slice(0, -1);
  if (last === undefined || before.length < JOBS) return null;
  const usual = median(before);
  const spread = Math.max(TO_DEVIATION * medianAbsoluteDeviation(before), SMALLEST_SPREAD * usual);
  return last - usual > Math.max(TIMES * spread, LEAST_SECONDS) ? usual : null;
}
