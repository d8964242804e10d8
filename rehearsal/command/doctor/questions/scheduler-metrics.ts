import { confirmed, refuted, unknown, type Question } from '../question';
import { metricsIn, setsOf, valueOf } from './metric-sets';

export const schedulerMetrics: Question = {
  id: 'scheduler-metrics',
  asks: 'Metrics of EventBridge Scheduler have the schedule group as their dimension: {ScheduleGroup}',
  ask: async (look) => {
    if (look.sites.length === 0) return [];
    const metrics = await metricsIn(look.aws, 'AWS/Scheduler');
    if (metrics.length === 0)
      return [
        unknown('None has been published in the last two weeks.', undefined, 'Ask again an hour after the deployment.'),
      ];
    const groups = new Set(
      metrics.filter(({ Dimensions = [] }) => Dimensions.length === 1).map((one) => valueOf(one, 'ScheduleGroup')),
    );
    return look.sites.map(({ group }) =>
      groups.has(group)
        ? confirmed('Its metrics have it.', group)
        : refuted(`It has no metric on that set; there are the sets ${setsOf(metrics).join(' and ')}.`, {
            about: group,
            means: 'The alarm *drill failed* does not see starts that Scheduler drops.',
            nextStep: 'Look at `aws cloudwatch list-metrics --namespace AWS/Scheduler`, and report it.',
          }),
    );
  },
};
