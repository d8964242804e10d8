import type { WatchedResource, WatchedSource } from '../../../lib/private/contract/monitoring';

export type Kind = WatchedResource['kind'];

/** What RDS knows. */
export type DatabaseKind = Exclude<Kind, 'bucket'>;

/** What AWS says of a resource. Times are RFC 3339; what AWS leaves out is absent. */
export interface Facts {
  readonly kind: Kind;
  /** In lower case, as RDS and S3 keep it. */
  readonly identifier: string;
  readonly resourceId?: string;
  readonly status: string;
  /** Days of automated backups, 0 for none; of databases. */
  readonly retentionDays?: number;
  /** The newest moment that it can be restored to from what it keeps itself. */
  readonly latest?: string;
  /** Of clusters: how far back a moment can be restored. */
  readonly earliest?: string;
  readonly keyArn?: string;
  /** What keeps a kind of source from having anything to restore, whatever it has kept before. */
  readonly blocks?: Readonly<Partial<Record<WatchedSource['kind'], string>>>;
}

/** What RDS says of an instance or a cluster. */
export interface DatabaseFacts extends Facts {
  readonly kind: DatabaseKind;
  readonly retentionDays: number;
  readonly tags: readonly { readonly Key?: string; readonly Value?: string }[];
  /** An instance of a cluster: the cluster has the backups. */
  readonly member: boolean;
  /** A read replica that keeps no backups: what it replicates has them. */
  readonly replica: boolean;
}

/** By `resourceKey`; what is not in it could not be asked. */
export type Resources = ReadonlyMap<string, Facts | 'gone'>;

export function resourceKey(kind: Kind, identifier: string): string {
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
