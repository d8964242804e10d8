import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnSchedule, IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { siteSchedule } from '../private/site-schedule';
import type { SiteFunction } from '../site/site-function';

/** What the sweeper is made with. */
export interface SweeperProps {
  /** The site's name. */
  readonly siteName: string;
  /** What removes. */
  readonly sweepFunction: SiteFunction;
  /** The site's schedule group. */
  readonly scheduleGroup: IScheduleGroup;
  /** The role that schedules run under. */
  readonly scheduleRole: IRole;
}

/** Looks every half hour for what interrupted drills left behind, removes and counts it. */
export class Sweeper extends Construct {
  /** When it looks. */
  public readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: SweeperProps) {
    super(scope, id);
    this.schedule = siteSchedule(this, 'Schedule', {
      name: 'sweeper',
      group: props.scheduleGroup,
      description: `Removes what interrupted drills of site ${props.siteName} left behind`,
      expression: 'rate(30 minutes)',
      targetArn: props.sweepFunction.lambdaFunction.functionArn,
      role: props.scheduleRole,
      input: '{}',
      latest: Duration.minutes(10),
    });
  }
}
