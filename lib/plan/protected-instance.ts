import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Drill, type DrillOptions } from '../drill/drill';
import { alarmGoesTo, alarmWaitsForData } from '../private/alerts';
import type { ResourceDefinition } from '../private/contract/drill';
import { METRICS } from '../private/metrics';
import { requireName } from '../private/validation';
import type { Engine } from './engine';
import type { RecoveryPlan } from './recovery-plan';

/** What a protected instance is made with; a plan's `protectInstance` knows it all. */
export interface ProtectedInstanceProps {
  /** The plan. */
  readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`. */
  readonly resourceName: string;
  /** DBInstanceIdentifier. */
  readonly identifier: string;
  /** The instance's engine. */
  readonly engine: Engine;
  /** Whether the instance is of this app, not imported. */
  readonly owned: boolean;
}

/** An instance under a plan. Add at least one drill: without one its recovery is never proven. */
export class ProtectedInstance extends Construct {
  /** The plan. */
  public readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`: names it in evidence, metrics and messages. */
  public readonly resourceName: string;
  /** DBInstanceIdentifier of the instance. */
  public readonly identifier: string;
  /** The instance's engine. */
  public readonly engine: Engine;
  /** No passed drill in its interval, or nobody measures any more. */
  public readonly provenAlarm: Alarm;

  private readonly owned: boolean;
  private readonly drills: Drill[] = [];

  constructor(scope: Construct, id: string, props: ProtectedInstanceProps) {
    super(scope, id);
    this.plan = props.plan;
    this.resourceName = props.resourceName;
    this.identifier = props.identifier;
    this.engine = props.engine;
    this.owned = props.owned;
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
  public _drills(): readonly Drill[] {
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
