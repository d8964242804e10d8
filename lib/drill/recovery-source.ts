import type { SourceDefinition } from '../private/contract/drill';

/** Where a drill restores from. */
export class RecoverySource {
  /** The moment before the declared disaster, by point-in-time recovery from automated backups. */
  public static pointInTime(): RecoverySource {
    return new RecoverySource({ kind: 'point-in-time' });
  }

  /** The newest automated snapshot. Its data can be a day old, which counts against the RPO objective. */
  public static snapshot(): RecoverySource {
    return new RecoverySource({ kind: 'snapshot' });
  }

  private constructor(private readonly definition: SourceDefinition) {}

  /** @internal */
  public _render(): SourceDefinition {
    return this.definition;
  }
}
