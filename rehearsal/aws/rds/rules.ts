import { AwsError } from '../protocol/types';
import type { Tag } from '../service';

/** Checks a DB instance identifier and answers it as RDS stores it: in lower case. */
export function instanceIdentifier(text: string): string {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text) || text.length > 63) {
    throw invalid(
      `The parameter DBInstanceIdentifier is not a valid identifier: '${text}'. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
  return text.toLowerCase();
}

export function snapshotIdentifier(text: string): string {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text) || text.length > 255) {
    throw invalid(`The parameter DBSnapshotIdentifier is not a valid identifier: '${text}'.`);
  }
  return text.toLowerCase();
}

/** Shorter than an instance's. */
export function clusterSnapshotIdentifier(text: string): string {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text) || text.length > 63) {
    throw invalid(`The parameter DBClusterSnapshotIdentifier is not a valid identifier: '${text}'.`);
  }
  return text.toLowerCase();
}

/** PostgreSQL on RDS: 8 to 128 printable ASCII characters without slash, quote, at sign and space. */
export function masterPassword(text: string): void {
  if (text.length < 8 || text.length > 128) {
    throw invalid('The parameter MasterUserPassword is not a valid password: it must be 8 to 128 characters long.');
  }
  if (!/^[\x21-\x7e]+$/.test(text) || /["@/]/.test(text)) {
    throw invalid(
      `The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
    );
  }
}

export function instanceClass(text: string): string {
  if (!/^db\.[a-z][a-z0-9-]*\.[a-z0-9]+$/.test(text)) {
    throw invalid(`Invalid DB Instance class: ${text}`);
  }
  return text;
}

export function port(value: number | undefined): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= 1150 && value <= 65535)) {
    throw invalid(`Invalid port: ${value}. It must be 1150-65535.`);
  }
}

export function retention(days: number): number {
  if (!Number.isInteger(days) || days < 0 || days > 35) {
    throw invalid(`Invalid backup retention period: ${days}. It must be between 0 and 35.`);
  }
  return days;
}

export function tags(given: readonly Tag[]): Tag[] {
  const keys = new Set<string>();
  for (const { Key: key = '', Value: value = '' } of given) {
    if (
      key.length < 1 ||
      key.length > 128 ||
      value.length > 256 ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)
    ) {
      throw invalid(`Invalid tag '${key}': keys have 1-128 and values 0-256 letters, digits, spaces or _.:/=+-@`);
    }
    if (key.toLowerCase().startsWith('aws:') || key.toLowerCase().startsWith('rds:')) {
      throw invalid(`Invalid tag '${key}': tag keys must not begin with aws: or rds:`);
    }
    if (keys.has(key)) {
      throw invalid(`Duplicate tag key '${key}'.`);
    }
    keys.add(key);
  }
  if (given.length > 50) {
    throw invalid(`${given.length} tags are too many: a resource has at most 50.`);
  }
  return given.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}

/** One page of a list, as Marker and MaxRecords ask. */
export function page<T extends { readonly identifier: string }>(
  items: readonly T[],
  marker: string | undefined,
  maxRecords = 100,
): { readonly items: readonly T[]; readonly marker?: string } {
  if (!Number.isInteger(maxRecords) || maxRecords < 20 || maxRecords > 100) {
    throw invalid(`Invalid value ${maxRecords} for MaxRecords. Must be between 20 and 100`);
  }
  const sorted = [...items].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
  const after = marker === undefined ? '' : Buffer.from(marker, 'base64url').toString('utf8');
  if (marker !== undefined && !after.startsWith('after:')) {
    throw invalid(`Invalid marker '${marker}'.`);
  }
  const rest = sorted.filter((item) => item.identifier > after.slice('after:'.length));
  const shown = rest.slice(0, maxRecords);
  const more = rest.length > shown.length;
  return more
    ? { items: shown, marker: Buffer.from(`after:${shown.at(-1)!.identifier}`).toString('base64url') }
    : { items: shown };
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}

export function combination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', 400, message);
}
