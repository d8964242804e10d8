import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Drill, type DrillOptions } from '../drill/drill';
import { shortestInterval } from '../private/monitoring/intervals';
import { RecoverySource } from '../drill/recovery-source';
import type { ResourceDefinition } from '../private/contract/drill';
import type { ResourceInventory } from '../private/contract/inventory';
import { provenAlarm } from '../private/monitoring/alarms';
import { Kind, requireDrillable, requireSupported, type Support, warnNotProven } from '../private/databases/support';
import { requireName, ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';
import { ProtectedDatabase, type ProtectedDatabaseProps } from './protected-database';

/**
 * An instance under a plan. Add at least one drill: without one its recovery is never proven. Where drills cannot restore its
 * engine yet, it is backed up all the same, and a warning says that nothing proves it.
 */
export class ProtectedInstance extends ProtectedDatabase {
  /** No passed drill in its interval, or nobody measures any more; none where drills cannot restore the engine. */
  public readonly provenAlarm?: Alarm;

  private readonly drills: Drill[] = [];
  private readonly drillsElsewhere: Drill[] = [];
  private readonly knownIdentifier?: string;
  private readonly support: Support;

  constructor(scope: Construct, id: string, props: ProtectedDatabaseProps) {
    super(scope, id, props);
    this.knownIdentifier = props.knownIdentifier;
    this.support = requireSupported(this.resourceName, Kind.INSTANCE, this.engine.engineName);
    if (!this.support.drills) {
      warnNotProven(this, this.resourceName, this.support);
      return;
    }
    this.provenAlarm = provenAlarm(this, { site: this.plan.site, resourceName: this.resourceName });
    this.node.addValidation({
      validate: () =>
        this.drills.length > 0
          ? []
          : [
              `${this.resourceName} is protected but never drilled${this.drillsElsewhere.length > 0 ? ' in its own Region' : ''}, so its recovery is never proven: call addDrill on it`,
            ],
    });
  }

  /**
   * Restores the instance on a schedule into isolation, checks and measures the copy, and removes it. Sources in another site are
   * drilled there, on the same schedule, each time one of that site's: a lock, a rotation and evidence of its own.
   * @param id names the drill, unique for this instance
   * @returns the drill on the plan's own site, else on the first site that the sources name
   */
  public addDrill(id: string, options: DrillOptions): Drill {
    requireName(id, `id of a drill of ${this.resourceName}`);
    // The alarms' ids, in each site.
    if (id === 'Proven' || id === 'Recoverable' || this.node.tryFindChild(id)) {
      throw new ValidationError(`${this.resourceName} has something named ${id} already: name the drill differently`);
    }
    requireDrillable(this.resourceName, this.support);
    const bySite = this.bySite(options.sources ?? [RecoverySource.pointInTime()]);
    const drills = [...bySite].map(([site, sources]) =>
      site === this.plan.site
        ? this.addDrillAtHome(id, { ...options, sources })
        : this.addDrillElsewhere(site, id, { ...options, sources }),
    );
    return drills[0];
  }

  /**
   * That of the most frequent drill.
   * @internal
   */
  public override _provenSeconds(): number | undefined {
    return shortestInterval(this.drills);
  }

  /** @internal */
  public override _alarms(): Alarm[] {
    return [...super._alarms(), ...(this.provenAlarm ? [this.provenAlarm] : [])];
  }

  /** @internal */
  public override _kind(): ResourceInventory['kind'] {
    return 'db-instance';
  }

  /**
   * Those in other sites after those at home.
   * @internal
   */
  public override _drills(): readonly Drill[] {
    return [...this.drills, ...this.drillsElsewhere];
  }

  /**
   * For what is written into stacks that are deployed before the instance's.
   * @internal
   */
  public _knownIdentifier(): string {
    if (this.knownIdentifier !== undefined) return this.knownIdentifier;
    throw new ValidationError(
      `identifier of ${this.resourceName} is known at deployment alone, and a drill of its copies in another Region must know it: give identifier to protectInstance, or to a new instance an instanceIdentifier`,
    );
  }

  /** @internal */
  public _render(): ResourceDefinition {
    return {
      name: this.resourceName,
      identifier: this.identifier,
      engine: this.engine.engineName as ResourceDefinition['engine'],
      ownership: this.owned ? 'owned' : 'observed',
    };
  }

  private addDrillAtHome(id: string, options: DrillOptions): Drill {
    const drill = new Drill(this, id, { ...options, resource: this });
    this.drills.push(drill);
    return drill;
  }

  private addDrillElsewhere(site: RecoverySite, id: string, options: DrillOptions): Drill {
    const drill = this.plan._elsewhere(site).addDrill(this, id, options);
    this.drillsElsewhere.push(drill);
    return drill;
  }

  /** The plan's own site first. */
  private bySite(sources: RecoverySource[]): Map<RecoverySite, RecoverySource[]> {
    const home = this.plan.site;
    if (sources.some((source) => source._site() === home)) {
      throw new ValidationError(
        `copies are in another site than ${this.resourceName}, and site ${home.siteName} is its own: name the site that they are in, or say RecoverySource.recoveryPoint()`,
      );
    }
    const sites = new Set([home, ...sources.map((source) => source._site() ?? home)]);
    const all = [...sites].map(
      (site) => [site, sources.filter((source) => (source._site() ?? home) === site)] as const,
    );
    // Without any source the drill at home says so.
    return new Map(sources.length === 0 ? [[home, sources]] : all.filter(([, of]) => of.length > 0));
  }
}
