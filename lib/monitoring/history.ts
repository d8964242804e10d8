import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule, IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { siteSchedule } from '../private/site-schedule';
import type { SiteFunction } from '../site/site-function';

/** What the history of a site is made with. */
export interface HistoryProps {
  /** The site's name. */
  readonly siteName: string;
  /** What writes. */
  readonly historyFunction: SiteFunction;
  /** The site's schedule group. */
  readonly scheduleGroup: IScheduleGroup;
  /** The role that schedules run under. */
  readonly scheduleRole: IRole;
}

/**
 * Writes every day what happened the day before: backup, copy and restore jobs, which AWS forgets after 30 days, drills, and sizes;
 * and tells what is not usual.
 */
export class History extends Construct {
  /** When it writes. */
  public readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: HistoryProps) {
    super(scope, id);
    this.schedule = siteSchedule(this, 'Schedule', {
      name: 'history',
      group: props.scheduleGroup,
      description: `Writes what backups, copies, restores and drills of site ${props.siteName} came to the day before`,
      // Days are those of UTC, and CloudWatch has the last hour of one by now; apart from the full hour, when everybody asks.
      expression: 'cron(20 1 * * ? *)',
      targetArn: props.historyFunction.lambdaFunction.functionArn,
      role: props.scheduleRole,
      input: '{}',
      // A day that is missed is written by the next run; a late one writes it today.
      latest: Duration.hours(12),
    });
  }
}
