import { Duration } from 'aws-cdk-lib';
import type { Objectives } from '../plan/objectives';
import type { ObjectivesDefinition } from './contract/drill';
import { ValidationError } from './validation';

/** RDS ships transaction logs every five minutes; nothing restores newer data. */
const SHORTEST_RPO = Duration.minutes(5);
const SHORTEST_RTO = Duration.minutes(1);

export function renderObjectives({ rpo, rto }: Objectives): ObjectivesDefinition {
  return {
    rpoSeconds: requireObjective('rpo', rpo, SHORTEST_RPO, 'RDS keeps transaction logs every five minutes'),
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
