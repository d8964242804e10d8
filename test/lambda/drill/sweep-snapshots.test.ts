import { CreateDBSnapshotCommand, DescribeDBSnapshotsCommand, type Tag } from '@aws-sdk/client-rds';
import type { SweepAnswer } from '../../../lambda/drill/sweep/handler';
import { onDemandTags, preDeploymentTags, SNAPSHOT_TAGS } from '../../../lambda/recovery/snapshots';
import type { Faults } from '../../../rehearsal/aws';
import { until } from '../../rehearsal/aws/support';
import { openSite, PREFIX, type Site } from '../account';
import { published } from '../published';

let site: Site;
let sweep: () => Promise<SweepAnswer>;
const faults: Faults = {};
beforeEach(async () => {
  faults.snapshotSlow = false;
  site = await openSite({ faults });
  jest.resetModules();
  ({ handler: sweep } = await import('../../../lambda/drill/sweep/handler'));
});
afterEach(() => site.close());

const PAST = '2026-01-01T00:00:00.000Z';
const made = (expires: string, of = 'acme') => ({ site: of, resource: 'gold/orders', expires });
const change = { change: `${PREFIX}before-orders-1`, version: '2' };
const without = (tags: Tag[], key: string) => tags.filter(({ Key }) => Key !== key);

async function take(identifier: string, Tags: Tag[], status = 'available') {
  await site.rds.send(
    new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: identifier, Tags }),
  );
  const snapshot = () => site.rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: identifier }));
  await until(snapshot, ({ DBSnapshots }) => DBSnapshots?.[0].Status === status);
}

async function manual(): Promise<string[]> {
  const { DBSnapshots } = await site.rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
  return DBSnapshots!.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier!).sort();
}

test('a snapshot of the site goes when its time is over, and is no leftover', async () => {
  await take(`${PREFIX}before-1`, preDeploymentTags(made(PAST), change));
  await take(`${PREFIX}now-1`, onDemandTags(made(PAST), 'an emergency'));
  const { answer, metrics } = await published(sweep);
  expect(answer).toEqual({ removed: [], waiting: [], kept: [], expired: [`${PREFIX}before-1`, `${PREFIX}now-1`] });
  expect(metrics.map(({ Leftovers }) => Leftovers)).toEqual([0]);
  expect(await manual()).toEqual([]);
});

const OURS = onDemandTags(made(PAST), 'release');

test.each<[string, string, Tag[]]>([
  ['whose time is not over', `${PREFIX}now-1`, onDemandTags(made('2999-01-01T00:00:00.000Z'), 'release')],
  ['without an end', `${PREFIX}now-1`, without(OURS, SNAPSHOT_TAGS.expires)],
  ['with an end that is no time', `${PREFIX}now-1`, onDemandTags(made('soon'), 'release')],
  ['that does not say what it is for', `${PREFIX}now-1`, without(OURS, SNAPSHOT_TAGS.backup)],
  [
    'that says it is something else',
    `${PREFIX}now-1`,
    [...without(OURS, SNAPSHOT_TAGS.backup), { Key: SNAPSHOT_TAGS.backup, Value: 'mine' }],
  ],
  ['without a tag', `${PREFIX}now-1`, []],
  ['of another site', `${PREFIX}now-1`, onDemandTags(made(PAST, 'other'), 'release')],
  ['with the tags but not the prefix', `x${PREFIX}now-1`, OURS],
  ['of a site whose prefix only begins alike', `${PREFIX.slice(0, -2)}f-now-1`, OURS],
])('one %s stays', async (_, identifier, tags) => {
  await take(identifier, tags);
  const { answer } = await published(sweep);
  expect(answer).toEqual({ removed: [], waiting: [], kept: [], expired: [] });
  expect(await manual()).toEqual([identifier]);
});

test('one that is still being made stays, whatever its time', async () => {
  faults.snapshotSlow = true;
  await take(`${PREFIX}now-1`, OURS, 'creating');
  const { answer } = await published(sweep);
  expect(answer.expired).toEqual([]);
  expect(await manual()).toEqual([`${PREFIX}now-1`]);
});
