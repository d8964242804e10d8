import type { Tag } from '../service';

/** A cluster is known by what RDS says of it: nothing here restores one, so it holds no data. */
export interface Cluster {
  readonly identifier: string;
  /** `aurora-postgresql`, `postgres` for a Multi-AZ DB cluster, and so on. */
  readonly engine: string;
  readonly status: string;
  readonly resourceId?: string;
  readonly createdAt?: Date;
  /** Days; default 7. */
  readonly retentionDays?: number;
  readonly earliest?: Date;
  readonly latest?: Date;
  readonly kmsKeyId?: string;
  readonly tags?: readonly Tag[];
}

export interface ClusterSnapshot {
  readonly identifier: string;
  readonly cluster: Cluster;
  readonly tags: readonly Tag[];
  readonly type: 'manual' | 'automated';
  status: 'creating' | 'available' | 'failed';
  percentProgress: number;
  createdAt?: Date;
}
