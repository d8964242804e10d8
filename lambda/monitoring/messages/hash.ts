import { createHash } from 'node:crypto';

/** A short name for whatever these texts name together. */
export function hashOf(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 32);
}
