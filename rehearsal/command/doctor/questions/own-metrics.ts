import { counted } from '../../../../lambda/evidence/text';
import { confirmed, refuted, unknown, type Question } from '../question';
import { metricsIn, setOf, setsOf, valueOf } from './metric-sets';

const SET = '{Resource, Site}';

export const ownMetrics: Question = {
  id: 'own-metrics',
  asks: 'CloudWatch publishes our metrics with exactly {Site, Resource}, one of each protected resource',
  ask: async (look) => {
    if (look.sites.length === 0) return [];
    const metrics = await metricsIn(look.aws, 'CdkRecoverable');
    if (metrics.length === 0)
      return [
        unknown('None has been published in the last two weeks.', undefined, 'Ask again an hour after the deployment.'),
      ];
    const other = metrics.filter((metric) => setOf(metric) !== SET);
    if (other.length > 0) {
      return [
        refuted(`${other[0].MetricName} has ${setOf(other[0])}; there are the sets ${setsOf(metrics).join(' and ')}.`, {
          means: 'Alarms that name {Site, Resource} never get its data.',
          nextStep: 'Report it: the functions of another version may still run, or CloudWatch adds a dimension.',
        }),
      ];
    }
    const measured = metrics.filter(({ MetricName }) => MetricName === 'RestorableAgeRatio');
    const names = new Set(measured.map((metric) => valueOf(metric, 'Resource')));
    const watched = (await look.monitors()).flatMap(({ definition }) => definition.resources);
    const lacking = watched.filter(({ profile, name }) => profile !== undefined && !names.has(name));
    if (lacking.length === 0) return [confirmed(`All of ${counted(metrics.length, 'metric')} have it.`)];
    return lacking.map(({ name }) =>
      refuted('Its RestorableAgeRatio has not been published in the last two weeks.', {
        about: name,
        means: 'Nobody measures whether it could be recovered; its alarm breaches by missing data.',
        nextStep:
          'Ask again half an hour after a deployment; then see the log of the monitor function, which names what AWS refused.',
      }),
    );
  },
};
