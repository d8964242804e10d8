import { confirmed, refuted, unknown, type Question } from '../question';
import { metricsIn, setsOf, valueOf } from './metric-sets';

export const backupMetrics: Question = {
  id: 'backup-metrics',
  asks: 'Metrics of AWS Backup have BackupVaultName among their dimensions',
  ask: async (look) => {
    const vaults = (await look.backups()).filter(({ kind }) => kind !== 'copy').map(({ vaultArn = '' }) => vaultArn);
    if (vaults.length === 0) return [];
    const metrics = await metricsIn(look.aws, 'AWS/Backup');
    if (metrics.length === 0)
      return [
        unknown('None has been published in the last two weeks.', undefined, 'Ask again after the first backup.'),
      ];
    const named = new Set(metrics.map((metric) => valueOf(metric, 'BackupVaultName')));
    const sets = setsOf(metrics).join(' and ');
    return [...new Set(vaults.map((arn) => arn.split(':').at(-1)!))].map((vault) =>
      named.has(vault)
        ? confirmed(`Its metrics have it; there are the sets ${sets}.`, vault)
        : refuted(`None of its metrics has it; there are the sets ${sets}.`, {
            about: vault,
            means: 'The dashboard shows none of its jobs; no alarm rests on these metrics.',
            nextStep: 'Look at `aws cloudwatch list-metrics --namespace AWS/Backup`, and report it.',
          }),
    );
  },
};
