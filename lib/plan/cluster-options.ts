import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Engine } from './engine';

/** How a cluster is protected. */
export interface ProtectClusterOptions {
  /**
   * The cluster's engine; needed for an imported cluster that does not say it.
   * @default - the engine that the cluster says
   */
  readonly engine?: Engine;
  /**
   * The key that encrypts the cluster, so that AWS Backup may use this key and no other.
   * @default - the cluster's key if it is known, else any key of the account, through RDS and AWS Backup only
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the settings of a cluster of this app are set so that it can be recovered, where its construct says nothing:
   * automated backups for 7 days that outlive the cluster, tags copied to snapshots, deletion protection; for a Multi-AZ DB
   * cluster under a plan with backup tiers also a backup window away from theirs, if it states its maintenance window. A
   * setting that says less is an error, none is lowered. An imported cluster is never changed.
   * @default true
   */
  readonly manage?: boolean;
}

/** How a cluster that this app does not own is protected. */
export interface ObserveClusterOptions {
  /** The cluster's engine: one of Aurora, or that of a Multi-AZ DB cluster. */
  readonly engine: Engine;
  /**
   * The key that encrypts the cluster, so that AWS Backup may use this key and no other.
   * @default - any key of the account, through RDS and AWS Backup only
   */
  readonly encryptionKey?: IKey;
}
