import { BackupClient } from '@aws-sdk/client-backup';
import { RDSClient } from '@aws-sdk/client-rds';
import type { DrillState, InstanceFacts } from '../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../shared/clock';
import { patience } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import { describeInstance } from '../../shared/rds';
import { nextWait } from '../../shared/waits';
import { claim } from './claim';
import { createdBy } from './restore-job';

/** Ends from which no instance comes back by waiting. The SDK's own waiter misses half of them. */
const TERMINAL = new Set([
  'failed',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'restore-error',
  'storage-full',
]);

/** Nothing of ours deletes or stops a copy before Tear down. */
const INTERFERENCE = new Set(['deleting', 'delete-precheck', 'stopping', 'stopped', 'gone']);

const NOT_VISIBLE = 'not visible yet';

const backup = new BackupClient();
const rds = new RDSClient();

/** Is it ready? Terminal ends fail at once; waits learn from the last passed drill. */
export const handler = async ({ drill, source, restore, instance: before }: DrillState): Promise<InstanceFacts> => {
  if (!restore) throw new NamedError('InvalidInput', 'nothing was restored');
  const created = source?.kind === 'recovery-point' ? await createdBy(backup, restore.job) : undefined;
  const instance = await describeInstance(rds, restore.instance);
  if (created && instance) await claim(rds, drill, instance, created);
  const absent = before === undefined || before.status === NOT_VISIBLE ? NOT_VISIBLE : 'gone';
  const status = instance?.DBInstanceStatus ?? absent;
  if (status === 'insufficient-capacity') {
    throw new NamedError(
      'InsufficientDBInstanceCapacity',
      `AWS has no capacity for class ${instance?.DBInstanceClass}`,
    );
  }
  if (INTERFERENCE.has(status)) {
    throw new NamedError(
      'RestoreInterrupted',
      `somebody stopped or deleted the restored instance ${restore.instance}: it is ${status}`,
    );
  }
  if (TERMINAL.has(status)) {
    throw new NamedError('RestoreEndedBadly', `the restored instance ${restore.instance} ended in status ${status}`);
  }
  const time = now();
  if (created !== null && status === 'available' && instance?.Endpoint?.Address && instance.Endpoint.Port) {
    return {
      status,
      ready: true,
      waitSeconds: 0,
      availableAt: time,
      address: instance.Endpoint.Address,
      port: instance.Endpoint.Port,
      masterUsername: instance.MasterUsername,
    };
  }
  const elapsed = secondsBetween(restore.startedAt, time);
  const limit = Math.min(drill.rtoSeconds, patience().available);
  if (elapsed > limit) {
    const which = limit === drill.rtoSeconds ? 'the RTO objective' : 'the patience for a restore';
    throw new NamedError(
      'NotAvailableInTime',
      `after ${Math.round(elapsed)} s the restored instance is ${status}, not available; ${which} is ${limit} s`,
    );
  }
  return { status, ready: false, waitSeconds: nextWait(elapsed, limit, drill.lastRestoreSeconds) };
};
