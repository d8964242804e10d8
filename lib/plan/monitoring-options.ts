import type { Duration } from 'aws-cdk-lib';

/** How what a plan protects is watched. What is allowed follows from objectives, tiers and schedules. */
export interface MonitoringOptions {
  /**
   * How late a snapshot, recovery point or copy may be before it counts as missed, 10 minutes to 7 days. It covers how long a
   * backup takes. Points in time have none: their age is held against the objective.
   * @default - a twelfth of the time between two, at least an hour and at most a day; twice that for copies. For a daily backup:
   * 2 hours, so that 26 hours without one are an alarm
   */
  readonly slack?: Duration;
  /**
   * Where a person who is woken reads what to do, `https://...`. Every message links to it.
   * @default - a page of this library
   */
  readonly runbook?: string;
  /**
   * Publishes the age of each recovery source as a metric of its own, seconds. Each costs as much as a metric does.
   * @default false
   */
  readonly sourceMetrics?: boolean;
}
