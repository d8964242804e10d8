import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Drill } from '../drill/drill';
import type { ResourceInventory } from '../private/contract/inventory';
import type { Engine } from './engine';
import { recoverableAlarm } from '../private/monitoring/alarms';
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
  /** What can be restored is older than the plan allows, or nobody measures any more. */
  public readonly recoverableAlarm: Alarm;

  constructor(scope: Construct, id: string, props: ProtectedDatabaseProps) {
    super(scope, id);
    this.plan = props.plan;
    this.resourceName = props.resourceName;
    this.identifier = props.identifier;
    this.engine = props.engine;
    this.owned = props.owned;
    const { site, monitor } = this.plan;
    this.recoverableAlarm = recoverableAlarm(this, { site, resourceName: this.resourceName }, monitor.interval);
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

  /**
   * Longest time between two passed drills at home.
   * @internal
   */
  public _provenSeconds(): number | undefined {
    return undefined;
  }

  /**
   * What rests on the monitor.
   * @internal
   */
  public _alarms(): Alarm[] {
    return [this.recoverableAlarm];
  }
}
