import type { Duration } from 'aws-cdk-lib';
import type { ProtectedInstance } from '../plan/protected-instance';
import type { SourceDefinition } from '../private/contract/drill';
import { SNAPSHOT_AGE } from '../private/sources';
import { ValidationError } from '../private/validation';

/** Where a drill restores from. */
export class RecoverySource {
  /** The moment before the declared disaster, by point-in-time recovery from automated backups. */
  public static pointInTime(): RecoverySource {
    return new RecoverySource('point-in-time');
  }

  /** The newest automated snapshot. Its data can be a day old, which counts against the RPO objective. */
  public static snapshot(): RecoverySource {
    return new RecoverySource('snapshot');
  }

  /**
   * The newest recovery point that AWS Backup took under the plan's backup tiers, restored by AWS Backup. Its data can be as old
   * as the most frequent tier's interval, which counts against the RPO objective.
   */
  public static recoveryPoint(): RecoverySource {
    return new RecoverySource('recovery-point');
  }

  private constructor(private readonly kind: SourceDefinition['kind']) {}

  /** @internal */
  public _kind(): SourceDefinition['kind'] {
    return this.kind;
  }

  /** @internal */
  public _render({ plan, resourceName }: ProtectedInstance): SourceDefinition {
    if (this.kind !== 'recovery-point') return { kind: this.kind };
    if (!plan.tieredBackup?._interval()) {
      throw new ValidationError(
        `${resourceName} has no recovery points: plan ${plan.planName} has no backup tiers, daily or longer; give it some, or leave RecoverySource.recoveryPoint() out`,
      );
    }
    return plan.tieredBackup._restorable(resourceName);
  }

  /**
   * What people call it, and how old its newest data may become while everything works; nothing for what follows production.
   * @internal
   */
  public _age({ plan }: ProtectedInstance): { name: string; oldest: Duration } | undefined {
    if (this.kind === 'snapshot') return { name: 'snapshot', oldest: SNAPSHOT_AGE };
    const oldest = this.kind === 'recovery-point' ? plan.tieredBackup?._interval() : undefined;
    return oldest && { name: 'recovery point', oldest };
  }
}
