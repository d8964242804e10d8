import { BackupClient } from '@aws-sdk/client-backup';
import { RDSClient, type DBInstance } from '@aws-sdk/client-rds';
import type { DrillDefinition, DrillState, ResourceDefinition, SourceFacts } from '../../../lib/private/contract/drill';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { NamedError } from '../../shared/named-error';
import { describeInstance } from '../../shared/rds';
import { Store } from '../../shared/store';
import { bucketBackup } from './bucket-backup';
import { files } from './files';
import { requireQuota } from './quota';
import { pointInTime } from './point-in-time';
import { recoveryPoint } from './recovery-point';
import { snapshot } from './snapshot';

const backup = new BackupClient();
const rds = new RDSClient();
const state = new Store(required('STATE_BUCKET'));

/** Choose recovery source: the one whose turn it is. If it cannot be restored from, the drill has failed. */
export const handler = async ({ drill }: DrillState): Promise<SourceFacts> => {
  if (drill.blockedBy) throw new NamedError('ResourceLocked', drill.blockedBy);
  const stored = await state.get<DrillDefinition>(drill.definition);
  if (!stored) throw new NamedError('InvalidDefinition', `${drill.definition} is gone from the state bucket`);
  const { resource, sources } = stored.value;

  const rotation = await state.get<{ drills: number }>(keys.rotation(drill.name));
  const turn = sources[(rotation?.value.drills ?? 0) % sources.length];

  if (turn.kind === 'replica' || turn.kind === 'versions') return files(turn, drill);
  if ('restoreBucket' in turn) return bucketBackup(backup, turn, drill);

  const instance = await describeInstance(rds, resource.identifier);
  const source =
    turn.kind === 'recovery-point'
      ? await recoveryPoint({ backup, rds }, turn, resource, instance, drill.disasterAt)
      : await fromInstance(turn.kind, instance, resource, drill.disasterAt);
  await requireQuota(rds, source.allocatedStorageGib);
  return source;
};

/** What RDS itself keeps goes by the instance that it is of. */
async function fromInstance(
  kind: 'point-in-time' | 'snapshot',
  instance: DBInstance | null,
  resource: ResourceDefinition,
  disasterAt: string,
): Promise<SourceFacts> {
  if (!instance) {
    throw new NamedError(
      'NoRecoverySource',
      `instance ${resource.identifier} does not exist in this account and Region`,
    );
  }
  requireDrillable(instance, resource);
  return kind === 'point-in-time' ? pointInTime(instance, disasterAt) : snapshot(rds, instance, disasterAt);
}

function requireDrillable(instance: DBInstance, resource: ResourceDefinition): void {
  if (instance.Engine !== resource.engine) {
    throw new NamedError(
      'NotDrillable',
      `instance ${resource.identifier} runs ${instance.Engine}, the plan says ${resource.engine}`,
    );
  }
  if (instance.DBClusterIdentifier) {
    throw new NamedError(
      'NotDrillable',
      `instance ${resource.identifier} is a member of cluster ${instance.DBClusterIdentifier}, which has the backups; protect a database instance of its own`,
    );
  }
}
