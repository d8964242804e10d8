import { secondsBetween, wholeSecond } from '../../../lambda/shared/clock';
import { duration, moment } from '../../../lambda/evidence/text';
import type { ReadShard } from './read';
import type { MonitorStatus } from './report';

/** Runs that may be missed before a monitor counts as silent, as its alarm has it. */
const PERIODS = 3;

/** Whether anybody looks at a shard. */
export function monitorStatus(shard: ReadShard, at: string): MonitorStatus {
  const { definition, report, schedule } = shard;
  return {
    shard: shard.shard,
    ...{ plan: definition?.plan ?? report?.plan, schedule: schedule?.name },
    ...{ reportedAt: report?.at, everySeconds: definition?.everySeconds ?? report?.everySeconds },
    ...verdict(shard, at),
    troubles: report?.troubles ?? [],
  };
}

type Verdict = Pick<MonitorStatus, 'state' | 'what' | 'nextStep'>;

function verdict({ schedule, definition, report, unread, shard }: ReadShard, at: string): Verdict {
  const last = report
    ? `its last report is of ${moment(wholeSecond(report.at))}, ${ago(report.at, at)}`
    : 'it has never reported';
  if (!schedule || !definition) {
    return {
      state: 'unscheduled',
      what: `nothing starts the monitor of shard ${shard} any more: ${last}`,
      nextStep: `deploy the app again; if the plan was removed on purpose, delete monitor/${shard}.json in the state bucket`,
    };
  }
  if (!schedule.enabled) {
    return {
      state: 'disabled',
      what: `the schedule of its monitor is disabled: ${last}`,
      nextStep: `enable schedule ${schedule.name} in EventBridge Scheduler, or deploy the app again`,
    };
  }
  if (unread !== undefined) {
    return {
      state: 'unreadable',
      what: `its report cannot be read: ${unread}`,
      nextStep: `look at s3://${definition.stateBucket}/monitor/${shard}.json, and at the rights of whoever asks`,
    };
  }
  const nextStep = `see the log of the monitor function, /aws/lambda/${schedule.starts.split(':')[6] ?? ''}`;
  if (!report) return { state: 'new', what: 'its monitor has not reported yet', nextStep };
  const { everySeconds } = definition;
  if (secondsBetween(report.at, at) <= PERIODS * everySeconds) return { state: 'watching' };
  const what = `its monitor is silent: it runs every ${duration(everySeconds)}, and ${last}`;
  return { state: 'silent', what, nextStep };
}

/** `3 min ago`; clocks differ a little. */
export function ago(time: string, at: string): string {
  return `${duration(Math.max(0, secondsBetween(time, at)))} ago`;
}
