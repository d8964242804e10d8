import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AccessFacts, DrillState } from '../../../lib/private/contract/drill';
import { now, secondsBetween } from '../../shared/clock';
import { patience } from '../../shared/environment';
import { NamedError, nameOf } from '../../shared/named-error';
import { describeInstance } from '../../shared/rds';
import { credentials } from './credentials';

const rds = new RDSClient();
const secrets = new SecretsManagerClient();

/**
 * Open access: a new random password for the copy's master login, kept in a secret of the drill's own. Repeated until RDS
 * shows the change as applied; that a login works is the verifier's to find out.
 */
export const handler = async ({ drill, restore, instance, access }: DrillState): Promise<AccessFacts> => {
  if (!restore || !instance?.masterUsername)
    throw new NamedError('InvalidInput', 'there is no restored instance to open');
  const startedAt = access?.startedAt ?? now();
  const { poll, access: limit } = patience();
  if (secondsBetween(startedAt, now()) > limit) {
    throw new NamedError(
      'AccessNotOpened',
      `RDS did not apply the new password of ${restore.instance} within ${limit} s`,
    );
  }
  if (!access?.requested) {
    const requested = await requestPassword(
      restore.instance,
      (await credentials(secrets, drill, instance.masterUsername)).password,
    );
    return { open: false, requested, waitSeconds: poll, startedAt };
  }
  const described = await describeInstance(rds, restore.instance);
  const pending = described?.PendingModifiedValues?.MasterUserPassword !== undefined;
  const open = described?.DBInstanceStatus === 'available' && !pending;
  return { open, requested: true, waitSeconds: open ? 0 : poll, startedAt, ...(open && { openedAt: now() }) };
};

/** @returns false while the instance is in a state that takes no change, which happens right after it becomes available. */
async function requestPassword(instance: string, password: string): Promise<boolean> {
  try {
    await rds.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: instance,
        MasterUserPassword: password,
        ApplyImmediately: true,
      }),
    );
    return true;
  } catch (error) {
    if (nameOf(error) === 'InvalidDBInstanceStateFault') return false;
    throw error;
  }
}
