import type { Place } from '../service';
import type { Alarm, Watched } from './alarm';
import type { StateOf, Transition } from './transition';

/** What an alarm's action is given. */
export type ActionTarget = 'function' | 'topic';

export interface Action {
  readonly kind: ActionTarget;
  readonly arn: string;
  readonly payload: object;
}

/** What a change of state sets off: functions and topics alone are rehearsed. */
export function actionsOf({ alarm, ...change }: Transition, place: Place): Action[] {
  const { alarmActions, okActions, insufficientDataActions } = alarm;
  const arns = { ALARM: alarmActions, OK: okActions, INSUFFICIENT_DATA: insufficientDataActions }[change.to.value];
  if (!alarm.actionsEnabled) return [];
  return arns.map((arn): Action => {
    if (arn.startsWith('arn:aws:lambda:')) {
      return { kind: 'function', arn, payload: forFunction({ alarm, ...change }, place) };
    }
    if (arn.startsWith('arn:aws:sns:')) return { kind: 'topic', arn, payload: forTopic({ alarm, ...change }, place) };
    throw new Error(`alarm ${alarm.name}: the action ${arn} is not rehearsed`);
  });
}

function forFunction({ alarm, from, to }: Transition, { account, region }: Place): object {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: account,
    time: withoutColon(to.since),
    region,
    alarmData: {
      alarmName: alarm.name,
      state: stateData(to),
      previousState: stateData(from),
      configuration: {
        ...(alarm.description !== undefined && { description: alarm.description }),
        metrics: [...alarm.watched.map((one) => metricData(alarm, one)), ...expressionData(alarm)],
      },
    },
  };
}

function stateData({ value, reason, reasonData, since }: StateOf): object {
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: withoutColon(since) };
}

function metricData(alarm: Alarm, { id, metric, statistic, unit }: Watched): object {
  return {
    id,
    metricStat: { metric, period: alarm.periodSeconds, stat: statistic, ...(unit !== undefined && { unit }) },
    returnData: alarm.expression === undefined,
  };
}

function expressionData({ expression }: Alarm): object[] {
  if (!expression) return [];
  const { id, text, label } = expression;
  return [{ id, expression: text, ...(label !== undefined && { label }), returnData: true }];
}

/** The message of a topic that an alarm publishes to, as email shows it to people who have nothing better. */
function forTopic({ alarm, from, to }: Transition, { account, region }: Place): object {
  const [{ metric, statistic, unit }] = alarm.watched;
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    NewStateValue: to.value,
    NewStateReason: to.reason,
    StateChangeTime: withoutColon(to.since),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: from.value,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    Trigger: {
      ...(alarm.expression === undefined && {
        MetricName: metric.name,
        Namespace: metric.namespace,
        StatisticType: 'Statistic',
        Statistic: statistic.toUpperCase(),
        Unit: unit ?? null,
        Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ name, value })),
      }),
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluationPeriods,
      DatapointsToAlarm: alarm.datapointsToAlarm,
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missingData,
    },
  };
}

/** CloudWatch writes the offset of a time without a colon. */
function withoutColon(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}
