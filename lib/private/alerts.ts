import { Annotations, type Duration } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Alarm, CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
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

/** Most alarms of this library are tickets: overdue or left behind is no reason to wake somebody where there is a choice. */
export function alarmTopic({ page, ticket, digest }: Alerts): ITopic | undefined {
  return ticket ?? digest ?? page;
}

export function alarmGoesTo(alarm: Alarm, alerts: Alerts): void {
  const topic = alarmTopic(alerts);
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
}

/**
 * The function makes a message of the alarm and knows whom to tell, by severity, once for each cause, and also when it is over.
 * No L2 action: that would add a permission for each alarm, and one holds for all.
 */
export function alarmIsTold(alarm: Alarm, notify: IFunction): void {
  const action = { bind: () => ({ alarmActionArn: notify.functionArn }) };
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}

/** An alarm that a drill may raise by not knowing: it never pages, so without a quieter topic it tells nobody. */
export function alarmNeverPages(alarm: Alarm, { page, ticket, digest }: Alerts): void {
  const topic = ticket ?? digest;
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
  else if (page) {
    Annotations.of(alarm).addWarningV2(
      'cdk-recoverable:inconclusiveTellsNobody',
      'alerts name a page topic alone: a drill that ends INCONCLUSIVE never pages, so nobody hears of it; name a ticket or digest topic',
    );
  }
}

/**
 * Silence is no alarm before the first measurement was due: what is new has none yet. An override, since the oldest CDK that
 * this library takes does not know the property.
 */
export function alarmWaitsForData(alarm: Alarm, time: Duration): void {
  const resource = alarm.node.defaultChild as CfnAlarm;
  resource.addPropertyOverride('WarmUpConfiguration.WarmUpPeriodDurationInMinutes', time.toMinutes());
}

/** The same for what counts silence itself: it knows nothing before this time is over, whatever data there is. */
export function alarmWaits(alarm: Alarm, time: Duration): void {
  alarmWaitsForData(alarm, time);
  const resource = alarm.node.defaultChild as CfnAlarm;
  resource.addPropertyOverride('WarmUpConfiguration.OnlyStartEvaluatingAfterWarmUpPeriodEnds', true);
}

export function renderAlerts({ page, ticket, digest }: Alerts): DrillDefinition['alerts'] {
  return {
    ...(page && { page: page.topicArn }),
    ...(ticket && { ticket: ticket.topicArn }),
    ...(digest && { digest: digest.topicArn }),
  };
}
