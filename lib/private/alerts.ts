import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Alerts } from '../plan/alerts';
import type { DrillDefinition } from './contract/drill';
import { ValidationError } from './validation';

export function requireAlerts(alerts: Alerts | undefined, what: string): void {
  if (!alerts || topicsOf(alerts).length === 0) {
    throw new ValidationError(`alerts of ${what} must name at least one topic of page, ticket and digest`);
  }
}

/** Each topic once. */
export function topicsOf({ page, ticket, digest }: Alerts): ITopic[] {
  return [...new Set([page, ticket, digest])].filter((topic) => topic !== undefined);
}

/** Alarms of this library are tickets: overdue, unknown or left behind is no reason to wake somebody. */
export function alarmGoesTo(alarm: Alarm, { page, ticket, digest }: Alerts): void {
  const topic = ticket ?? page ?? digest;
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
}

export function renderAlerts({ page, ticket, digest }: Alerts): DrillDefinition['alerts'] {
  return {
    ...(page && { page: page.topicArn }),
    ...(ticket && { ticket: ticket.topicArn }),
    ...(digest && { digest: digest.topicArn }),
  };
}
