import type { Duration } from 'aws-cdk-lib';
import { ValidationError } from './validation';

const DAY = 86_400;

/** Days: AWS Backup keeps nothing longer, and takes no longer limit of a lock. */
export const LONGEST_RETENTION = 36_500;

/** AWS Backup counts in whole days; a duration of hours would be cut or refused only at deployment. */
export function requireDays(value: Duration, what: string, least: number, most: number): number {
  if (value.isUnresolved()) {
    throw new ValidationError(`${what} must be known at synthesis, got a value known only at deployment`);
  }
  const days = value.toSeconds() / DAY;
  if (!Number.isInteger(days) || days < least || days > most) {
    throw new ValidationError(`${what} must be whole days, from ${least} to ${most}, got: ${value.toHumanString()}`);
  }
  return days;
}
