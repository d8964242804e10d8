import type { MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Alarm, Watched } from './alarm';
import type { StateOf } from './transition';

/** A metric alarm as DescribeAlarms shows it. */
export function describeAlarm(alarm: Alarm, state: StateOf, createdAt: Date): MetricAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description !== undefined && { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: createdAt,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData !== undefined && { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: state.since,
    StateTransitionedTimestamp: state.since,
    ...whatIsWatched(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missingData,
    ...(alarm.warmUp && {
      WarmUpConfiguration: {
        WarmUpPeriodDurationInMinutes: alarm.warmUp.minutes,
        OnlyStartEvaluatingAfterWarmUpPeriodEnds: alarm.warmUp.whole,
      },
    }),
  };
}

function whatIsWatched(alarm: Alarm): Partial<MetricAlarm> {
  const [one] = alarm.watched;
  if (alarm.expression || alarm.watched.length > 1) return { Metrics: queries(alarm) };
  return {
    Namespace: one.metric.namespace,
    MetricName: one.metric.name,
    Dimensions: dimensionsOf(one),
    Statistic: one.statistic,
    Period: alarm.periodSeconds,
    ...(one.unit !== undefined && { Unit: one.unit as MetricAlarm['Unit'] }),
  };
}

function queries({ watched, expression, periodSeconds }: Alarm): MetricDataQuery[] {
  const metrics = watched.map((one) => ({
    Id: one.id,
    MetricStat: {
      Metric: { Namespace: one.metric.namespace, MetricName: one.metric.name, Dimensions: dimensionsOf(one) },
      Period: periodSeconds,
      Stat: one.statistic,
    },
    ReturnData: false,
  }));
  return expression ? [...metrics, { Id: expression.id, Expression: expression.text, ReturnData: true }] : metrics;
}

function dimensionsOf({ metric }: Watched) {
  return Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
}
