import { Duration, Names, Stack } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { DrillSchedule } from '../drill/schedule';
import type { RecoverySite } from '../site/recovery-site';
import type { DrillDefinition } from './contract/drill';
import { inlineOrAsset } from './drill-definition';
import { siteSchedule } from './site-schedule';

/** A start later than this is dropped and alarmed: a drill must not begin in the middle of a working day. */
const LATEST_START = Duration.hours(1);

export interface ScheduledDrill {
  /** In the site's schedule group. */
  readonly scheduleName: string;
  readonly scheduleResource: CfnSchedule;
}

/** Has a drill start by its schedule, which carries its definition and is its registry. */
export function scheduleDrill(
  drill: Construct,
  site: RecoverySite,
  schedule: DrillSchedule,
  whole: DrillDefinition,
): ScheduledDrill {
  const definition = inlineOrAsset(drill, site, whole);
  const scheduleName = Names.uniqueResourceName(drill, {
    maxLength: 64,
    separator: '-',
    allowedSpecialCharacters: '-_.',
  });
  const scheduleResource = siteSchedule(drill, 'Schedule', {
    name: scheduleName,
    group: site.scheduleGroup,
    description: `Restore drill ${whole.drill}`,
    expression: schedule.expressionString,
    timeZone: schedule.timeZone.timezoneName,
    targetArn: site.stateMachine.stateMachineArn,
    role: site.scheduleRole,
    input: Stack.of(drill).toJsonString({
      schedule: scheduleName,
      scheduledTime: '<aws.scheduler.scheduled-time>',
      definition,
    }),
    latest: LATEST_START,
  });
  return { scheduleName, scheduleResource };
}
