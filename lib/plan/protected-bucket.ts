import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Policy, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { aws_s3 } from 'aws-cdk-lib/interfaces';
import { replicationFailedAlarm, replicationLateAlarm } from '../private/buckets/alarms';
import { BucketDrill, type BucketDrillOptions } from '../drill/bucket-drill';
import { type BucketFacts, bucketFacts } from '../private/buckets/bucket-facts';
import { manageVersions } from '../private/buckets/managed-bucket';
import { bucketSources } from '../private/buckets/inventory';
import { bucketArn } from '../private/buckets/names';
import { objectLock } from '../private/buckets/object-lock';
import { findShortfalls, givenReplica } from '../private/buckets/observed-bucket';
import { replicateBucket } from '../private/buckets/replication';
import { deployReplicaFirst, type ReplicaTarget, replicaTarget } from '../private/buckets/replica-target';
import type { BucketDefinition, ReplicaDefinition } from '../private/contract/files';
import type { SourceInventory } from '../private/contract/inventory';
import { LONGEST_RETENTION, requireDays } from '../private/days';
import { provenAlarm, recoverableAlarm } from '../private/monitoring/alarms';
import { shortestInterval } from '../private/monitoring/intervals';
import { lagSeconds, lateSeconds } from '../private/buckets/rule';
import type { FilesIn } from '../private/permissions/files';
import { requireName, ValidationError } from '../private/validation';
import type { ReplicaBucket } from '../replication/replica-bucket';
import type { ProtectBucketOptions } from './bucket-options';
import type { RecoveryPlan } from './recovery-plan';

