import type { MetricStore } from '../aws/cloudwatch/store';
import type { LogLine } from './query';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GIB = 2 ** 30;

interface Told {
  readonly name: string;
  readonly gib: number;
  /** Age over allowed age just before the next backup. */
  readonly usual: number;
  /** Weekday of its drill, UTC, and how long that takes. */
  readonly drillDay: number;
  readonly rtoMinutes: number;
  readonly rpoMinutes: number;
}

/** Two weeks of a shop with twelve databases, of which one lost its copies and one is not proven any more. */
const DATABASES: readonly Told[] = [
  ['Gold/Orders', 412, 0.44, 1, 37, 4.6],
  ['Gold/Payments', 268, 0.41, 2, 31, 4.1],
  ['Gold/Ledger', 903, 0.52, 3, 58, 4.9],
  ['Gold/Identity', 61, 0.38, 4, 19, 3.8],
  ['Silver/Catalogue', 127, 0.74, 5, 24, 5.2],
  ['Silver/Inventory', 188, 0.71, 6, 27, 4.4],
  ['Silver/Shipping', 94, 0.77, 0, 22, 5.0],
  ['Silver/Reviews', 341, 0.69, 1, 33, 4.7],
  ['Silver/Search', 76, 0.73, 2, 21, 3.9],
  ['Bronze/Reporting', 655, 0.86, 3, 44, 5.3],
  ['Bronze/Archive', 1240, 0.9, 4, 71, 4.8],
  ['Bronze/Campaigns', 38, 0.83, 5, 17, 4.2],
].map(
  ([name, gib, usual, drillDay, rtoMinutes, rpoMinutes]) =>
    ({ name, gib, usual, drillDay, rtoMinutes, rpoMinutes }) as Told,
);

/** Puts what the site would have published, hour by hour; answers the lines that recording the drills logged. */
export function tell(store: MetricStore, site: string, machine: string, vault: string, now: Date): LogLine[] {
  const log: LogLine[] = [];
  const start = now.getTime() - 14 * DAY;
  const put = (resource: string, name: string, value: number, unit: string, at: number) =>
    store.put(
      { namespace: 'CdkRecoverable', name, dimensions: { Site: site, Resource: resource } },
      value,
      unit,
      new Date(at),
      now,
    );
  for (let at = start; at <= now.getTime(); at += HOUR) {
    put('site', 'Leftovers', 0, 'Count', at);
    for (const told of DATABASES) {
      put(told.name, 'RestorableAgeRatio', restorable(told, at, now.getTime()), 'None', at);
      put(told.name, 'DrillAgeRatio', sinceDrill(told, at, start), 'None', at);
    }
  }
  for (let day = Math.ceil(start / DAY) * DAY; day < now.getTime(); day += DAY) {
    const passed: number[] = [];
    for (const told of DATABASES) {
      const grown = told.gib * (1 + (0.004 * (day - start)) / DAY);
      put(told.name, 'UsedBytes', grown * GIB, 'Bytes', day + 3 * HOUR);
      put(told.name, 'BackupSuccessRate', told.name === 'Bronze/Archive' ? 93.3 : 100, 'Percent', day + 3 * HOUR);
      if (new Date(day).getUTCDay() !== told.drillDay) continue;
      const at = day + 4 * HOUR + told.rtoMinutes * MINUTE;
      if (at > now.getTime()) continue;
      const failed = isFailed(told, at, start);
      passed.push(failed ? 0 : 1);
      const achieved = { rpo: Math.round(told.rpoMinutes * 60), rto: told.rtoMinutes * 60 };
      put(told.name, 'AchievedRpo', achieved.rpo, 'Seconds', at);
      if (!failed) put(told.name, 'AchievedRto', achieved.rto, 'Seconds', at);
      log.push({
        at: new Date(at),
        fields: {
          message: 'drill recorded',
          drillId: `${told.name}-${day}`,
          resource: told.name,
          verdict: failed ? 'FAILED' : 'PASSED',
          source: told.name.startsWith('Gold') ? 'point-in-time' : 'recovery-point',
          achievedRpoSeconds: achieved.rpo,
          ...(!failed && { achievedRtoSeconds: achieved.rto }),
          evidence: `pages/${told.name}/0000000${failed ? 7 : 6}.html`,
        },
      });
    }
    const executions = (name: string, count: number) =>
      count > 0 &&
      store.put(
        { namespace: 'AWS/States', name, dimensions: { StateMachineArn: machine } },
        count,
        'Count',
        new Date(day + 5 * HOUR),
        now,
      );
    executions('ExecutionsSucceeded', passed.filter((one) => one === 1).length);
    executions('ExecutionsFailed', passed.filter((one) => one === 0).length);
  }
  const failed = { namespace: 'AWS/Backup', name: 'NumberOfBackupJobsFailed', dimensions: { BackupVaultName: vault } };
  for (const day of [3, 9]) store.put(failed, 1, 'Count', new Date(start + day * DAY), now);
  return log;
}

/** A saw's tooth: the age grows until the next backup. The shipping database has had none for a day and a half. */
function restorable({ name, usual, gib }: Told, at: number, now: number): number {
  const daily = !name.startsWith('Gold');
  const phase = (at / (daily ? DAY : HOUR) + gib / 97) % 1;
  const usualNow = daily ? usual * (0.1 + 0.9 * phase) : usual * (0.92 + 0.08 * Math.sin(at / HOUR / 5 + gib));
  const late = name === 'Silver/Shipping' ? (at - (now - 36 * HOUR)) / DAY : -1;
  return late > 0 ? Math.max(usualNow, 0.35 + late * 0.92) : usualNow;
}

function isFailed({ name }: Told, at: number, start: number): boolean {
  return name === 'Silver/Search' && at > start;
}

/** Days since the last passed drill over its eight. */
function sinceDrill(told: Told, at: number, start: number): number {
  const drillAt = (day: number) => day + 4 * HOUR + told.rtoMinutes * MINUTE;
  let day = Math.floor(at / DAY) * DAY;
  while (new Date(day).getUTCDay() !== told.drillDay || drillAt(day) > at || isFailed(told, drillAt(day), start)) {
    day -= DAY;
  }
  return (at - drillAt(day)) / (8 * DAY);
}
