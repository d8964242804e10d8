import { DescribeDBInstanceAutomatedBackupsCommand } from '@aws-sdk/client-rds';
import { duration } from '../../../../lambda/evidence/text';
import { ask } from '../aws';
import { confirmed, each, refuted, unknown, type Question } from '../question';

/** What is taken for the most that they lag, seconds. */
const LAG = 600;

export const replicatedLag: Question = {
  id: 'replicated-lag',
  asks: 'Replicated automated backups lag ten minutes at most',
  ask: async (look) =>
    each(
      await look.elsewhere('replicated'),
      ({ instance, region }) => `${instance.DBInstanceIdentifier} in ${region}`,
      async ({ instance, region }) => {
        const about = `${instance.DBInstanceIdentifier} in ${region}`;
        const { DBInstanceAutomatedBackups = [] } = await ask('rds:DescribeDBInstanceAutomatedBackups', () =>
          look.aws.in(region).rds.send(
            new DescribeDBInstanceAutomatedBackupsCommand({
              Filters: [{ Name: 'dbi-resource-id', Values: [instance.DbiResourceId ?? ''] }],
            }),
          ),
        );
        const latest = DBInstanceAutomatedBackups.map(({ RestoreWindow }) => RestoreWindow?.LatestTime?.getTime() ?? 0);
        const newest = Math.max(0, ...latest);
        if (newest === 0) return unknown('There are none yet.', about, 'Ask again an hour after the deployment.');
        const lag = (Date.now() - newest) / 1000;
        if (lag <= LAG) return confirmed(`They lag ${duration(lag)}.`, about);
        return refuted(`They lag ${duration(lag)}.`, {
          about,
          means: 'More may be lost with the Region than synthesis reckons with.',
          nextStep: 'Ask again; if it stays so, promise more for the loss of the Region.',
        });
      },
    ),
};
