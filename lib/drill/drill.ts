import { Annotations, Duration } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Objectives } from '../plan/objectives';
import type { ProtectedInstance } from '../plan/protected-instance';
import { objectivesElsewhere } from '../private/copies/copy-drill';
import type { DrillDefinition } from '../private/contract/drill';
import { renderDefinition } from '../private/drill-definition';
import { scheduleDrill } from '../private/drill-schedule';
import { ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';
import type { Check } from './check';
import { RecoverySource } from './recovery-source';
import type { DrillSchedule } from './schedule';
import type { WithoutCheck } from './standard-check';

/** How an instance is drilled. */
export interface DrillOptions {
  /** When. */
  readonly schedule: DrillSchedule;
  /**
   * Where to restore from: one source each time, in turn.
   * @default [RecoverySource.pointInTime()]
   */
  readonly sources?: RecoverySource[];
  /**
   * What to ask of the restored data beside the standard checks.
   * @default - the standard checks alone
   */
  readonly checks?: Check[];
  /**
   * Standard checks to leave out, each with its reason.
   * @default - none
   */
  readonly withoutChecks?: WithoutCheck[];
}

/** What a drill is made with; `addDrill` of a protected resource knows it all. */
export interface DrillProps extends DrillOptions {
  /** What is drilled. */
  readonly resource: ProtectedInstance;
  /**
   * Where the drill runs; all its sources are there.
   * @default - the site of the resource's plan
   */
  readonly site?: RecoverySite;
}

/** One scheduled restore with checks, measurements, evidence and teardown. Its schedule carries its definition. */
export class Drill extends Construct {
  /** `<plan>/<resource>/<drill>`. */
  public readonly drillName: string;
  /** When it runs, and how long its proof holds. */
  public readonly schedule: DrillSchedule;
  /** The schedule in the site's schedule group; start the state machine with `{"schedule": "<its name>"}` to drill now. */
  public readonly scheduleName: string;
  /** The schedule. */
  public readonly scheduleResource: CfnSchedule;

  private readonly resource: ProtectedInstance;
  private readonly sources: RecoverySource[];
  /** Whether it restores what is left when the Region is lost. */
  private readonly elsewhere: boolean;
  private readonly objectives: Objectives;

  constructor(scope: Construct, id: string, props: DrillProps) {
    super(scope, id);
    this.resource = props.resource;
    this.schedule = props.schedule;
    this.drillName = `${props.resource.resourceName}/${id}`;
    this.sources = props.sources ?? [RecoverySource.pointInTime()];
    const { plan } = props.resource;
    const site = props.site ?? plan.site;
    this.elsewhere = site !== plan.site;
    this.objectives = this.elsewhere ? objectivesElsewhere(plan.objectives) : plan.objectives;

    const { scheduleName, scheduleResource } = scheduleDrill(this, site, this.schedule, this.define(props, site));
    this.scheduleName = scheduleName;
    this.scheduleResource = scheduleResource;
  }

  /** @internal */
  public _inventory() {
    return {
      name: this.drillName,
      intervalSeconds: this.schedule.interval.toSeconds(),
      sources: this.sources.map((source) => source._kind()),
    };
  }

  private define(props: DrillProps, site: RecoverySite): DrillDefinition {
    const { plan } = this.resource;
    if (this.elsewhere) plan._copies().requireCopied(site, this.drillName, this.schedule.interval);
    this.requireSources(this.sources);
    return renderDefinition({
      drill: this.drillName,
      plan,
      resource: {
        ...this.resource._render(),
        identifier: this.elsewhere ? this.resource._knownIdentifier() : this.resource.identifier,
      },
      objectives: this.objectives,
      alerts: this.elsewhere ? site._alerts()! : plan.alerts,
      intervalSeconds: this.schedule._provenSeconds(),
      sources: this.sources.map((source) => source._render(this.resource)),
      checks: props.checks ?? [],
      withoutChecks: props.withoutChecks,
    });
  }

  /** Where it is known that the data of a source is older than the objective allows, a drill could only fail. */
  private requireSources(sources: RecoverySource[]): void {
    if (sources.length === 0) {
      throw new ValidationError(
        `sources of drill ${this.drillName} must not be empty: leave them out for point in time`,
      );
    }
    const { rpo } = this.objectives;
    const ages = sources.map((source) => source._age(this.resource));
    const old = ages.filter((age) => age !== undefined && rpo.toSeconds() < age.oldest.toSeconds());
    if (old.length === 0) return;
    const kinds = [...new Map(old.map((age) => [age!.name, age!])).values()];
    const said = kinds.map(({ name, oldest }) => `${name}s, which are up to ${oldest.toHumanString()} old`);
    const objective = this.elsewhere && this.resource.plan.objectives.regionLossRpo ? 'regionLossRpo' : 'rpo';
    const why = `objective ${objective} of ${rpo.toHumanString()} cannot be relied on from ${said.join(', nor ')}`;
    const longest = Duration.seconds(Math.max(...kinds.map(({ oldest }) => oldest.toSeconds()))).toHumanString();
    if (this.elsewhere) {
      throw new ValidationError(
        `${why}: promise a regionLossRpo of ${longest} or more, which drills in another Region are judged by, or leave RecoverySource.copyIn() out of drill ${this.drillName}`,
      );
    }
    if (old.length === sources.length) {
      throw new ValidationError(
        `${why}: add RecoverySource.pointInTime() to drill ${this.drillName}, or drill under a plan with an rpo of ${longest}`,
      );
    }
    const turns = kinds.map(({ name }) => `the ${name}'s turn`).join(' or ');
    Annotations.of(this).addWarningV2(
      'cdk-recoverable:snapshotOlderThanRpo',
      `${why}: drill ${this.drillName} is FAILED when it is ${turns}, unless it was just taken; drill it under a plan with an rpo of ${longest}`,
    );
  }
}
