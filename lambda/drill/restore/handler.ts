import { BackupClient } from '@aws-sdk/client-backup';
import {
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import type { DrillFacts, DrillState, RestoreFacts, SourceFacts } from '../../../lib/private/contract/drill';
import { now } from '../../shared/clock';
import { required } from '../../shared/environment';
import { NamedError, nameOf } from '../../shared/named-error';
import { describeInstance } from '../../shared/rds';
import { Store } from '../../shared/store';
import { tagValue, TAGS } from '../../shared/tags';
import { restoreFiles } from './files/round';
import { startRestoreJob } from './recovery-point';
import { restoreSettings } from './settings';

const backup = new BackupClient();
const rds = new RDSClient();
const state = new Store(required('STATE_BUCKET'));

/** Restore: tagged, prefixed, in the drill network, with no backups of its own; files in rounds, into the scratch bucket. */
export const handler = async ({ drill, source }: DrillState): Promise<RestoreFacts> => {
  if (!source) throw new NamedError('InvalidInput', 'no recovery source was chosen');
  if (source.files) return restoreFiles(state, backup, drill, source);
  if (source.kind === 'recovery-point') return startRestoreJob(backup, state, drill, source);
  const startedAt = now();
  try {
    await restore(drill, source);
  } catch (error) {
    if (nameOf(error) !== 'DBInstanceAlreadyExistsFault') throw error;
    await requireOurs(drill);
    // When it began is lost with the answer; the drill's own start is earlier, so the measured RTO is never flattered.
    return { startedAt: drill.startedAt, instance: drill.names.instance };
  }
  return { startedAt, instance: drill.names.instance };
};

async function restore(drill: DrillFacts, source: SourceFacts): Promise<void> {
  const settings = restoreSettings(drill, source, required('DRILL_SUBNET_GROUP'), required('DRILL_SECURITY_GROUP'));
  if (source.kind === 'snapshot') {
    await rds.send(
      new RestoreDBInstanceFromDBSnapshotCommand({
        ...settings,
        DBInstanceIdentifier: drill.names.instance,
        DBSnapshotIdentifier: source.identifier,
      }),
    );
    return;
  }
  await rds.send(
    new RestoreDBInstanceToPointInTimeCommand({
      ...settings,
      TargetDBInstanceIdentifier: drill.names.instance,
      SourceDBInstanceIdentifier: source.identifier,
      RestoreTime: new Date(source.restorePoint),
    }),
  );
}

/** Restores have no client token: an answer may have been lost. What carries this drill's tag is ours. */
async function requireOurs(drill: DrillFacts): Promise<void> {
  const existing = await describeInstance(rds, drill.names.instance);
  if (tagValue(existing?.TagList, TAGS.drill) !== drill.id) {
    throw new NamedError('NameTaken', `instance ${drill.names.instance} exists and was not made by drill ${drill.id}`);
  }
}
