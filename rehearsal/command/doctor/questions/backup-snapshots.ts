import { paginateDescribeDBSnapshots } from '@aws-sdk/client-rds';
import { all, ask } from '../aws';
import { confirmed, refuted, unknown, type Question } from '../question';

export const backupSnapshots: Question = {
  id: 'backup-snapshots',
  asks: '`DescribeDBSnapshots` shows a recovery point as `awsbackup:...`, of `SnapshotType` `awsbackup`, with `OriginalSnapshotCreateTime`',
  ask: async (look) => {
    const uses = (await look.sources()).some(({ kind }) => kind === 'recovery-point');
    const own = new Set((await look.instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
    if (!uses || own.size === 0) return [];
    const client = look.aws.rds;
    const found = await ask('rds:DescribeDBSnapshots', () =>
      all(paginateDescribeDBSnapshots({ client }, { SnapshotType: 'awsbackup' }), (page) => page.DBSnapshots),
    );
    const complete = found.filter(({ DBInstanceIdentifier: of, Status }) => own.has(of) && Status === 'available');
    if (complete.length === 0) return [unknown('There is none yet.', undefined, 'Ask again after the first backup.')];
    const odd = complete.find(
      ({ DBSnapshotIdentifier: id = '', OriginalSnapshotCreateTime: time }) => !id.startsWith('awsbackup:') || !time,
    );
    if (!odd) return [confirmed(`All ${complete.length} are shown so.`)];
    return [
      refuted('It is shown otherwise.', {
        about: odd.DBSnapshotIdentifier ?? '',
        means: 'A drill from a recovery point does not find how old its data is.',
        nextStep: 'Report what `aws rds describe-db-snapshots --snapshot-type awsbackup` shows.',
      }),
    ];
  },
};
