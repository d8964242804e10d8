import { Token } from 'aws-cdk-lib';
import { show, ValidationError } from '../validation';

/** The longest is a bucket's name. */
const PATTERN = /^[A-Za-z0-9.*-]{1,63}$/;

/** Identifiers that may be without a plan. One that would exclude everything would make the alarm say nothing for ever. */
export function requireExceptions(site: string, exclude: string[]): string[] {
  for (const each of exclude) {
    if (Token.isUnresolved(each)) continue;
    if (!PATTERN.test(each)) {
      throw new ValidationError(
        `exclude of alarmOnUnprotected of site ${site} takes identifiers of databases and names of buckets, 1 to 63 letters, digits, dots and hyphens, * for any text, got: ${show(each)}`,
      );
    }
    if (/^\*+$/.test(each)) {
      throw new ValidationError(
        `exclude of alarmOnUnprotected of site ${site} must not exclude everything, got: ${each}; leave alarmOnUnprotected out instead`,
      );
    }
  }
  return exclude;
}
