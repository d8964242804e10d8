import { CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { judgeQuotas } from '../../../../lambda/monitoring/history/quota';
import { openSite, type Site } from '../../account';

let site: Site;
beforeAll(async () => {
  site = await openSite({ quota: { manualSnapshots: 10 } });
});
afterAll(() => site.close());

const take = (count: number, from = 0) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      site.rds.send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: `kept-${from + index}` }),
      ),
    ),
  );

test('nine of ten snapshots are work for the next day, eight are not', async () => {
  await site.snapshot();
  await take(8);
  expect(await judgeQuotas(site.rds, 'acme', '2026-11-19')).toEqual([]);
  await take(1, 8);
  expect(await judgeQuotas(site.rds, 'acme', '2026-11-19')).toMatchObject([
    {
      title: '9 of 10 manual snapshots of instances are there',
      lasting: true,
      finding: { id: 'snapshot-quota', severity: 'ticket', since: '2026-11-19T00:00:00.000Z' },
    },
  ]);
});
