/** A time at which a database was stopped; without an end it still is. */
export interface Stop {
  readonly from: string;
  readonly to?: string;
}

/** Statuses in which nothing is written and nothing backed up, by the owner's own wish. */
const STOPPED = ['stopping', 'stopped', 'starting'];

/** More than a year of nightly stops. */
const MOST = 400;

export function isStopped(status: string | undefined): boolean {
  return status !== undefined && STOPPED.includes(status);
}

/** Seconds from one moment to a later one, without those at which the database was stopped. Never negative. */
export function runningSeconds(from: string, to: string, stops: readonly Stop[]): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  let running = Math.max(0, end - start);
  let counted = start;
  const spans = stops
    .map((stop) => [Date.parse(stop.from), stop.to === undefined ? end : Date.parse(stop.to)])
    .sort(([a], [b]) => a - b);
  for (const [stoppedAt, startedAt] of spans) {
    const overlap = Math.min(startedAt, end) - Math.max(stoppedAt, counted);
    if (overlap > 0) running -= overlap;
    counted = Math.max(counted, startedAt);
  }
  return Math.max(0, running) / 1000;
}

/** When the monitor looked, and when it had looked before. */
export interface Looks {
  readonly now: string;
  readonly before?: string;
  readonly everySeconds: number;
}

/**
 * The stops of a database after one more look. A stop began some time after the look before, a start came some time before this
 * one: both are counted as stopped, since a database that is starting has nothing to back up yet. A monitor that was silent for
 * long knows of two intervals at most.
 */
export function noteStatus(stops: readonly Stop[], status: string, { now, before, everySeconds }: Looks): Stop[] {
  const last = stops.at(-1);
  const open = last !== undefined && last.to === undefined;
  if (isStopped(status)) {
    if (open) return [...stops];
    const earliest = new Date(Date.parse(now) - 2 * everySeconds * 1000).toISOString();
    const from = before !== undefined && before > earliest ? before : before === undefined ? now : earliest;
    return [...stops, { from }].slice(-MOST);
  }
  return open ? [...stops.slice(0, -1), { from: last.from, to: now }] : [...stops];
}

/** Without those that no age reaches back to any more. */
export function forgetStops(stops: readonly Stop[], oldest: string | undefined): Stop[] {
  return stops.filter(({ to }) => to === undefined || oldest === undefined || to > oldest);
}
