import { createHash } from 'node:crypto';
import type { BackupProperties } from '../../lib/private/contract/backup';
import type { Tag } from '../shared/tags';
import { tagValue, TAGS } from '../shared/tags';

/**
 * Names and tags of the snapshots that the site takes beside drills: before a deployment, or on demand. Pure, and the same for
 * functions and command. The name's prefix is the boundary, the tags say whose and until when.
 */
export const SNAPSHOT_TAGS = {
  ...TAGS,
  /** Why there is a snapshot: one of BACKUPS. Whatever lacks it is not the site's to remove. */
  backup: 'cdk-recoverable:backup',
  resource: 'cdk-recoverable:resource',
  /** Of a pre-deployment backup: which change of which resource it is for, and which one was before. */
  change: 'cdk-recoverable:change',
  previous: 'cdk-recoverable:previous-change',
  version: 'cdk-recoverable:version',
  /** Of a backup on demand. */
  reason: 'cdk-recoverable:reason',
} as const;

export const BACKUPS = { preDeployment: 'pre-deployment', onDemand: 'on-demand' } as const;

/** What every such snapshot is made with. */
interface Made {
  readonly site: string;
  readonly resource: string;
  /** RFC 3339; the sweeper removes it after this. */
  readonly expires: string;
}

export interface Change {
  /** `changeName` of what is about to be deployed. */
  readonly change: string;
  readonly previous?: string;
  readonly version: string;
}

/** What one version of one resource is known by: a physical resource id, and the beginning of its snapshot's name. */
export function changeName(
  prefix: string,
  { Kind, Backup, Identifier, Version }: Pick<BackupProperties, 'Kind' | 'Backup' | 'Identifier' | 'Version'>,
): string {
  return `${prefix}before-${naming(Kind, Identifier)}${hash([Backup, Identifier, Version].join('\n'), 12)}`;
}

/** The same for every delivery of one request, so that a repeated one finds what the first one made. */
export function snapshotName(change: string, requestId: string): string {
  return `${change}-${hash(requestId, 8)}`;
}

/** Two within a second would share a name but for the random end. */
export function onDemandName(
  prefix: string,
  database: { readonly kind: BackupProperties['Kind']; readonly identifier: string },
  time: string,
  random: string,
): string {
  return `${prefix}now-${naming(database.kind, database.identifier)}${time.slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${random}`;
}

/** A cluster snapshot's name has 63 characters at most, against 255: none is left for the cluster's, which RDS shows beside it. */
function naming(kind: BackupProperties['Kind'], identifier: string): string {
  return kind === 'db-cluster' ? '' : `${identifier}-`;
}

export function preDeploymentTags(made: Made, { change, previous, version }: Change): Tag[] {
  return [
    ...common(made, BACKUPS.preDeployment),
    { Key: SNAPSHOT_TAGS.change, Value: change },
    ...(previous === undefined ? [] : [{ Key: SNAPSHOT_TAGS.previous, Value: previous }]),
    { Key: SNAPSHOT_TAGS.version, Value: version },
  ];
}

export function onDemandTags(made: Made, reason: string): Tag[] {
  return [...common(made, BACKUPS.onDemand), { Key: SNAPSHOT_TAGS.reason, Value: reason }];
}

/** When a snapshot that is the site's own may be removed; undefined for anything else, which is left alone. */
export function expiryOf(tags: readonly Partial<Tag>[] | undefined, site: string): string | undefined {
  const kind = tagValue(tags, SNAPSHOT_TAGS.backup);
  const expires = tagValue(tags, SNAPSHOT_TAGS.expires);
  const known = Object.values<string | undefined>(BACKUPS).includes(kind);
  if (!known || tagValue(tags, SNAPSHOT_TAGS.site) !== site) return undefined;
  return expires !== undefined && isMoment(expires) ? expires : undefined;
}

/** RFC 3339, or a date alone. Whoever wants to keep a snapshot may write anything, and Date.parse finds a year in "legal hold 7". */
function isMoment(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}

/** What AWS takes as a tag's value; a reason in other characters is refused rather than changed. */
export function isTagValue(text: string): boolean {
  return text.length <= 256 && /^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u.test(text);
}

function common({ site, resource, expires }: Made, backup: string): Tag[] {
  return [
    { Key: SNAPSHOT_TAGS.site, Value: site },
    { Key: SNAPSHOT_TAGS.backup, Value: backup },
    { Key: SNAPSHOT_TAGS.resource, Value: resource },
    { Key: SNAPSHOT_TAGS.expires, Value: expires },
  ];
}

function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
