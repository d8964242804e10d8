import type { ResourceReport } from '../../../../lib/private/contract/monitoring';
import { reported, type Reported } from '../../reports';
import type { SiteView } from '../site-view';

/** An event of EventBridge. What is in `detail` is loosely typed: numbers come as text, and `{}` where there is nothing. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly region: string;
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an event does not tell by itself. */
export interface Asks {
  /** The database that a snapshot is of; undefined where there is no such snapshot any more. */
  readonly databaseOf: (snapshot: Snapshot) => Promise<Database | undefined>;
}

/** A database, or a bucket where an event may be of one. */
export interface Database {
  readonly kind: ResourceReport['kind'];
  readonly identifier: string;
}

export interface Snapshot {
  readonly kind: ResourceReport['kind'];
  readonly identifier: string;
}

export function isBusEvent(event: unknown): event is BusEvent {
  const { source, detail, 'detail-type': type } = event as Partial<BusEvent>;
  return typeof source === 'string' && typeof type === 'string' && typeof detail === 'object' && detail !== null;
}

/** Text that is there; AWS writes `{}` and numbers where it means nothing or text. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => text(one) ?? []);
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

const KINDS = { db: 'db-instance', cluster: 'db-cluster' } as const;
const SNAPSHOTS = { snapshot: 'db-instance', 'cluster-snapshot': 'db-cluster' } as const;

/** The database that an ARN names. */
export function databaseOf(arn: string | undefined): Database | undefined {
  const [, kind, identifier] = /^arn:[^:]+:rds:[^:]*:[^:]*:(db|cluster):(.+)$/.exec(arn ?? '') ?? [];
  return identifier ? { kind: KINDS[kind as keyof typeof KINDS], identifier } : undefined;
}

/** The database or bucket that an ARN names. */
export function resourceOf(arn: string | undefined): Database | undefined {
  const [, identifier] = /^arn:[^:]+:s3:::([^/]+)$/.exec(arn ?? '') ?? [];
  return identifier ? { kind: 'bucket', identifier } : databaseOf(arn);
}

/** The snapshot that an ARN names. */
export function snapshotOf(arn: string | undefined): Snapshot | undefined {
  const [, kind, identifier] = /^arn:[^:]+:rds:[^:]*:[^:]*:(snapshot|cluster-snapshot):(.+)$/.exec(arn ?? '') ?? [];
  return identifier ? { kind: SNAPSHOTS[kind as keyof typeof SNAPSHOTS], identifier } : undefined;
}

/** What is protected, or undefined for everything else. */
export function protectedAs({ reports, prefix }: SiteView, given: Database | undefined): Reported | undefined {
  // RDS keeps identifiers in lower case, and takes them in any.
  const identifier = given?.identifier.toLowerCase();
  if (!given || !identifier || identifier.startsWith(prefix)) return undefined;
  return reported(reports).find(
    ({ resource }) => resource.kind === given.kind && resource.identifier.toLowerCase() === identifier,
  );
}

/** What is protected, by the id that RDS never gives twice. */
export function protectedById({ reports }: SiteView, resourceId: string | undefined): Reported | undefined {
  return resourceId ? reported(reports).find(({ resource }) => resource.resourceId === resourceId) : undefined;
}
