import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Drill, type DrillOptions } from '../drill/drill';
import { alarmGoesTo, alarmWaitsForData } from '../private/alerts';
import type { ResourceDefinition } from '../private/contract/drill';
import type { ResourceInventory } from '../private/contract/inventory';
import { METRICS } from '../private/metrics';
import { Kind, requireDrillable, requireSupported, type Support, warnNotProven } from '../private/support';
import { requireName } from '../private/validation';
import { ProtectedDatabase, type ProtectedDatabaseProps } from './protected-database';

/**
 * An instance under a plan. Add at least one drill: without one its recovery is never proven. Where drills cannot restore its
 * engine yet, it is backed up all the same, and a warning says that nothing proves it.
 */
export class ProtectedInstance extends ProtectedDatabase {
  /** No passed drill in its interval, or nobody measures any more; none where drills cannot restore the engine. */
  public readonly provenAlarm?: Alarm;

  private readonly drills: Drill[] = [];
  private readonly support: Support;

  constructor(scope: Construct, id: string, props: ProtectedDatabaseProps) {
    super(scope, id, props);
    this.support = requireSupported(this.resourceName, Kind.INSTANCE, this.engine.engineName);
    if (!this.support.drills) {
      warnNotProven(this, this.resourceName, this.support);
      return;
    }
    this.provenAlarm = this.watch();
    this.node.addValidation({
      validate: () =>
        this.drills.length > 0
          ? []
          : [
              `${this.resourceName} is protected but never drilled, so its recovery is never proven: call addDrill on it`,
            ],
    });
  }

  /**
   * Restores the instance on a schedule into isolation, checks and measures the copy, and removes it.
   * @param id names the drill, unique for this instance
   */
  public addDrill(id: string, options: DrillOptions): Drill {
    requireName(id, `id of a drill of ${this.resourceName}`);
    requireDrillable(this.resourceName, this.support);
    const drill = new Drill(this, id, { ...options, resource: this });
    this.drills.push(drill);
    return drill;
  }

  /**
   * Longest time between two passed drills: that of the most frequent drill.
   * @internal
   */
  public _intervalSeconds(): number {
    return Math.min(...this.drills.map((drill) => drill.schedule._provenSeconds()));
  }

  /** @internal */
  public override _kind(): ResourceInventory['kind'] {
    return 'db-instance';
  }

  /** @internal */
  public override _drills(): readonly Drill[] {
    return this.drills;
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

  private watch(): Alarm {
    const { site, alerts } = this.plan;
    const alarm = new Alarm(this, 'Proven', {
      alarmDescription: [
        `What happened: no restore drill of ${this.resourceName} has passed in its interval, or its age has not been measured for three hours.`,
        'What it means: nobody knows whether it can be recovered within its objectives.',
        `Next step: read the newest evidence under chain/${this.resourceName}/ in the evidence bucket of recovery site ${site.siteName}; if there is none, see whether the drill's schedule is enabled and the monitor function runs.`,
      ].join(' '),
      metric: new Metric({
        namespace: METRICS.namespace,
        metricName: METRICS.drillAgeRatio,
        dimensionsMap: { Site: site.siteName, Resource: this.resourceName },
        statistic: 'Maximum',
        period: Duration.hours(1),
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Measured once an hour: one missing measurement is no news, three are.
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarmGoesTo(alarm, alerts);
    alarmWaitsForData(alarm, Duration.hours(2));
    return alarm;
  }
}
