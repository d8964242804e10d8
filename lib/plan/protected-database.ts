import { Construct } from 'constructs';
import type { Drill } from '../drill/drill';
import type { ResourceInventory } from '../private/contract/inventory';
import type { Engine } from './engine';
import type { RecoveryPlan } from './recovery-plan';

/** What a protected database is made with; a plan knows it all. */
export interface ProtectedDatabaseProps {
  /** The plan. */
  readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`. */
  readonly resourceName: string;
  /** DBInstanceIdentifier, or DBClusterIdentifier. */
  readonly identifier: string;
  /**
   * The same where synthesis knows it.
   * @default - known at deployment alone
   */
  readonly knownIdentifier?: string;
  /** The database's engine. */
  readonly engine: Engine;
  /** Whether the database is of this app, not imported. */
  readonly owned: boolean;
}

/** A database under a plan. */
export abstract class ProtectedDatabase extends Construct {
  /** The plan. */
  public readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`: names it in evidence, metrics and messages. */
  public readonly resourceName: string;
  /** DBInstanceIdentifier, or DBClusterIdentifier. */
  public readonly identifier: string;
  /** The database's engine. */
  public readonly engine: Engine;
  /** Whether the database is of this app, not imported. */
  public readonly owned: boolean;

  constructor(scope: Construct, id: string, props: ProtectedDatabaseProps) {
    super(scope, id);
    this.plan = props.plan;
    this.resourceName = props.resourceName;
    this.identifier = props.identifier;
    this.engine = props.engine;
    this.owned = props.owned;
  }

  /**
   * What it is to RDS.
   * @internal
   */
  public abstract _kind(): ResourceInventory['kind'];

  /** @internal */
  public _drills(): readonly Drill[] {
    return [];
  }
}
