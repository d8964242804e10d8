import { StartRestoreJobCommand, type BackupClient } from '@aws-sdk/client-backup';
import type { DrillFacts, RestoreFacts, SourceFacts } from '../../../lib/private/contract/drill';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { leaveNote } from '../../shared/restore-note';
import type { Store } from '../../shared/store';
import { restoreSettings } from './settings';

/**
 * Asks AWS Backup for the restore. It cannot be stopped afterwards and its id is AWS's to give, so a note with its token is left
 * first: asked again with the same token, AWS Backup answers the job that it has.
 */
export async function startRestoreJob(
  backup: BackupClient,
  state: Store,
  drill: DrillFacts,
  source: SourceFacts,
): Promise<RestoreFacts> {
  const note = await leaveNote(state, drill, source.arn, now());
  const { RestoreJobId } = await backup.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: source.arn,
      ResourceType: 'RDS',
      IamRoleArn: required('RESTORE_ROLE'),
      IdempotencyToken: note.token,
      Metadata: restoreMetadata(drill, source, required('DRILL_SUBNET_GROUP'), required('DRILL_SECURITY_GROUP')),
      CopySourceTagsToRestoredResource: false,
    }),
  );
  return {
    // The first attempt's: repeating it must not make recovery look faster.
    startedAt: note.requestedAt,
    instance: drill.names.instance,
    ...(RestoreJobId && { job: RestoreJobId }),
  };
}

/**
 * The parameters of RestoreDBInstanceFromDBSnapshot as text, lists as JSON. Said one by one: what AWS Backup suggests is where
 * production runs. Neither tags nor a backup retention travel this way: the drill tags the copy, and its backups go with it.
 */
export function restoreMetadata(
  drill: DrillFacts,
  source: SourceFacts,
  subnetGroup: string,
  securityGroup: string,
): Record<string, string> {
  const settings = restoreSettings(drill, source, subnetGroup, securityGroup);
  return {
    DBInstanceIdentifier: drill.names.instance,
    // Where nobody knows it, RDS takes the one that the snapshot was taken of.
    ...(settings.DBInstanceClass && { DBInstanceClass: settings.DBInstanceClass }),
    Port: String(settings.Port),
    DBSubnetGroupName: settings.DBSubnetGroupName,
    VpcSecurityGroupIds: JSON.stringify(settings.VpcSecurityGroupIds),
    DBParameterGroupName: settings.DBParameterGroupName,
    OptionGroupName: settings.OptionGroupName,
    MultiAZ: String(settings.MultiAZ),
    NetworkType: settings.NetworkType,
    PubliclyAccessible: String(settings.PubliclyAccessible),
    AutoMinorVersionUpgrade: String(settings.AutoMinorVersionUpgrade),
    CopyTagsToSnapshot: String(settings.CopyTagsToSnapshot),
    DeletionProtection: String(settings.DeletionProtection),
    EnableIAMDatabaseAuthentication: String(settings.EnableIAMDatabaseAuthentication),
  };
}
