import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface SiteScheduleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly group: IScheduleGroup;
  readonly description: string;
  readonly expression: string;
  readonly timeZone?: string;
  /** Default true. */
  readonly enabled?: boolean;
  readonly targetArn: string;
  readonly role: IRole;
  /** JSON; Scheduler fills in its context attributes. */
  readonly input: string;
  /** A start later than this is dropped. Scheduler's own default is a day, and 185 attempts. */
  readonly latest: Duration;
}

/**
 * A schedule in the site's group. An L1: the L2 target would grant a role that lives in another stack than the schedule.
 * No dead-letter queue: a drill that never started is told by the site's *drill failed* alarm, which counts dropped starts.
 */
export function siteSchedule(scope: Construct, id: string, props: SiteScheduleProps): CfnSchedule {
  const schedule = new CfnSchedule(scope, id, {
    name: props.name,
    groupName: props.group.scheduleGroupName,
    description: props.description,
    scheduleExpression: props.expression,
    scheduleExpressionTimezone: props.timeZone ?? 'Etc/UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    state: (props.enabled ?? true) ? 'ENABLED' : 'DISABLED',
    target: {
      arn: props.targetArn,
      roleArn: props.role.roleArn,
      input: props.input,
      retryPolicy: { maximumEventAgeInSeconds: props.latest.toSeconds(), maximumRetryAttempts: 10 },
    },
  });
  // The group is referred to by its fixed name, and the role's policy by nothing.
  schedule.node.addDependency(props.group, props.role);
  return schedule;
}
