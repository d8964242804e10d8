import type { ResourceHistory } from '../../../lib/private/contract/history';
import { dayOf, daysBetween } from './days';
import { successRate } from './judge-jobs';
import type { Observed } from './observed';
import { DAYS_OF_JOBS, type Usual } from './usual';
import type { Watched } from './watched';

/** Days of sizes that a summary shows. */
const DAYS_OF_SIZES = 30;

/** One resource as digest, dashboard and status show it. */
export function summaryOf(
  { name, kind, identifier }: Watched,
  usual: Usual,
  observed: readonly Observed[],
  through: string,
): ResourceHistory {
  const { sizes, jobs, failedJobs, drills } = usual;
  const drilled = drills.filter(({ endedAt }) => daysBetween(dayOf(endedAt), through) < DAYS_OF_JOBS);
  const passed = drilled.filter(({ verdict }) => verdict === 'PASSED').length;
  const rate = successRate(usual);
  const backupBytes = sizes.findLast((size) => size.backupBytes !== undefined)?.backupBytes;
  return {
    ...{ name, kind, identifier },
    last30Days: {
      succeeded: jobs.reduce((sum, one) => sum + one.succeeded, 0),
      failed: jobs.reduce((sum, one) => sum + one.failed, 0),
      passed,
      notPassed: drilled.length - passed,
    },
    ...(rate !== null && { successRate: rate }),
    failedJobs: [...failedJobs].reverse(),
    sizes: sizes.slice(-DAYS_OF_SIZES).map(({ day, bytes }) => ({ day, bytes })),
    ...(backupBytes !== undefined && { backupBytes }),
    ...(drills.length > 0 && { lastDrill: drills.at(-1) }),
    findings: observed.map(({ finding }) => finding),
  };
}
