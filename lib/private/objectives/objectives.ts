import { Duration } from 'aws-cdk-lib';
import type { Objectives } from '../../plan/objectives';
import type { ObjectivesDefinition } from '../contract/drill';
import { POINT_IN_TIME_LAG } from './sources';
import { ValidationError } from '../validation';

const SHORTEST_RTO = Duration.minutes(1);

const NOTHING_NEWER = 'RDS keeps transaction logs every five minutes';

export function renderObjectives({ rpo, rto, regionLossRpo }: Objectives): ObjectivesDefinition {
  if (regionLossRpo) requireObjective('regionLossRpo', regionLossRpo, POINT_IN_TIME_LAG, NOTHING_NEWER);
  return {
    rpoSeconds: requireObjective('rpo', rpo, POINT_IN_TIME_LAG, NOTHING_NEWER),
    rtoSeconds: requireObjective('rto', rto, SHORTEST_RTO, 'no restore is that fast'),
  };
}

function requireObjective(name: string, value: Duration, shortest: Duration, why: string): number {
  if (value.isUnresolved()) {
    throw new ValidationError(`objective ${name} must be known at synthesis, got a value known only at deployment`);
  }
  if (value.toSeconds() < shortest.toSeconds()) {
    throw new ValidationError(
      `objective ${name} of ${value.toHumanString()} cannot be met: ${why}; the least is ${shortest.toHumanString()}`,
    );
  }
  return value.toSeconds();
}
