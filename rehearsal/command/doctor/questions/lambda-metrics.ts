import { confirmed, refuted, type Question } from '../question';
import { metricsIn, setsOf } from './metric-sets';

export const lambdaMetrics: Question = {
  id: 'lambda-metrics',
  asks: 'Invocations of the monitor function are published with exactly {FunctionName}',
  ask: async (look) =>
    Promise.all(
      look.sites.map(async ({ prefix }) => {
        const about = `${prefix}monitor`;
        const metrics = await metricsIn(look.aws, 'AWS/Lambda', { FunctionName: about });
        const sets = setsOf(metrics.filter(({ MetricName }) => MetricName === 'Invocations'));
        return sets.includes('{FunctionName}')
          ? confirmed('They are.', about)
          : refuted(`There are ${sets.length === 0 ? 'none' : `only ${sets.join(' and ')}`} in the last two weeks.`, {
              about,
              means: 'The alarm on a silent monitor has no data and breaches, or the monitor does not run.',
              nextStep: 'See whether the schedules of the monitor are enabled and its function is invoked.',
            });
      }),
    ),
};