/** What a protected bucket is made with; a plan knows it all. */
export interface ProtectedBucketProps {
  /** The plan. */
  readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`. */
  readonly resourceName: string;
  /** The bucket. */
  readonly bucket: aws_s3.IBucketRef;
  /**
   * How it is protected.
   * @default - as the plan says
   */
  readonly options?: ProtectBucketOptions;
}

/** As long as most accidents stay unnoticed; each version costs as much as an object. */
const OLD_VERSIONS = Duration.days(90);

/** A bucket under a plan: replicated to another site under that site's key, and backed up where the plan has tiers. */
export class ProtectedBucket extends Construct {
  /** The plan. */
  public readonly plan: RecoveryPlan;
  /** `<plan>/<resource>`: names it in evidence, metrics and messages. */
  public readonly resourceName: string;
  /** The bucket. */
  public readonly bucket: aws_s3.IBucketRef;
  /** The bucket's name. */
  public readonly bucketName: string;
  /** Whether the bucket is of this app, not imported. */
  public readonly owned: boolean;
  /** The replica, in the stack of its site; nothing where this library makes none. */
  public readonly replica?: ReplicaBucket;
  /** Name of the replica, whoever made it. */
  public readonly replicaBucketName?: string;
  /** ARN of the replica, whoever made it. */
  public readonly replicaBucketArn?: string;
  /** What S3 replicates under; nothing where this library replicates nothing. */
  public readonly replicationRole?: Role;
  /** Id of the rule in the bucket's replication configuration. */
  public readonly replicationRuleId?: string;

  /** The replica is behind, in the stack of its site; nothing where the bucket's name is not known there. */
  public readonly replicationLateAlarm?: Alarm;
  /** S3 failed to replicate objects. */
  public readonly replicationFailedAlarm?: Alarm;

  /** The newest state that could be restored is older than the plan allows, or nobody measures it any more. */
  public readonly recoverableAlarm: Alarm;
  /** No passed drill in its interval, or nobody measures any more; with the first drill. */
  public provenAlarm?: Alarm;

  private readonly drills: BucketDrill[] = [];
  private readonly facts: BucketFacts;
  private readonly policy?: Policy;
  private readonly replicaDefinition?: ReplicaDefinition;
  private readonly oldVersions?: Duration;

  constructor(scope: Construct, id: string, props: ProtectedBucketProps) {
    super(scope, id);
    const { plan, resourceName, bucket, options = {} } = props;
    this.plan = plan;
    this.resourceName = resourceName;
    this.bucket = bucket;
    this.facts = bucketFacts(resourceName, bucket, plan.site, options);
    this.bucketName = this.facts.bucketName;
    this.owned = this.facts.owned;
    findShortfalls(this, resourceName, plan.site, this.facts, options);
    const made = this.facts.managed ? this.replicate(id, options) : undefined;
    this.replica = made?.replica;
    this.replicationRole = made?.role;
    this.replicationRuleId = made?.ruleId ?? options.replica?.ruleId;
    this.policy = made?.policy;
    this.replicationLateAlarm = made?.lateAlarm;
    this.oldVersions = made?.oldVersions;
    this.replicaDefinition =
      made?.definition ?? (this.facts.managed ? undefined : givenReplica(resourceName, plan.site, options));
    this.replicaBucketName = this.replicaDefinition?.bucket;
    this.replicationFailedAlarm = this.watchFailures();
    this.recoverableAlarm = recoverableAlarm(this, { site: plan.site, resourceName }, plan.monitor.interval);
    this.replicaBucketArn = this.replicaBucketName && bucketArn(Stack.of(this), this.replicaBucketName);
  }

  /**
   * Restores files on a schedule into the site's scratch bucket, reads and measures them, compares the replica with the bucket, and
   * removes what was restored.
   * @param id names the drill, unique for this bucket
   */
  public addDrill(id: string, options: BucketDrillOptions): BucketDrill {
    requireName(id, `id of a drill of ${this.resourceName}`);
    if (id === 'Proven' || this.node.tryFindChild(id)) {
      throw new ValidationError(`${this.resourceName} has something named ${id} already: name the drill differently`);
    }
    const { plan, resourceName } = this;
    const drill = new BucketDrill(this, id, { ...options, resource: this });
    this.drills.push(drill);
    if (!this.provenAlarm) {
      this.provenAlarm = provenAlarm(this, { site: plan.site, resourceName });
      // The monitor's schedule, which knows the bucket already, runs before what rests on it.
      this.provenAlarm.node.addDependency(plan.monitor);
    }
    return drill;
  }

  /**
   * As checks and drills refer to it: with the replica that they can look at.
   * @internal
   */
  public _definition(): BucketDefinition {
    return {
      name: this.resourceName,
      bucket: this.bucketName,
      region: Stack.of(this.plan.site).region,
      ...(this.replicaDefinition && !this._isReplicaForeign() && { replica: this.replicaDefinition }),
    };
  }

  /**
   * Whether the replica is in another account, whose bucket and key let the replication role in and nobody else.
   * @internal
   */
  public _isReplicaForeign(): boolean {
    return this.replica !== undefined && this.replicaDefinition?.keyArn === undefined;
  }

  /**
   * How far the replica may be behind.
   * @internal
   */
  public _lateSeconds(): number | undefined {
    return this.replicaDefinition && lateSeconds(this.replicaDefinition);
  }

  /** Has a managed bucket versioned and replicated. */
  private replicate(id: string, options: ProtectBucketOptions) {
    const { plan, resourceName: name, facts } = this;
    const oldVersions = options.oldVersions ?? OLD_VERSIONS;
    requireDays(oldVersions, `oldVersions of ${name}`, 1, LONGEST_RETENTION);
    if (options.replica) {
      throw new ValidationError(
        `${name} is managed, and so replicated by this library: leave replica out, or say manage: false`,
      );
    }
    const site = options.replicateTo ?? plan._copies().replicaSite();
    manageVersions(name, facts, oldVersions);
    if (!site) return undefined;
    const target = replicaTarget(name, plan.site, site);
    const replication = replicateBucket(name, plan.site, facts, target, options);
    const replica = site._replicas().make({
      planName: plan.planName,
      id,
      bucketName: target.thereName,
      oldVersions,
      objectLock: objectLock(facts.declared),
      role: target.sameAccount ? undefined : replication.trusted,
      source: target.sameAccount ? this.sourceElsewhere() : undefined,
    });
    plan._copies().countReplica();
    deployReplicaFirst(target, Stack.of(this));
    const definition: ReplicaDefinition = {
      bucket: target.bucketName,
      region: target.region,
      ...(target.sameAccount && { keyArn: target.keyArn }),
      lagSeconds: lagSeconds(options.replicationTimeControl ?? true),
      deleteMarkers: options.replicateDeleteMarkers ?? false,
    };
    const lateAlarm = this.watchLag(replica, target, replication.ruleId, definition);
    return { ...replication, replica, definition, lateAlarm, oldVersions };
  }

  /** In the Region of the replica, where S3 measures it, and which is deployed before the bucket. */
  private watchLag(replica: ReplicaBucket, target: ReplicaTarget, ruleId: string, definition: ReplicaDefinition) {
    const { resourceName, facts } = this;
    if (facts.knownName === undefined) {
      Annotations.of(this).addWarningV2(
        'cdk-recoverable:replicationLagNotWatched',
        `name of ${resourceName} is known at deployment alone, and the alarm on the lag of its replica, which is deployed before it, must know it: give bucketName to protectBucket once the bucket is there`,
      );
      return undefined;
    }
    return replicationLateAlarm(replica, {
      site: target.site,
      resourceName,
      bucket: facts.knownName,
      replica: target.thereName,
      ruleId,
      lateSeconds: lateSeconds(definition),
    });
  }

  /** The bucket as a stack writes it that is deployed before it: by its name alone, and without its key. */
  private sourceElsewhere(): FilesIn | undefined {
    const { knownName, bucketArn, key } = this.facts;
    if (knownName === undefined) return undefined;
    const { region } = Stack.of(this.plan.site);
    return { bucketArn, region, key: { kind: key.kind === 's3' ? 's3' : 'unknown' } };
  }

  private watchFailures(): Alarm | undefined {
    const { plan, resourceName, bucketName, replicaBucketName: replica, replicationRuleId: ruleId } = this;
    if (replica === undefined || ruleId === undefined) return undefined;
    return replicationFailedAlarm(this, { site: plan.site, resourceName, bucket: bucketName, replica, ruleId });
  }

  /**
   * What the rule needs of its role.
   * @internal
   */
  public _replicationPolicy(): Policy | undefined {
    return this.policy;
  }

  /**
   * Longest time between two passed drills.
   * @internal
   */
  public _provenSeconds(): number | undefined {
    return shortestInterval(this.drills);
  }

  /**
   * The replica as far as the monitor can measure it: S3 does by the rule's id, in the account of the bucket.
   * @internal
   */
  public _measuredReplica(): ReplicaDefinition | undefined {
    return this.replicationRuleId === undefined || this._isReplicaForeign() ? undefined : this.replicaDefinition;
  }

  /**
   * As the monitor watches it.
   * @internal
   */
  public _watched() {
    const { resourceName, facts, replicationRuleId: ruleId } = this;
    const measured = this._measuredReplica();
    return {
      ...{ resourceName, kind: 'bucket' as const, identifier: this.bucketName },
      ...(facts.key.arn !== undefined && { keyArn: facts.key.arn }),
      ...(measured && { replica: { bucket: measured.bucket, ruleId: ruleId!, keyArn: measured.keyArn } }),
      alarms: [this.recoverableAlarm],
      provenSeconds: () => this._provenSeconds(),
    };
  }

  /**
   * Where it could be recovered from beside its backups.
   * @internal
   */
  public _sources(): SourceInventory[] {
    return bucketSources(this.plan.site, this.facts, this.replicaDefinition, this.oldVersions);
  }

  /** @internal */
  public _drills(): readonly BucketDrill[] {
    return this.drills;
  }

  /** @internal */
  public _facts(): BucketFacts {
    return this.facts;
  }
}
