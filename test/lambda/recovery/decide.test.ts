import { decide } from '../../../lambda/recovery/backup-start/decide';
import type { DatabaseSnapshot } from '../../../lambda/recovery/database-snapshots';
import {
  changeName,
  isTagValue,
  onDemandName,
  preDeploymentTags,
  snapshotName,
} from '../../../lambda/recovery/snapshots';

const NOW = '2026-11-20T12:00:00.000Z';
const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * 3_600_000);

function snapshot(change: string, more: Partial<DatabaseSnapshot> & { previous?: string } = {}): DatabaseSnapshot {
  const { previous, ...own } = more;
  const made = { site: 'acme', resource: 'gold/orders', expires: NOW };
  return {
    identifier: `of-${change}`,
    database: 'orders',
    percent: 100,
    status: 'available',
    tags: preDeploymentTags(made, { change, previous, version: change }),
    createdAt: hoursAgo(0.5),
    ...own,
  };
}

const asked = { requestId: 'r', isUpdate: true, deployed: 'v1', change: 'v2' };
const taken = snapshotName('v2', 'r');

test.each<[string, DatabaseSnapshot[], string | undefined]>([
  ['nothing was taken', [], taken],
  ['one is fresh', [snapshot('v2')], 'of-v2'],
  ['one is being made', [snapshot('v2', { status: 'creating', createdAt: undefined })], 'of-v2'],
  ['one takes long', [snapshot('v2', { status: 'creating', createdAt: hoursAgo(5) })], 'of-v2'],
  ['one is from an hour ago, and data has come since', [snapshot('v2', { createdAt: hoursAgo(1) })], taken],
  ['one failed', [snapshot('v2', { status: 'failed' })], taken],
  ['one is of another change', [snapshot('v3')], taken],
  ['there are two', [snapshot('v2', { createdAt: hoursAgo(0.9), identifier: 'old' }), snapshot('v2')], 'of-v2'],
])('a new version, and %s', (_, snapshots, expected) => {
  expect(decide(asked, snapshots, NOW)).toBe(expected);
});

const back = { ...asked, deployed: 'v2', change: 'v1' };

test.each<[string, DatabaseSnapshot[], string | undefined]>([
  ['just now', [snapshot('v2', { previous: 'v1' })], undefined],
  ['while it is being made', [snapshot('v2', { previous: 'v1', status: 'creating', createdAt: undefined })], undefined],
  ['after a long migration', [snapshot('v2', { previous: 'v1', createdAt: hoursAgo(20) })], undefined],
  ['the next day', [snapshot('v2', { previous: 'v1', createdAt: hoursAgo(24) })], snapshotName('v1', 'r')],
  ['to what was not before it', [snapshot('v2', { previous: 'v0' })], snapshotName('v1', 'r')],
])('back to the version before, %s', (_, snapshots, expected) => {
  expect(decide(back, snapshots, NOW)).toBe(expected);
});

test('the deployed version needs none', () => {
  expect(decide({ ...asked, change: 'v1' }, [], NOW)).toBeUndefined();
});

test.each<['db-instance' | 'db-cluster', number]>([
  ['db-instance', 255],
  ['db-cluster', 63],
])('names of snapshots of a %s fit, however long site and database are named', (Kind, longest) => {
  const [prefix, Identifier] = [`rcv-${'s'.repeat(20)}-1a2b3c4d-`, 'd'.repeat(63)];
  const change = changeName(prefix, { Kind, Backup: 'c8aa', Identifier, Version: 'v1' });
  const onDemand = onDemandName(prefix, { kind: Kind, identifier: Identifier }, NOW, '01234567');
  for (const name of [snapshotName(change, 'r'), onDemand]) {
    expect(name.length).toBeLessThanOrEqual(longest);
    expect(name).toMatch(/^[a-z](-?[a-z0-9])*$/);
  }
  expect(changeName(prefix, { Kind, Backup: 'c8aa', Identifier: 'other', Version: 'v1' })).not.toBe(change);
});

test.each<[string, boolean]>([
  ['Größe ändern: a+b=c @ x/y_z.1', true],
  ['', true],
  ['x'.repeat(256), true],
  ['x'.repeat(257), false],
  ['drop; table', false],
  ['a\u0000b', false],
  ['a\nb', false],
  ['a\u2028b', false],
  ['🦩', false],
])('%j is a tag value: %s', (text, expected) => {
  expect(isTagValue(text)).toBe(expected);
});
