import type { WatchedResource } from '../../../lib/private/contract/monitoring';

/** What RDS knows. */
export type Kind = Exclude<WatchedResource['kind'], 'bucket'>;

/** What RDS says of an instance or a cluster. Times are RFC 3339; what RDS leaves out is absent. */
export interface DatabaseFacts {
  readonly kind: Kind;
  /** In lower case, as RDS keeps it. */
  readonly identifier: string;
  readonly resourceId?: string;
  readonly status: string;
  /** Days of automated backups, 0 for none. */
  readonly retentionDays: number;
  readonly latest?: string;
  /** Of clusters: how far back a moment can be restored. */
  readonly earliest?: string;
  readonly keyArn?: string;
  readonly tags: readonly { readonly Key?: string; readonly Value?: string }[];
  /** An instance of a cluster: the cluster has the backups. */
  readonly member: boolean;
}

/** By `databaseKey`; what is not in it could not be asked. */
export type Databases = ReadonlyMap<string, DatabaseFacts | 'gone'>;

export function databaseKey(kind: Kind, identifier: string): string {
  return `${kind} ${identifier.toLowerCase()}`;
}

export function timeOf(date: Date | undefined): string | undefined {
  return date?.toISOString();
}

/** The later of two moments. */
export function later(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}
