import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readPattern } from '../../../rehearsal/events/pattern';
import { Deployment } from '../../../rehearsal/template/deployment';
import type { Template } from '../../../rehearsal/template/template';
import { RecoverySite } from '../../../lib';
import { newApp } from '../app';
import { ACCOUNT, apiCall, backupJob, copyJob, db, rdsEvent, REGION, restoreJob, ROLE, ROOT, USER } from './events';

const app = newApp();
const stack = new Stack(app, 'Events', { env: { account: ACCOUNT, region: REGION } });
const site = new RecoverySite(stack, 'Recovery', { name: 'acme', alerts: { page: new Topic(stack, 'Pager') } });
site.recoveryPointRestore();
const template = app.synth().getStackByName('Events').template as Template;
const deployment = new Deployment(template, { stack: 'Events', region: REGION, account: ACCOUNT });

const { prefix } = site;
const vault = prefix.replace(/-$/, '');
const roleArn = (word: string) => deployment.one('AWS::IAM::Role', word).arn;
const ofDrills = roleArn('FunctionsRestoreRole');
const ofBackup = roleArn('RecoveryPointRestoreRole');
const rules = deployment.all('AWS::Events::Rule').filter(({ logicalId }) => logicalId.startsWith('RecoveryEvents'));

const heard = (event: object) =>
  rules
    .filter(({ properties }) => readPattern(properties.EventPattern)(event))
    .map(({ properties }) => String(properties.Name).slice(prefix.length));

const share = (values: object, more: object = {}) =>
  apiCall('ModifyDBSnapshotAttribute', { dBSnapshotIdentifier: 'before', attributeName: 'restore', ...values }, more);
const ofVault = (name: string, more: object = {}) => apiCall(name, { backupVaultName: vault }, more);
const pointInTime = (by: object) =>
  apiCall(
    'RestoreDBInstanceToPointInTime',
    { sourceDBInstanceIdentifier: 'orders', targetDBInstanceIdentifier: 'copy' },
    { userIdentity: by },
  );

test.each<[string, object]>([
  ['a failed backup job', backupJob('FAILED', { statusMessage: '"Backup job failed because ..."' })],
  ['an expired backup job', backupJob('EXPIRED')],
  ['an aborted backup job', backupJob('ABORTED')],
  ['a partial backup job', backupJob('PARTIAL')],
  ['a backup job completed with issues', backupJob('COMPLETED', { statusMessage: 'some of it' })],
  ['a failed copy job', copyJob('FAILED', { statusMessage: 'Access denied' })],
  ['a failed restore job', restoreJob('FAILED', { statusMessage: 'no capacity' })],
  ['an aborted restore job', restoreJob('ABORTED')],
  [
    'a restore job completed with issues',
    restoreJob('COMPLETED', { statusMessage: 'x', createdResourceArn: db('new') }),
  ],
  ['a restore job that made nothing', restoreJob('FAILED', { createdResourceArn: {} })],
])('hears of %s', (_, event) => {
  expect(heard(event)).toEqual(['jobs']);
});

test('hears that automated backups are off', () => {
  expect(heard(rdsEvent('RDS-EVENT-0028', 'orders'))).toEqual(['backups-disabled']);
});

test.each<[string, object]>([
  ['a snapshot shared', share({ valuesToAdd: ['444455556666'] })],
  ['a snapshot made public', share({ valuesToAdd: ['all'] })],
  [
    'a snapshot of a cluster shared',
    apiCall('ModifyDBClusterSnapshotAttribute', {
      dBClusterSnapshotIdentifier: 'before',
      attributeName: 'restore',
      valuesToAdd: ['all'],
    }),
  ],
  ['a recovery point deleted', ofVault('DeleteRecoveryPoint')],
  ['a recovery point not deleted, for want of a right', ofVault('DeleteRecoveryPoint', { errorCode: 'AccessDenied' })],
  ['the vault deleted', ofVault('DeleteBackupVault')],
  ['the vault’s policy changed', ofVault('PutBackupVaultAccessPolicy')],
  ['the vault’s lock removed', ofVault('DeleteBackupVaultLockConfiguration')],
  ['a restore under somebody’s role', pointInTime(ROLE('Admin'))],
  ['a restore by a user', pointInTime(USER)],
  ['a restore by the root user', pointInTime(ROOT)],
  ['a restore job of somebody', apiCall('StartRestoreJob', { recoveryPointArn: 'arn' })],
])('hears of %s', (_, event) => {
  expect(heard(event)).toEqual(['calls']);
});

