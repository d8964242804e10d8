import type { Tag } from '@aws-sdk/client-rds';
import type { SweepAnswer } from '../../../lambda/drill/sweep/handler';
import { onDemandTags, preDeploymentTags, SNAPSHOT_TAGS } from '../../../lambda/recovery/snapshots';
import type { Faults } from '../../../rehearsal/aws';
import { everything, role, until } from '../../rehearsal/aws/support';
import { openSite, PREFIX, type Site } from '../account';
import { published } from '../published';
import { DATABASES } from '../recovery/databases';

let site: Site;
let sweep: () => Promise<SweepAnswer>;
const faults: Faults = {};
beforeEach(async () => {
  faults.snapshotSlow = false;
  const denied = { Statement: { Effect: 'Deny' as const, Action: 'rds:DeleteDB*Snapshot', Resource: '*' } };
  const blind = { Statement: { Effect: 'Deny' as const, Action: 'rds:DescribeDBSnapshots', Resource: '*' } };
  const callers = { AKIADENIED: role('denied', everything, denied), AKIABLIND: role('blind', everything, blind) };
  site = await openSite({ faults, callers });
  await callAs('AKIAADMIN');
});
afterEach(() => site.close());

async function callAs(accessKeyId: string): Promise<void> {
  process.env.AWS_ACCESS_KEY_ID = accessKeyId;
  jest.resetModules();
  ({ handler: sweep } = await import('../../../lambda/drill/sweep/handler'));
}

const PAST = '2026-01-01T00:00:00.000Z';
const made = (expires: string, of = 'acme') => ({ site: of, resource: 'gold/orders', expires });
const change = { change: `${PREFIX}before-orders-1`, version: '2' };
const without = (tags: Tag[], key: string) => tags.filter(({ Key }) => Key !== key);

const OURS = onDemandTags(made(PAST), 'release');

describe.each(DATABASES)('of a $kind', (database) => {
  const manual = () => database.manual(site.rds);
  const names = async () => (await manual()).map(({ identifier }) => identifier).sort();

  async function take(snapshot: string, tags: Tag[], status = 'available') {
    await database.take(site.rds, snapshot, tags);
    await until(manual, (found) => found.some((one) => one.identifier === snapshot && one.status === status));
  }

  test('a snapshot of the site goes when its time is over, and is no leftover', async () => {
    await take(`${PREFIX}before-1`, preDeploymentTags(made(PAST), change));
    await take(`${PREFIX}now-1`, onDemandTags(made(PAST), 'an emergency'));
    const { answer, metrics } = await published(sweep);
    expect(answer).toEqual({ removed: [], waiting: [], kept: [], expired: [`${PREFIX}before-1`, `${PREFIX}now-1`] });
    expect(metrics.map(({ Leftovers }) => Leftovers)).toEqual([0]);
    expect(await names()).toEqual([]);
  });

  test.each<[string, string, Tag[]]>([
    ['whose time is not over', `${PREFIX}now-1`, onDemandTags(made('2999-01-01T00:00:00.000Z'), 'release')],
    ['without an end', `${PREFIX}now-1`, without(OURS, SNAPSHOT_TAGS.expires)],
    ['with an end that is no time', `${PREFIX}now-1`, onDemandTags(made('soon'), 'release')],
    // Of these Date.parse makes a day in 2001, and the year 1234.
    ['with an end that a person wrote', `${PREFIX}now-1`, onDemandTags(made('legal hold 7'), 'release')],
    ['with a ticket for its end', `${PREFIX}now-1`, onDemandTags(made('INC-1234'), 'release')],
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
    expect(await names()).toEqual([identifier]);
  });

  test('one that is still being made stays, whatever its time', async () => {
    faults.snapshotSlow = true;
    await take(`${PREFIX}now-1`, OURS, 'creating');
    const { answer } = await published(sweep);
    expect(answer.expired).toEqual([]);
    expect(await names()).toEqual([`${PREFIX}now-1`]);
  });

  test('one that cannot be removed is a leftover', async () => {
    await take(`${PREFIX}now-1`, OURS);
    await callAs('AKIADENIED');
    const { answer, metrics } = await published(sweep);
    expect(answer).toEqual({
      removed: [],
      waiting: [],
      kept: [`${database.kind} snapshot ${PREFIX}now-1`],
      expired: [],
    });
    expect(metrics.map(({ Leftovers }) => Leftovers)).toEqual([1]);
  });
});

test('snapshots of one kind that cannot be listed keep none of the other', async () => {
  const [, clusters] = DATABASES;
  await clusters.take(site.rds, `${PREFIX}now-1`, OURS);
  await until(
    () => clusters.manual(site.rds),
    ([{ status }]) => status === 'available',
  );
  await callAs('AKIABLIND');
  const { answer } = await published(sweep);
  expect(answer).toEqual({
    removed: [],
    waiting: [],
    kept: ['db-instance snapshots of site acme'],
    expired: [`${PREFIX}now-1`],
  });
});
