/** Events as AWS documents them, for the patterns that hear them and for the function that makes messages of them. */

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

interface Event {
  readonly [field: string]: unknown;
  readonly detail: Readonly<Record<string, unknown>>;
}

function event(source: string, type: string, detail: object, more: object = {}): Event {
  return {
    version: '0',
    id: 'dafac799-9b88-0134-26b7-fef4d54a134f',
    'detail-type': type,
    source,
    account: ACCOUNT,
    time: '2026-11-20T05:41:17Z',
    region: REGION,
    resources: [],
    ...more,
    detail: detail as Event['detail'],
  };
}

export const db = (identifier: string) => `arn:aws:rds:${REGION}:${ACCOUNT}:db:${identifier}`;
const vaultArn = (vault: string) => `arn:aws:backup:${REGION}:${ACCOUNT}:backup-vault:${vault}`;

/** Sizes are text here, and there is no size of RDS. */
export function backupJob(state: string, more: object = {}): Event {
  return event('aws.backup', 'Backup Job State Change', {
    backupJobId: 'a827233a-1111-2222-3333-444455556666',
    backupSizeInBytes: '36048',
    backupVaultArn: vaultArn('Vault'),
    backupVaultName: 'Vault',
    bytesTransferred: '36048',
    creationDate: '2026-11-20T05:00:31.207Z',
    iamRoleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
    resourceArn: db('orders'),
    resourceType: 'RDS',
    state,
    startBy: '2026-11-20T13:00:31.207Z',
    percentDone: 100,
    retryCount: 3,
    createdBy: { backupPlanId: 'plan', backupPlanArn: 'arn', backupPlanVersion: 'v1', backupPlanRuleId: 'rule' },
    ...more,
  });
}

/** Sizes are numbers here, and what there is not is an empty object. */
export function copyJob(state: string, more: object = {}): Event {
  return event('aws.backup', 'Copy Job State Change', {
    copyJobId: '4B2E9F1A',
    backupSizeInBytes: 3221225472,
    creationDate: '2026-11-20T06:37:34.780Z',
    iamRoleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
    resourceArn: db('orders'),
    resourceType: 'RDS',
    sourceBackupVaultArn: vaultArn('Vault'),
    state,
    destinationBackupVaultArn: `arn:aws:backup:eu-central-1:${ACCOUNT}:backup-vault:Far`,
    destinationRecoveryPointArn: {},
    ...more,
  });
}

/** Restore jobs say `status`, not `state`. */
export function restoreJob(status: string, more: object = {}): Event {
  return event('aws.backup', 'Restore Job State Change', {
    restoreJobId: '3C1D',
    backupVaultArn: vaultArn('Vault'),
    recoveryPointArn: `arn:aws:rds:${REGION}:${ACCOUNT}:snapshot:awsbackup:job-1a2bcd34`,
    sourceResourceArn: db('orders'),
    backupSizeInBytes: '0',
    creationDate: '2026-11-20T07:00:00.000Z',
    iamRoleArn: `arn:aws:iam::${ACCOUNT}:role/somebody`,
    percentDone: 0,
    resourceType: 'RDS',
    status,
    ...more,
  });
}

export function rdsEvent(id: string, identifier: string, type = 'RDS DB Instance Event'): Event {
  return event('aws.rds', type, {
    EventCategories: ['configuration change'],
    SourceType: 'DB_INSTANCE',
    SourceArn: db(identifier),
    Date: '2026-11-20T19:34:09.293Z',
    Message: 'Automated backups for this DB instance have been disabled',
    SourceIdentifier: identifier,
    EventID: id,
  });
}

export function apiCall(name: string, parameters: object, more: object = {}): Event {
  const service = /Recovery|Vault|StartRestoreJob|BackupVault/.test(name) ? 'backup' : 'rds';
  return event(`aws.${service}`, 'AWS API Call via CloudTrail', {
    eventVersion: '1.09',
    userIdentity: ROLE('Admin'),
    eventTime: '2026-11-20T19:34:09Z',
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: REGION,
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2',
    requestParameters: parameters,
    eventID: '6f1d2c0a-0000-4000-8000-000000000001',
    eventType: 'AwsApiCall',
    ...more,
  });
}

export function ROLE(name: string, arn = `arn:aws:iam::${ACCOUNT}:role/${name}`): object {
  return {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/somebody`,
    sessionContext: { sessionIssuer: { type: 'Role', arn, userName: name } },
  };
}

export const USER = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alice`, userName: 'alice' };
export const ROOT = { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` };
