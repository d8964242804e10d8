import type { ResourceInventory } from './inventory';

/** Properties of the custom resource of a pre-deployment backup, as CloudFormation hands them over: all text. */
export interface BackupProperties {
  /** `<plan>/<resource>` */
  readonly Resource: string;
  readonly Kind: ResourceInventory['kind'];
  /** DBInstanceIdentifier or DBClusterIdentifier. */
  readonly Identifier: string;
  /** Tells the backups of one resource apart: the construct's own address. */
  readonly Backup: string;
  readonly Version: string;
  readonly RetentionDays: string;
}
