import { DeleteDBInstanceCommand, type RDSClient } from '@aws-sdk/client-rds';
import { DeleteSecretCommand, DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NamedError, nameOf } from './named-error';
import { describeInstance } from './rds';
import { tagValue, TAGS } from './tags';

/** How to tell whose a thing is that carries no drill tag. */
export interface Untagged {
  /** The drill noted that it would make an instance of this name; it asked for it at this moment, RFC 3339. */
  readonly madeSince: string;
}

/**
 * Asks for the removal of a drill's instance, if it is there.
 * @param untagged also an instance without a drill tag, unless it is older: a restore job passes no tags.
 * @returns whether it still exists. Repeat until it does not: one that is being created or deleted takes no delete.
 * @throws NotOurs when what carries the name does not carry the drill's tag.
 */
export async function removeInstance(
  rds: RDSClient,
  identifier: string,
  drillId: string,
  untagged?: Untagged,
): Promise<boolean> {
  const instance = await describeInstance(rds, identifier);
  if (!instance) return false;
  const tag = tagValue(instance.TagList, TAGS.drill);
  const made = instance.InstanceCreateTime;
  const unclaimed = tag === undefined && untagged !== undefined && !(made && made < new Date(untagged.madeSince));
  if (!unclaimed) requireOurs(`instance ${identifier}`, tag, drillId);
  if (instance.DBInstanceStatus === 'deleting') return true;
  try {
    await rds.send(
      new DeleteDBInstanceCommand({
        DBInstanceIdentifier: identifier,
        SkipFinalSnapshot: true,
        DeleteAutomatedBackups: true,
      }),
    );
  } catch (error) {
    if (nameOf(error) === 'DBInstanceNotFoundFault') return false;
    if (nameOf(error) !== 'InvalidDBInstanceStateFault') throw error;
  }
  return true;
}

/** Removes a drill's secret at once, if it is there; true when it was, so that the next round confirms its absence. */
export async function removeSecret(secrets: SecretsManagerClient, name: string, drillId: string): Promise<boolean> {
  try {
    const secret = await secrets.send(new DescribeSecretCommand({ SecretId: name }));
    requireOurs(`secret ${name}`, tagValue(secret.Tags, TAGS.drill), drillId);
    await secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
    return true;
  } catch (error) {
    if (nameOf(error) === 'ResourceNotFoundException') return false;
    throw error;
  }
}

function requireOurs(what: string, tag: string | undefined, drillId: string): void {
  if (tag !== drillId)
    throw new NamedError('NotOurs', `${what} carries the drill tag ${tag ?? '(none)'}, not ${drillId}; left untouched`);
}
