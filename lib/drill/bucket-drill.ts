import { Annotations, Duration } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ProtectedBucket } from '../plan/protected-bucket';
import type { DrillDefinition } from '../private/contract/drill';
import { renderDefinition } from '../private/drill-definition';
import { scheduleDrill } from '../private/drill-schedule';
import { ValidationError } from '../private/validation';
import type { BucketSource } from './bucket-source';
import { Check } from './check';
import type { DrillSchedule } from './schedule';

/** How a bucket is drilled. */
export interface BucketDrillOptions {
  /** When. */
  readonly schedule: DrillSchedule;
  /** Where to restore from, and what: one source each time, in turn. */
  readonly sources: BucketSource[];
  /**
   * What to ask beside the standard checks: that every file could be restored and read, and where the bucket has a replica, that
   * this is complete (`Check.replica`). Only checks of files.
   * @default - the standard checks alone
   */
  readonly checks?: Check[];
}

/** What a drill of a bucket is made with; `addDrill` of a protected bucket knows it all. */
export interface BucketDrillProps extends BucketDrillOptions {
  /** What is drilled. */
  readonly resource: ProtectedBucket;
}

/** One scheduled restore of files into the site's scratch bucket, with checks, measurements, evidence and teardown. */
export class BucketDrill extends Construct {
  private readonly sources: readonly BucketSource[];

  /** `<plan>/<resource>/<drill>`. */
  public readonly drillName: string;
  /** When it runs, and how long its proof holds. */
  public readonly schedule: DrillSchedule;
  /** The schedule in the site's schedule group; start the state machine with `{"schedule": "<its name>"}` to drill now. */
  public readonly scheduleName: string;
  /** The schedule. */
  public readonly scheduleResource: CfnSchedule;

  constructor(scope: Construct, id: string, props: BucketDrillProps) {
    super(scope, id);
    const { resource } = props;
    const { site } = resource.plan;
    this.sources = props.sources;
    this.schedule = props.schedule;
    this.drillName = `${resource.resourceName}/${id}`;
    const { scheduleName, scheduleResource } = scheduleDrill(this, site, this.schedule, this.define(props));
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

  private define({ resource, sources, checks = [] }: BucketDrillProps): DrillDefinition {
    const { plan, resourceName: name, bucketName: identifier, owned } = resource;
    if (sources.length === 0) {
      throw new ValidationError(
        `sources of drill ${this.drillName} must not be empty: name BucketSource.replica(), BucketSource.versions() or BucketSource.backup()`,
      );
    }
    this.requireYoung(resource, sources);
    const declared = checks.map((check) => check._render());
    const other = declared.find(({ kind }) => kind !== 'replica');
    if (other) {
      throw new ValidationError(
        `check ${other.id} of drill ${this.drillName} asks a database, and a drill of a bucket restores none: declare it on a drill of the database`,
      );
    }
    const compared = declared.some((check) => check.kind === 'replica' && check.bucket.name === name);
    if (resource._isReplicaForeign()) {
      Annotations.of(this).addWarningV2(
        'cdk-recoverable:replicaNotDrilled',
        `drill ${this.drillName} of ${name} does not look at its replica, which is in another account: whether it is complete nobody checks`,
      );
    }
    const standard = resource._definition().replica && !compared ? [Check.replica(resource)] : [];
    return renderDefinition({
      drill: this.drillName,
      plan,
      resource: { name, identifier, engine: 's3', ownership: owned ? 'owned' : 'observed' },
      objectives: plan.objectives,
      alerts: plan.alerts,
      intervalSeconds: this.schedule._provenSeconds(),
      sources: sources.map((source) => source._render(resource)),
      checks: [...standard, ...checks],
    });
  }

  /** Where it is known that the data of a source is older than the objective allows, a drill could only fail. */
  private requireYoung(resource: ProtectedBucket, sources: readonly BucketSource[]): void {
    const { rpo } = resource.plan.objectives;
    const old = sources
      .map((source) => source._oldest(resource)?.toSeconds() ?? 0)
      .filter((seconds) => rpo.toSeconds() < seconds);
    if (old.length === 0) return;
    const oldest = Duration.seconds(Math.max(...old)).toHumanString();
    const why = `objective rpo of ${rpo.toHumanString()} cannot be relied on from recovery points, which are up to ${oldest} old`;
    if (old.length === sources.length) {
      throw new ValidationError(
        `${why}: give its plan continuous backups, add another source to drill ${this.drillName}, or drill under a plan with an rpo of ${oldest}`,
      );
    }
    Annotations.of(this).addWarningV2(
      'cdk-recoverable:recoveryPointOlderThanRpo',
      `${why}: drill ${this.drillName} is FAILED when it is the recovery point's turn, unless it was just taken; give its plan continuous backups, or drill it under a plan with an rpo of ${oldest}`,
    );
  }
}
