import type { PhysicalBackup, RunningDatabase } from '../../database-engine';
import type { Tag } from '../service';
import type { SubnetGroup } from './registry';

/** One DB instance as RDS keeps it. Mutable: its status changes while nobody calls. */
export interface Instance {
  readonly identifier: string;
  readonly arn: string;
  readonly dbiResourceId: string;
  readonly createdAt: Date;
  readonly masterUsername: string;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly allocatedStorage: number;
  readonly storageType: string;
  readonly kmsKeyId?: string;
  readonly subnetGroup: SubnetGroup;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
  readonly zone?: string;
  readonly multiAz: boolean;
  readonly publiclyAccessible: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly iamAuthentication: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly logExports: readonly string[];
  readonly maxAllocatedStorage?: number;
  readonly deletionProtection: boolean;
  readonly backupRetentionPeriod: number;
  status: string;
  tags: Tag[];
  database?: RunningDatabase;
  /** While the engine still builds the copy, RDS refuses to delete it. */
  restoring: boolean;
  passwordPending: boolean;
  /** Completed automated backups, oldest first. */
  readonly backups: PhysicalBackup[];
  latestRestorableTime?: Date;
  /** Adopted from outside: its server is stopped by whoever started it. */
  readonly adopted: boolean;
}

export interface Snapshot {
  readonly identifier: string;
  readonly arn: string;
  readonly type: 'automated' | 'manual' | 'awsbackup';
  readonly createdAt: Date;
  /** Of the original: a copy's data is as old as that. */
  readonly originallyCreatedAt: Date;
  /** The instance as it was. */
  readonly of: Readonly<Omit<Instance, 'tags' | 'status' | 'database'>>;
  /** Of the instance when the snapshot was made; a restore without tags inherits them. */
  readonly instanceTags: readonly Tag[];
  tags: Tag[];
  status: 'creating' | 'available' | 'failed';
  percentProgress: number;
  backup?: PhysicalBackup;
}
