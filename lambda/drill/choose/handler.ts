import { RDSClient } from '@aws-sdk/client-rds';
import type { DrillDefinition, DrillState, SourceFacts } from '../../../lib/private/contract/drill';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { NamedError } from '../../shared/named-error';
import { describeInstance } from '../../shared/rds';
import { Store } from '../../shared/store';
import { requireQuota } from './quota';
import { pointInTime } from './point-in-time';
import { snapshot } from './snapshot';

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

  const instance = await describeInstance(rds, resource.identifier);
  if (!instance)
    throw new NamedError(
      'NoRecoverySource',
      `instance ${resource.identifier} does not exist in this account and Region`,
    );
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
  const source =
    turn.kind === 'point-in-time'
      ? pointInTime(instance, drill.disasterAt)
      : await snapshot(rds, instance, drill.disasterAt);
  await requireQuota(rds, source.allocatedStorageGib);
  return source;
};