test.each<[string, object]>([
  ['a backup job that completed', backupJob('COMPLETED')],
  ['a backup job that is running', backupJob('RUNNING')],
  [
    'a backup job that was created, of which little is known',
    { ...backupJob(''), detail: { backupJobId: 'x', state: 'CREATED' } },
  ],
  ['a backup job of a drill’s copy', backupJob('FAILED', { resourceArn: db(`${prefix}weekly-1`) })],
  ['a copy job of a drill’s copy', copyJob('FAILED', { resourceArn: db(`${prefix}weekly-1`) })],
  ['a copy job that completed', copyJob('COMPLETED', { destinationRecoveryPointArn: 'arn' })],
  ['a restore job that was created', { ...restoreJob(''), detail: { restoreJobId: 'x', state: 'CREATED' } }],
  ['a restore job that completed', restoreJob('COMPLETED', { createdResourceArn: db('new') })],
  [
    'a restore job that failed to make a drill’s copy',
    restoreJob('FAILED', { createdResourceArn: db(`${prefix}weekly-1`) }),
  ],
  ['a restore job of a drill', restoreJob('FAILED', { iamRoleArn: ofBackup })],
  ['a vault’s own event', { ...backupJob('FAILED'), 'detail-type': 'Backup Vault State Change' }],
  ['somebody’s own event that looks like one', { ...backupJob('FAILED'), source: 'com.example' }],
  ['automated backups of a drill’s copy that are off', rdsEvent('RDS-EVENT-0028', `${prefix}weekly-1`)],
  ['automated backups that are on again', rdsEvent('RDS-EVENT-0032', 'orders')],
  ['a database that was stopped', rdsEvent('RDS-EVENT-0087', 'orders')],
  ['the same id of another kind', rdsEvent('RDS-EVENT-0028', 'orders', 'RDS DB Snapshot Event')],
  ['a snapshot that is shared no more', share({ valuesToRemove: ['all'] })],
  ['a snapshot that somebody may not share', share({ valuesToAdd: ['all'] }, { errorCode: 'AccessDenied' })],
  ['a recovery point deleted in another vault', apiCall('DeleteRecoveryPoint', { backupVaultName: 'Default' })],
  ['a recovery point described', ofVault('DescribeRecoveryPoint')],
  ['a restore by a drill', pointInTime(ROLE('restore', ofDrills))],
  ['a restore by AWS Backup for a drill', pointInTime(ROLE('backup', ofBackup))],
  [
    'a restore job of a drill',
    apiCall('StartRestoreJob', { recoveryPointArn: 'arn' }, { userIdentity: ROLE('restore', ofDrills) }),
  ],
  ['a database deleted', apiCall('DeleteDBInstance', { dBInstanceIdentifier: 'copy' })],
])('does not hear of %s', (_, event) => {
  expect(heard(event)).toEqual([]);
});

test('three rules and two permissions serve every resource', () => {
  expect(rules).toHaveLength(3);
  const permissions = deployment.all('AWS::Lambda::Permission').filter(({ logicalId }) => /Notify/.test(logicalId));
  expect(permissions.map(({ properties }) => [properties.Principal, properties.SourceArn])).toEqual([
    ['events.amazonaws.com', `arn:aws:events:${REGION}:${ACCOUNT}:rule/${prefix}*`],
    ['lambda.alarms.cloudwatch.amazonaws.com', `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:*`],
  ]);
  for (const { properties } of rules) {
    expect(String(properties.Name).length).toBeLessThanOrEqual(64);
    expect(JSON.stringify(properties.EventPattern).length).toBeLessThanOrEqual(2048);
  }
});

test('what no message can be made of goes raw to the loudest topic', () => {
  const { properties } = deployment.one('AWS::Lambda::EventInvokeConfig');
  const pager = deployment.one('AWS::SNS::Topic').arn;
  expect(properties.DestinationConfig).toEqual({ OnFailure: { Destination: pager } });
});
