import { paginateListRestoreJobs } from '@aws-sdk/client-backup';
import { all, ask } from '../aws';
import { confirmed, refuted, unknown, type Question } from '../question';

export const restoreJobs: Question = {
  id: 'restore-jobs',
  asks: 'A restore job that went well is COMPLETED with no `StatusMessage`, with `CreatedResourceArn`',
  ask: async (look) => {
    if (!(await look.backsUp('databases'))) return [];
    const client = look.aws.backup;
    const jobs = await ask('backup:ListRestoreJobs', () =>
      all(
        paginateListRestoreJobs({ client }, { ByResourceType: 'RDS', ByStatus: 'COMPLETED' }),
        (page) => page.RestoreJobs,
      ),
    );
    if (jobs.length === 0)
      return [unknown('None has completed in 30 days.', undefined, 'Ask again after a drill from a recovery point.')];
    const plain = jobs.filter(({ StatusMessage, CreatedResourceArn }) => !StatusMessage && CreatedResourceArn);
    if (plain.length > 0) return [confirmed(`${plain.length} of ${jobs.length} are so.`)];
    return [
      refuted(
        `It has a message: ${jobs[0].StatusMessage ?? 'none'}; it names ${jobs[0].CreatedResourceArn ?? 'no resource'}.`,
        {
          about: jobs[0].RestoreJobId ?? '',
          means: 'Every drill from a recovery point is INCONCLUSIVE, since a message means issues.',
          nextStep: 'Report the message.',
        },
      ),
    ];
  },
};
