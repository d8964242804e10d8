import { CreateDBSnapshotCommand, DeleteDBSnapshotCommand } from '@aws-sdk/client-rds';
import { judgeQuotas } from '../../../../lambda/monitoring/history/quota';
import type { Shard } from '../../../../lambda/monitoring/history/watched';
import { openSite, type Site } from '../../account';
import { ALERTS, topics } from '../messages/support';

const sns = topics();
let site: Site;
beforeAll(async () => {
  site = await openSite({ quota: { manualSnapshots: 10 }, services: [sns.service()] });
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

test('that there is room again is told with what it was and when it began', async () => {
  const { judgeSite } = await import('../../../../lambda/monitoring/history/judge-site');
  const shard: Shard = { id: 'Gold', plan: 'Gold', owner: 'Payments', alerts: ALERTS, resources: [] };
  const found = await judgeSite([shard], '2026-11-19', []);
  await site.rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'kept-0' }));
  expect(await judgeSite([shard], '2026-11-23', found)).toEqual([]);
  expect(sns.published.map(({ subject }) => subject)).toEqual([
    '[ticket] 9 of 10 manual snapshots of instances are there',
    '[over] The quota of manual snapshots of instances is nearly used up',
  ]);
  const { email } = JSON.parse(sns.published[1].message) as { email: string };
  expect(email).toContain('What is over: The quota of manual snapshots of instances is nearly used up.\n');
  expect(email).toContain('It began: 2026-11-19 00:00 UTC');
});
