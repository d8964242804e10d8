import { Annotations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { aws_rds, aws_s3 } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { BackupTiers } from '../backup/backup-tiers';
import type { BucketBackup } from '../backup/bucket-backup';
import type { ICopyDestination } from '../backup/copy-destination';
import type { TieredBackup } from '../backup/tiered-backup';
import { FreshnessMonitor } from '../monitoring/freshness-monitor';
import { requireAlerts } from '../private/alerts';
import { observedCluster, protectedCluster } from '../private/databases/cluster-facts';
import type { ObjectivesDefinition } from '../private/contract/drill';
import type { DatabaseFacts } from '../private/databases/database-facts';
import { PlanBuckets } from '../private/buckets/plan-buckets';
import { PlanElsewhere } from '../private/copies/elsewhere';
import { observedInstance, protectedInstance } from '../private/databases/instance-facts';
import { cadence, requireMonitoring } from '../private/monitoring/allowances';
import { TaggedDatabases } from '../private/monitoring/tagged-databases';
import { renderObjectives } from '../private/objectives/objectives';
import { PATIENCE } from '../private/patience';
import { publish } from '../private/permissions/topics';
import type { PlanCopies } from '../private/copies/plan-copies';
import { requireSamePlace, sharedSite } from '../private/plan-site';
import { Protection } from '../private/protection';
import { watchSettings } from '../private/databases/settings';
import { SourcePolicies } from '../private/source-policies';
import { requireReachableTopics } from '../private/topic-access';
import { requireName, requireText, ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';
import type { Alerts } from './alerts';
import type { ProtectBucketOptions } from './bucket-options';
import type { ObserveClusterOptions, ProtectClusterOptions } from './cluster-options';
import type { ObserveInstanceOptions, ProtectInstanceOptions } from './instance-options';
import type { MonitoringOptions } from './monitoring-options';
import type { Objectives } from './objectives';
import { ProtectedBucket } from './protected-bucket';
import { ProtectedCluster } from './protected-cluster';
import type { ProtectedDatabase, ProtectedDatabaseProps } from './protected-database';
import { ProtectedInstance } from './protected-instance';

/** What a recovery plan is made with. */
export interface RecoveryPlanProps {
  /**
   * The machinery that drills the plan's resources, in the same account and Region; it may be in another stack.
   * @default - one site, shared by all plans of this stack that name none
   */
  readonly site?: RecoverySite;
  /**
   * Names the plan in evidence, metrics and messages, unique on its site. Changing it begins new chains of evidence.
   * @default - the construct's id
   */
  readonly name?: string;
  /** Who answers for recovery: a team or person, 1 to 200 characters. */
  readonly owner: string;
  /** Who is told. */
  readonly alerts: Alerts;
  /** What is promised about recovery. */
  readonly objectives: Objectives;
  /**
   * What AWS Backup takes of the plan's resources, beside what RDS keeps itself. Recovery points cost storage.
   * @default BackupTiers.none()
   */
  readonly backup?: BackupTiers;
  /**
   * Where copies go, each in another Region or account: what AWS Backup takes (`backup`), of instances all tiers and of clusters,
   * whose copies are full ones, the weekly tier, but for Sundays on which a longer tier takes its place; and for managed instances
   * the automated backups that RDS replicates to the first destination in another Region. Copies cost storage and transfer. At
   * most five.
   * @default - nothing is copied
   */
  readonly copyTo?: ICopyDestination[];
  /**
   * How what the plan protects is watched.
   * @default - what follows from objectives, tiers and schedules
   */
  readonly monitoring?: MonitoringOptions;
}

/** Ids of the constructs that a plan makes in itself, and on sites where its copies are drilled. */
const OWN_IDS =
  /^(Announce|Backup|BucketBackup|ClusterBackup|DrillsRead\d*|Monitor|RestoreKeys|Sources\d*|WatchBuckets\d*|WatchCopies)$/;

/** A policy on a site: what is promised about some databases, who owns that promise, who is told. Cheap; one per tier. */
export class RecoveryPlan extends Construct {
  /** The machinery that drills this plan's resources. */
  public readonly site: RecoverySite;
  /** The plan's name. */
  public readonly planName: string;
  /** Who answers for recovery. */
  public readonly owner: string;
  /** Who is told. */
  public readonly alerts: Alerts;
  /** What is promised. */
  public readonly objectives: Objectives;
  /** Measures how old the newest restorable state of each resource is, and how long ago it was proven. */
  public readonly monitor: FreshnessMonitor;

  private readonly sources: SourcePolicies;
  private readonly elsewhere = new Map<RecoverySite, PlanElsewhere>();
  private readonly protection: Protection;
  private readonly buckets: PlanBuckets;
  private readonly runbook?: string;

  constructor(scope: Construct, id: string, props: RecoveryPlanProps) {
    super(scope, id);
    this.planName = requireName(props.name ?? id, 'name of a recovery plan');
    this.owner = requireText(props.owner, `owner of plan ${this.planName}`, 200);
    requireAlerts(props.alerts, `plan ${this.planName}`);
    requireReachableTopics(this, props.alerts);
    requireMeasurable(this, renderObjectives(props.objectives));
    this.alerts = props.alerts;
    this.objectives = props.objectives;
    this.site = props.site ?? sharedSite(this, props.alerts);
    requireSamePlace(this, this.planName, this.site);

    const announce = new Policy(this, 'Announce', {
      roles: this.site.functions._tell(),
      statements: publish(props.alerts),
    });
    this.sources = new SourcePolicies(this, this.site);
    const { site, planName, owner, alerts, objectives } = this;
    const { backup: tiers = BackupTiers.none(), copyTo, monitoring: options = {} } = props;
    requireMonitoring(planName, options);
    const interval = cadence(objectives);
    this.monitor = new FreshnessMonitor(this, 'Monitor', { site, planName, owner, alerts, interval, options });
    this.protection = new Protection(this, { planName, site, objectives, tiers, copyTo, slack: options.slack });
    this.protection.copies.watch(this);
    this.buckets = new PlanBuckets(this, tiers, announce);
    this.runbook = options.runbook;
  }

  /** What AWS Backup takes of the plan's instances; nothing before the first one, and for `BackupTiers.none()`. */
  public get tieredBackup(): TieredBackup | undefined {
    return this.protection.instances;
  }

  /** What AWS Backup takes of the plan's clusters; nothing before the first one, and for `BackupTiers.none()`. */
  public get tieredClusterBackup(): TieredBackup | undefined {
    return this.protection.clusters;
  }

  /** What AWS Backup takes of the plan's buckets; nothing before the first one, and for `BackupTiers.none()`. */
  public get bucketBackup(): BucketBackup | undefined {
    return this.buckets.backup;
  }

  /**
   * Protects an instance of this app, or an imported one.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param instance the instance; one of this app is set so that it can be recovered, unless `manage` is false
   */
  public protectInstance(
    id: string,
    instance: IDatabaseInstance,
    options: ProtectInstanceOptions = {},
  ): ProtectedInstance {
    const name = this.resourceName(id);
    const facts = protectedInstance(name, instance, this.site, options);
    return this.protect(name, facts, (props) => new ProtectedInstance(this, id, props));
  }

  /**
   * Protects an instance that exists already, by its identifier.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param identifier DBInstanceIdentifier, in the site's account and Region
   */
  public protectInstanceById(id: string, identifier: string, options: ObserveInstanceOptions): ProtectedInstance {
    const name = this.resourceName(id);
    const facts = observedInstance(name, identifier, this.site, options);
    return this.protect(name, facts, (props) => new ProtectedInstance(this, id, props));
  }

  /**
   * Protects a cluster of this app, or an imported one: Aurora, or a Multi-AZ DB cluster. It is backed up; drills cannot restore
   * clusters yet.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param cluster a `DatabaseCluster`, or a `CfnDBCluster`; one of this app is set so that it can be recovered, unless `manage`
   * is false
   */
  public protectCluster(
    id: string,
    cluster: aws_rds.IDBClusterRef,
    options: ProtectClusterOptions = {},
  ): ProtectedCluster {
    const name = this.resourceName(id);
    const facts = protectedCluster(name, cluster, this.site, options);
    return this.protect(name, facts, (props) => new ProtectedCluster(this, id, props));
  }

  /**
   * Protects a cluster that exists already, by its identifier.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param identifier DBClusterIdentifier, in the site's account and Region
   */
  public protectClusterById(id: string, identifier: string, options: ObserveClusterOptions): ProtectedCluster {
    const name = this.resourceName(id);
    const facts = observedCluster(name, identifier, this.site, options);
    return this.protect(name, facts, (props) => new ProtectedCluster(this, id, props));
  }

  /**
   * Protects a bucket of this app, or an imported one: replicated under the key of another site, and backed up where the plan has
   * tiers.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param bucket a `Bucket`, or a `CfnBucket`; one of this app is set so that it can be recovered, unless `manage` is false
   */
  public protectBucket(id: string, bucket: aws_s3.IBucketRef, options: ProtectBucketOptions = {}): ProtectedBucket {
    const resourceName = this.resourceName(id);
    const resource = new ProtectedBucket(this, id, { plan: this, resourceName, bucket, options });
    this.site._registry().claim(resourceName);
    this.buckets.protect(resource, options);
    this.protection.buckets = true;
    const profile = () => this.protection.bucketProfile(resource._measuredReplica());
    this.monitor._watch({ ...resource._watched(), profile });
    this.protection.takeBucketInventory(resource);
    return resource;
  }

  /**
   * Watches every instance and cluster of the site's account and Region that bears a tag, those made tomorrow and by hand
   * included, and changes none of them: automated backups are held against the plan's objective. All of one tag share one alarm.
   * @param id names them in metrics and messages, unique in the plan
   * @param key the tag's key
   * @param value the tag's value
   * @returns the alarm of the worst of them
   */
  public watchTagged(id: string, key: string, value: string): Alarm {
    const name = this.resourceName(id);
    this.site._registry().claim(name);
    const tagged = new TaggedDatabases(this, id, { plan: this, name, key, value });
    this.monitor._watchTagged(tagged);
    return tagged.alarm;
  }

  /** @internal */
  public _runbook(): string | undefined {
    return this.runbook;
  }

  /** @internal */
  public _copies(): PlanCopies {
    return this.protection.copies;
  }

  /**
   * What the plan has on a site that its copies are drilled in.
   * @internal
   */
  public _elsewhere(site: RecoverySite): PlanElsewhere {
    const there = this.elsewhere.get(site) ?? new PlanElsewhere(site, this);
    this.elsewhere.set(site, there);
    return there;
  }

  private protect<T extends ProtectedDatabase>(
    resourceName: string,
    facts: DatabaseFacts,
    make: (props: ProtectedDatabaseProps) => T,
  ): T {
    const { identifier, knownIdentifier, support, owned, keyArns } = facts;
    const set = watchSettings(facts.declared);
    this.protection.prepare(resourceName, facts);
    this.site._registry().claim(resourceName);
    const { engine } = support;
    const resource = make({ plan: this, resourceName, identifier, knownIdentifier, engine, owned });
    this.protection.backUp(resource, facts);
    if (support.drills) this.sources.allow(identifier, keyArns);
    this.monitor._watch({
      ...{ resourceName, identifier, kind: resource._kind(), alarms: resource._alarms() },
      provenSeconds: () => resource._provenSeconds(),
      profile: () => this.protection.profileOf(resourceName, facts),
    });
    this.protection.takeInventory(resource, facts, set());
    return resource;
  }

  private resourceName(id: string): string {
    const { planName } = this;
    requireName(id, `id of what plan ${planName} protects`);
    // Also those of parts that the plan does not have yet: its first backup or copy would make an id fail that was good.
    if (OWN_IDS.test(id)) {
      throw new ValidationError(
        `plan ${planName} has a part of its own named ${id}: protect the resource by another id`,
      );
    }
    if (this.node.tryFindChild(id)) {
      throw new ValidationError(`plan ${planName} protects something by the id ${id} already: give each its own`);
    }
    return `${planName}/${id}`;
  }
}

/** A drill that waited for a restore as long as it may cannot tell whether a still longer objective holds. */
function requireMeasurable(plan: RecoveryPlan, { rtoSeconds }: ObjectivesDefinition): void {
  if (rtoSeconds <= PATIENCE.available) return;
  Annotations.of(plan).addWarningV2(
    'cdk-recoverable:rtoLongerThanPatience',
    `objective rto of plan ${plan.planName} is longer than the ${PATIENCE.available / 3_600} hours that a drill waits for a restore: a drill is FAILED after these, though the objective may still hold`,
  );
}
