import { CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { keys } from '../../../../lambda/shared/keys';
import type { RehearsedSns } from '../../../../rehearsal/aws';
import { apiCall, backupJob, copyJob, db, rdsEvent, restoreJob, ROLE, USER } from '../../../lib/monitoring/events';
import { until } from '../../../rehearsal/aws/support';
import { openSite, PREFIX, type Site } from '../../account';
import { ALERTS, at, topics } from '../messages/support';
import { NOW, report, resource } from '../reports';

let sns: RehearsedSns;
let site: Site;
let handler: (typeof import('../../../../lambda/monitoring/notify/handler'))['handler'];

const RESTORER = 'arn:aws:iam::111122223333:role/site-restore';
const VAULT = PREFIX.replace(/-$/, '');

beforeAll(async () => {
  sns = topics();
  site = await openSite({ services: [sns.service()] });
  process.env.RESTORE_ROLES = RESTORER;
  ({ handler } = await import('../../../../lambda/monitoring/notify/handler'));
  const observed = report([resource('Gold/Orders'), resource('Gold/Ledger', { kind: 'db-cluster' })]);
  await site.state.put(keys.report('gold'), observed);
});
afterAll(() => site.close());
beforeEach(() => at(NOW));
afterEach(async () => {
  jest.useRealTimers();
  sns.published.length = 0;
  for (const key of await site.state.list('messages/')) await site.state.delete(key);
});

const told = async (event: object) => {
  await handler(event);
  return sns.published.map(({ topic, subject }) => `${topic.split(':').at(-1)} ${subject}`);
};
const text = () => (JSON.parse(sns.published[0].message) as { email: string }).email;

test('a failed backup job', async () => {
  const event = backupJob('FAILED', { statusMessage: '"Backup job failed because of the key."' });
  expect(await told(event)).toEqual(['tickets [ticket] Gold/Orders: backup job FAILED']);
  expect(text().split('\n').slice(2, 8)).toEqual([
    'What happened: The backup job of Gold/Orders into vault Vault that began 2026-11-20 05:00 UTC ended FAILED: Backup job failed because of the key.',
    'Since: 2026-11-20 05:41 UTC',
    'What it means: Until one succeeds the newest recovery point grows older, and one recovery source less stands for the RPO of 15 minutes.',
    'Resources: Gold/Orders',
    'Where: plan Gold, site acme, eu-west-1',
    'Owner: Payments',
  ]);
});

test.each<[string, object, string]>([
  ['expired', backupJob('EXPIRED'), 'Gold/Orders: backup job EXPIRED'],
  [
    'completed with issues',
    backupJob('COMPLETED', { statusMessage: 'x' }),
    'Gold/Orders: backup job completed with issues',
  ],
  ['a copy', copyJob('FAILED', { statusMessage: 'x' }), 'Gold/Orders: copy job FAILED'],
  ['a restore', restoreJob('ABORTED'), 'Gold/Orders: restore job ABORTED'],
  [
    'a restore that says of nothing',
    restoreJob('FAILED', { sourceResourceArn: {}, backupVaultArn: `arn:aws:backup:eu-west-1:1:backup-vault:${VAULT}` }),
    'a protected resource: restore job FAILED',
  ],
])('jobs: %s', async (_, event, expected) => {
  expect(await told(event)).toEqual([`tickets [ticket] ${expected}`]);
});

test('jobs of a bucket, with a next step that there is for one', async () => {
  const files = { resourceArn: 'arn:aws:s3:::files-of-acme', resourceType: 'S3' };
  await site.state.put(
    keys.report('silver'),
    report([resource('Silver/Files', { kind: 'bucket', identifier: 'files-of-acme' })], { shard: 'silver' }),
  );
  expect(await told(backupJob('FAILED', files))).toEqual(['tickets [ticket] Silver/Files: backup job FAILED']);
  expect(text()).toContain('start an on-demand backup in AWS Backup');
  expect(text()).not.toContain('backup-now');
  sns.published.length = 0;
  const partly = { ...files, statusMessage: 'Objects could not be read' };
  expect(await told(backupJob('COMPLETED', partly))).toEqual([
    'tickets [ticket] Silver/Files: backup job completed with issues',
  ]);
  sns.published.length = 0;
  expect(await told(backupJob('FAILED', { ...files, resourceArn: 'arn:aws:s3:::files-of-others' }))).toEqual([]);
  const restored = { createdResourceArn: `arn:aws:s3:::${PREFIX}weekly-1`, sourceResourceArn: files.resourceArn };
  expect(await told(restoreJob('FAILED', restored))).toEqual([]);
  await site.state.delete(keys.report('silver'));
});

test('jobs of one hour, one vault and one reason are one message', async () => {
  const failed = (identifier: string, more: object = {}) =>
    backupJob('FAILED', { resourceArn: db(identifier), statusMessage: `Vault denied ${db(identifier)}`, ...more });
  await site.state.put(
    keys.report('gold'),
    report(['Orders', 'A1', 'A2', 'A3'].map((name) => resource(`Gold/${name}`))),
  );
  await Promise.all(['a1', 'a2', 'a3'].map((one) => handler(failed(one))));
  expect(sns.published).toHaveLength(1);
  await handler(failed('a1', { creationDate: '2026-11-20T09:00:00Z' }));
  await handler(failed('a2', { statusMessage: 'Something else' }));
  expect(sns.published).toHaveLength(3);
});

test.each<[string, object]>([
  ['what is not protected', backupJob('FAILED', { resourceArn: db('somebody-elses') })],
  ['what a drill made', backupJob('FAILED', { resourceArn: db(`${PREFIX}weekly-1`) })],
  ['what a drill made, though it is watched', rdsEvent('RDS-EVENT-0028', `${PREFIX}weekly-1`)],
  ['what a drill restores', restoreJob('FAILED', { iamRoleArn: RESTORER })],
  ['a job that completed', backupJob('COMPLETED', { statusMessage: {} })],
  ['the start of a restore job', { ...restoreJob(''), detail: { restoreJobId: 'x', state: 'CREATED' } }],
  ['other databases’ automated backups', rdsEvent('RDS-EVENT-0028', 'other')],
  [
    'a restore by a drill',
    apiCall(
      'RestoreDBInstanceToPointInTime',
      { sourceDBInstanceIdentifier: 'orders' },
      { userIdentity: ROLE('x', RESTORER) },
    ),
  ],
  [
    'what AWS Backup restores for somebody',
    apiCall(
      'RestoreDBInstanceFromDBSnapshot',
      { dBSnapshotIdentifier: 'x' },
      { userIdentity: { ...ROLE('x'), invokedBy: 'backup.amazonaws.com' } },
    ),
  ],
  [
    'a restore of what is not protected',
    apiCall('RestoreDBInstanceToPointInTime', { sourceDBInstanceIdentifier: 'other' }),
  ],
  ['a restore that does not say of what', apiCall('StartRestoreJob', { recoveryPointArn: 'arn:aws:backup:x' })],
  [
    'the site’s own deployment',
    apiCall(
      'PutBackupVaultAccessPolicy',
      { backupVaultName: VAULT },
      { sourceIPAddress: 'cloudformation.amazonaws.com' },
    ),
  ],
  ['an event without a detail', { ...backupJob('FAILED'), detail: {} }],
])('says nothing of %s', async (_, event) => {
  expect(await told(event)).toEqual([]);
});

test('automated backups that are off', async () => {
  expect(await told(rdsEvent('RDS-EVENT-0028', 'orders'))).toEqual([
    'pager [page] Gold/Orders: automated backups are off',
  ]);
  expect(text()).toContain('aws rds modify-db-instance --db-instance-identifier orders --backup-retention-period 7');
});

describe('snapshots', () => {
  beforeAll(async () => {
    const snapshot = { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'before-migration' };
    await site.rds.send(new CreateDBSnapshotCommand(snapshot));
    await until(async () => site.snapshot(), Boolean);
  });
  const share = (identifier: string, to: string[]) =>
    apiCall('ModifyDBSnapshotAttribute', {
      dBSnapshotIdentifier: identifier,
      attributeName: 'restore',
      valuesToAdd: to,
    });

  test('one that is shared', async () => {
    expect(await told(share('before-migration', ['444455556666']))).toEqual([
      'pager [page] Gold/Orders: a snapshot was shared',
    ]);
    expect(text()).toContain('shared snapshot before-migration of Gold/Orders with account 444455556666.');
  });

  test('one that is made public', async () => {
    expect(await told(share('before-migration', ['all']))).toEqual([
      'pager [page] Gold/Orders: a snapshot was made public',
    ]);
  });

  test('one that is gone is worth a look', async () => {
    expect(await told(share('gone', ['all']))).toEqual(['tickets [ticket] gone: a snapshot was made public']);
  });

  test('one that somebody restores', async () => {
    const restore = (parameters: object, name = 'RestoreDBInstanceFromDBSnapshot') =>
      apiCall(name, { dBInstanceIdentifier: 'copy', ...parameters }, { userIdentity: USER });
    expect(await told(restore({ dBSnapshotIdentifier: 'before-migration' }))).toEqual([
      'tickets [ticket] Gold/Orders: restored by somebody else than a drill',
    ]);
    expect(text()).toContain('user/alice began to restore a copy of Gold/Orders, as copy');
    sns.published.length = 0;
    for (const key of await site.state.list('messages/')) await site.state.delete(key);
    const byId = { sourceDbiResourceId: 'db-ORDERS' };
    expect(await told(restore(byId, 'RestoreDBInstanceToPointInTime'))).toHaveLength(1);
  });
});

test('recovery points that somebody goes after, also in vain', async () => {
  const attempt = (more: object = {}) =>
    apiCall('DeleteRecoveryPoint', { backupVaultName: VAULT, recoveryPointArn: 'arn:point' }, more);
  expect(await told(attempt({ errorCode: 'AccessDeniedException' }))).toEqual([
    'pager [page] Vault of site acme: attempt to delete a recovery point',
  ]);
  expect(text()).toContain(
    `assumed-role/Admin/somebody tried to delete a recovery point (arn:point) in vault ${VAULT}, and was refused (AccessDeniedException).`,
  );
  // A hundred attempts of one person are one message.
  await Promise.all(Array.from({ length: 5 }, () => handler(attempt())));
  expect(sns.published).toHaveLength(1);
});

test('people of the site are told of its vault where it names them', async () => {
  process.env.SITE_ALERTS = JSON.stringify({ page: ALERTS.digest });
  expect(await told(apiCall('DeleteBackupVault', { backupVaultName: VAULT }))).toEqual([
    'digest [page] Vault of site acme: attempt to delete the vault',
  ]);
  delete process.env.SITE_ALERTS;
});
