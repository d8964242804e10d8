import type { Construct } from 'constructs';
import type { ResourceInventory } from '../private/contract/inventory';
import { clusterKind, requireSupported, warnNotProven } from '../private/databases/support';
import { ProtectedDatabase, type ProtectedDatabaseProps } from './protected-database';

/**
 * A cluster under a plan: Aurora, provisioned or Serverless v2, or a Multi-AZ DB cluster. It is backed up. Drills cannot restore
 * clusters yet, so there is none to add, and no alarm that could tell how long ago its recovery was proven.
 */
export class ProtectedCluster extends ProtectedDatabase {
  constructor(scope: Construct, id: string, props: ProtectedDatabaseProps) {
    super(scope, id, props);
    const { engineName } = this.engine;
    warnNotProven(this, this.resourceName, requireSupported(this.resourceName, clusterKind(engineName), engineName));
  }

  /** @internal */
  public override _kind(): ResourceInventory['kind'] {
    return 'db-cluster';
  }
}
