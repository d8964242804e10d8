/** What an EventBridge rule matches: plain JSON, in which ARNs may be known only at deployment. */
export type EventPattern = Record<string, unknown>;

const JOBS = ['Backup Job State Change', 'Copy Job State Change', 'Restore Job State Change'];
const ENDED_BADLY = ['FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'];

const SHARE = ['ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute'];

const TAKE_AWAY = [
  'DeleteRecoveryPoint',
  'DisassociateRecoveryPoint',
  'UpdateRecoveryPointLifecycle',
  'DeleteBackupVault',
  'DeleteBackupVaultAccessPolicy',
  'PutBackupVaultAccessPolicy',
  'DeleteBackupVaultLockConfiguration',
  'PutBackupVaultLockConfiguration',
];

const RESTORE = [
  'RestoreDBInstanceToPointInTime',
  'RestoreDBInstanceFromDBSnapshot',
  'RestoreDBClusterToPointInTime',
  'RestoreDBClusterFromSnapshot',
  'StartRestoreJob',
];

/** Present, or not: the two are never the same as empty. */
const PRESENT = [{ exists: true }];
const ABSENT = { exists: false };

/**
 * Jobs of AWS Backup that did not end as they should. Backup and copy jobs say `state`, restore jobs `status`; what completed
 * with issues is COMPLETED beside a message. What drills restore is left out: by the name of the copy, and by the role.
 */
export function jobsPattern(prefix: string, restoreRoles: () => string[]): EventPattern {
  const ofNoDrill = [{ 'anything-but': { wildcard: `*:${prefix}*` } }];
  const restored = {
    createdResourceArn: [...ofNoDrill, ABSENT],
    iamRoleArn: [{ 'anything-but': restoreRoles() }],
  };
  return {
    source: ['aws.backup'],
    'detail-type': JOBS,
    detail: {
      $or: [
        { state: ENDED_BADLY, resourceArn: ofNoDrill },
        { state: ['COMPLETED'], statusMessage: PRESENT, resourceArn: ofNoDrill },
        { status: ENDED_BADLY, ...restored },
        { status: ['COMPLETED'], statusMessage: PRESENT, ...restored },
      ],
    },
  };
}

/** Automated backups of an instance that is no copy of a drill are off. */
export function backupsDisabledPattern(prefix: string): EventPattern {
  return {
    source: ['aws.rds'],
    'detail-type': ['RDS DB Instance Event'],
    detail: { EventID: ['RDS-EVENT-0028'], SourceIdentifier: [{ 'anything-but': { prefix } }] },
  };
}

/**
 * Calls that share snapshots, that go after recovery points (also in vain), and that restore under no role of the site. They
 * reach EventBridge where a trail of CloudTrail records them.
 */
export function callsPattern(vaultName: string, restoreRoles: () => string[]): EventPattern {
  return {
    source: ['aws.rds', 'aws.backup'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      $or: [
        {
          eventName: SHARE,
          errorCode: [ABSENT],
          requestParameters: { attributeName: ['restore'], valuesToAdd: PRESENT },
        },
        { eventName: TAKE_AWAY, requestParameters: { backupVaultName: [vaultName] } },
        {
          eventName: RESTORE,
          userIdentity: { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': restoreRoles() }, ABSENT] } } },
        },
      ],
    },
  };
}
