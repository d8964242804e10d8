import { confirmed, refuted, type Question } from '../question';

export const schedulesEnabled: Question = {
  id: 'schedules-enabled',
  asks: 'Every schedule of a site is enabled',
  ask: async (look) => {
    const schedules = await look.schedules();
    if (schedules.length === 0) return [];
    const disabled = schedules.filter(({ enabled }) => !enabled);
    if (disabled.length === 0) return [confirmed(`All ${schedules.length} are.`)];
    return disabled.map(({ name }) =>
      refuted('It is disabled.', {
        about: name,
        means: 'What it starts does not run: a drill, the monitor or the sweeper.',
        nextStep: 'Enable it in EventBridge Scheduler, or deploy the app again.',
      }),
    );
  },
};
