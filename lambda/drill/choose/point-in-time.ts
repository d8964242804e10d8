import type { DBInstance } from '@aws-sdk/client-rds';
import type { SourceFacts } from '../../../lib/private/contract/drill';
import { wholeSecond } from '../../shared/clock';
import { NamedError } from '../../shared/named-error';
import { productionFacts } from './production';

/**
 * The moment before the declared disaster, or the newest that can be restored if that is older. RestoreTime must lie
 * before LatestRestorableTime, and both are whole seconds, hence the second less.
 */
export function pointInTime(instance: DBInstance, disasterAt: string): SourceFacts {
  const identifier = instance.DBInstanceIdentifier ?? '';
  const latest = instance.LatestRestorableTime;
  if (!latest) {
    throw new NamedError(
      'NoRecoverySource',
      `instance ${identifier} has no restorable time: automated backups are off (retention ${instance.BackupRetentionPeriod ?? 0} days) or none is finished yet`,
    );
  }
  const newest = wholeSecond(new Date(latest.getTime() - 1000).toISOString());
  const wanted = wholeSecond(disasterAt);
  const restorePoint = wanted < newest ? wanted : newest;
  const created = instance.InstanceCreateTime;
  if (created && restorePoint <= created.toISOString()) {
    throw new NamedError(
      'NoRecoverySource',
      `instance ${identifier} was created at ${created.toISOString()}: nothing from before the declared disaster at ${disasterAt} can be restored yet`,
    );
  }
  return {
    kind: 'point-in-time',
    identifier,
    arn: instance.DBInstanceArn ?? '',
    restorePoint,
    latestRestorableTime: latest.toISOString(),
    engineVersion: instance.EngineVersion ?? '',
    instanceClass: instance.DBInstanceClass ?? '',
    allocatedStorageGib: instance.AllocatedStorage ?? 0,
    production: productionFacts(instance),
  };
}
