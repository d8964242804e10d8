import type { Duration } from 'aws-cdk-lib';
import type { ProtectedInstance } from '../plan/protected-instance';
import type { FilesSourceDefinition, SourceDefinition } from '../private/contract/drill';
import { SNAPSHOT_AGE } from '../private/objectives/sources';
import { copyDefinition } from '../private/copies/copy-drill';
import { ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';

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

  /**
   * The newest copy in another site that the plan copies to, restored there by AWS Backup, with nothing that the home Region would
   * have to answer. Its data can be as old as the most frequent tier's interval, which counts against the objective for the loss
   * of the Region, or where none is promised, against the RPO objective.
   */
  public static copyIn(destination: RecoverySite): RecoverySource {
    return new RecoverySource('recovery-point', destination);
  }

  private constructor(
    private readonly kind: Exclude<SourceDefinition['kind'], FilesSourceDefinition['kind']>,
    private readonly site?: RecoverySite,
  ) {}

  /**
   * Where it is drilled, if not on the plan's own site.
   * @internal
   */
  public _site(): RecoverySite | undefined {
    return this.site;
  }

  /** @internal */
  public _kind(): SourceDefinition['kind'] | 'copy' {
    return this.site ? 'copy' : this.kind;
  }

  /** @internal */
  public _render(resource: ProtectedInstance): SourceDefinition {
    if (this.site) return copyDefinition(this.site, resource);
    const { plan, resourceName } = resource;
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
    if (this.site) return { name: 'copied recovery point', oldest: plan._copies().interval() };
    const oldest = this.kind === 'recovery-point' ? plan.tieredBackup?._interval() : undefined;
    return oldest && { name: 'recovery point', oldest };
  }
}
