import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule, IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { siteSchedule } from '../private/site-schedule';
import type { SiteFunction } from '../site/site-function';

/** What the digest of a site is made with. */
export interface WeeklyDigestProps {
  /** The site's name. */
  readonly siteName: string;
  /** What writes it. */
  readonly digestFunction: SiteFunction;
  /** The site's schedule group. */
  readonly scheduleGroup: IScheduleGroup;
  /** The role that schedules run under. */
  readonly scheduleRole: IRole;
}

/** Tells the digest topic of each plan on Monday mornings how things are, in words: what needs somebody first. */
export class WeeklyDigest extends Construct {
  /** When it tells. */
  public readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: WeeklyDigestProps) {
    super(scope, id);
    this.schedule = siteSchedule(this, 'Schedule', {
      name: 'digest',
      group: props.scheduleGroup,
      description: `Tells how recovery stands on site ${props.siteName}, once a week`,
      expression: 'cron(0 7 ? * MON *)',
      targetArn: props.digestFunction.lambdaFunction.functionArn,
      role: props.scheduleRole,
      input: '{}',
      latest: Duration.hours(12),
    });
  }
}
