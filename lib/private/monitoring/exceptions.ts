import { Token } from 'aws-cdk-lib';
import { show, ValidationError } from '../validation';

/** The longest is a bucket's name. */
const PATTERN = /^[A-Za-z0-9.*-]{1,63}$/;

/** Identifiers that may be without a plan. One that would except everything would make the alarm say nothing for ever. */
export function requireExceptions(site: string, except: string[]): string[] {
  for (const each of except) {
    if (Token.isUnresolved(each)) continue;
    if (!PATTERN.test(each)) {
      throw new ValidationError(
        `except of alarmOnUnprotected of site ${site} takes identifiers of databases and names of buckets, 1 to 63 letters, digits, dots and hyphens, * for any text, got: ${show(each)}`,
      );
    }
    if (/^\*+$/.test(each)) {
      throw new ValidationError(
        `except of alarmOnUnprotected of site ${site} must not except everything, got: ${each}; leave alarmOnUnprotected out instead`,
      );
    }
  }
  return except;
}
