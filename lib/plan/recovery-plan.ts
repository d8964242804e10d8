import { Annotations, Stack } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { aws_rds } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { BackupTiers } from '../backup/backup-tiers';
import type { ICopyDestination } from '../backup/copy-destination';
import { TieredBackup } from '../backup/tiered-backup';
import { DrillMonitor } from '../monitoring/drill-monitor';
import { requireAlerts } from '../private/alerts';
import type { ObjectivesDefinition } from '../private/contract/drill';
import type { SourceInventory } from '../private/contract/inventory';
import { arrangeWindows } from '../private/backup-window';
import { observedCluster, protectedCluster } from '../private/cluster-facts';
import { automatedBackupDays, type DatabaseFacts } from '../private/database-facts';
import { observedInstance, protectedInstance } from '../private/instance-facts';
import { placeOf, takeInventory } from '../private/inventory';
import { manageDatabase } from '../private/managed-database';
import { renderObjectives } from '../private/objectives';
import { PATIENCE } from '../private/patience';
import { PlanElsewhere } from '../private/elsewhere';
import { PlanCopies } from '../private/plan-copies';
import { publish } from '../private/permissions/topics';
import { unreachable } from '../private/reach';
import { topStack } from '../private/site-names';
import { SourcePolicies } from '../private/source-policies';
import { recoverySources } from '../private/sources';
import { Kind, type Support } from '../private/support';
import { UndrilledResources } from '../private/undrilled';
import { requireName, requireText, show, ValidationError } from '../private/validation';
import { RecoverySite } from '../site/recovery-site';
import type { Alerts } from './alerts';
import type { ObserveClusterOptions, ProtectClusterOptions } from './cluster-options';
import type { Engine } from './engine';
import type { Objectives } from './objectives';
import { ProtectedCluster } from './protected-cluster';
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
   * whose copies are full ones, the weekly tier; and for managed instances the automated backups that RDS replicates to the first
   * destination in another Region. Copies cost storage and transfer. At most five.
   * @default - nothing is copied
   */
  readonly copyTo?: ICopyDestination[];
}

/** How an instance is protected. */
export interface ProtectInstanceOptions {
  /**
   * The instance's engine; needed for an imported instance that does not say it.
   * @default - the engine that the instance says
   */
  readonly engine?: Engine;
  /**
   * The key that encrypts the instance, so that drills may use this key and no other.
   * @default - the instance's key if it is known, else any key of the account, through RDS only
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether the settings of an instance of this app are set so that it can be recovered, where its construct says nothing:
   * automated backups for 7 days that outlive the instance, tags copied to snapshots, deletion protection; under a plan with
   * backup tiers also a backup window away from theirs, if it states its maintenance window. A setting that says less is an
   * error, none is lowered. An imported instance is never changed.
   * @default true
   */
  readonly manage?: boolean;
  /**
   * DBInstanceIdentifier of the instance. Drills of its copies in another Region must know it at synthesis, since they are deployed
   * before the instance.
   * @default - what the instance's construct says
   */
  readonly identifier?: string;
}

/** How an instance that this app does not own is protected. */
export interface ObserveInstanceOptions {
  /** The instance's engine. */
  readonly engine: Engine;
  /**
   * The key that encrypts the instance, so that drills may use this key and no other.
   * @default - any key of the account, through RDS only
   */
  readonly encryptionKey?: IKey;
}

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
  /** Publishes how long ago each resource was proven. */
  public readonly monitor: DrillMonitor;

  private readonly sources: SourcePolicies;
  private readonly undrilled = new UndrilledResources(this);
  private readonly tiers: BackupTiers;
  private readonly copyTo?: ICopyDestination[];
  private readonly copies: PlanCopies;
  private readonly elsewhere = new Map<RecoverySite, PlanElsewhere>();
  private readonly backups: { instances?: TieredBackup; clusters?: TieredBackup } = {};

  constructor(scope: Construct, id: string, props: RecoveryPlanProps) {
    super(scope, id);
    this.planName = requireName(props.name ?? id, 'name of a recovery plan');
    this.owner = requireText(props.owner, `owner of plan ${this.planName}`, 200);
    requireAlerts(props.alerts, `plan ${this.planName}`);
    requireMeasurable(this, renderObjectives(props.objectives));
    this.alerts = props.alerts;
    this.objectives = props.objectives;
    this.site = props.site ?? sharedSite(this, props.alerts);
    requireSamePlace(this, this.site);

    new Policy(this, 'Announce', {
      roles: [this.site.functions.announce.role],
      statements: publish(props.alerts),
    });
    this.sources = new SourcePolicies(this, this.site);
    this.monitor = new DrillMonitor(this, 'Monitor', { site: this.site, planName: this.planName });
    this.tiers = props.backup ?? BackupTiers.none();
    this.copyTo = props.copyTo;
    const { site, planName, tiers, copyTo } = this;
    this.copies = new PlanCopies({ planName, site, tiers, copyTo });
    this.node.addValidation({ validate: () => [...this.requireUse(), ...this.copies.validate()] });
  }

  /** What AWS Backup takes of the plan's instances; nothing before the first one, and for `BackupTiers.none()`. */
  public get tieredBackup(): TieredBackup | undefined {
    return this.backups.instances;
  }

  /** What AWS Backup takes of the plan's clusters; nothing before the first one, and for `BackupTiers.none()`. */
  public get tieredClusterBackup(): TieredBackup | undefined {
    return this.backups.clusters;
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
    this.prepare(name, facts);
    return this.addInstance(id, facts);
  }

  /**
   * Protects an instance that exists already, by its identifier.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param identifier DBInstanceIdentifier, in the site's account and Region
   */
  public protectInstanceById(id: string, identifier: string, options: ObserveInstanceOptions): ProtectedInstance {
    const name = this.resourceName(id);
    const facts = observedInstance(name, identifier, this.site, options);
    this.prepare(name, facts);
    return this.addInstance(id, facts);
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
    this.prepare(name, facts);
    return this.addCluster(id, facts);
  }

  /**
   * Protects a cluster that exists already, by its identifier.
   * @param id names the resource in evidence and metrics, unique in the plan
   * @param identifier DBClusterIdentifier, in the site's account and Region
   */
  public protectClusterById(id: string, identifier: string, options: ObserveClusterOptions): ProtectedCluster {
    const name = this.resourceName(id);
    const facts = observedCluster(name, identifier, this.site, options);
    this.prepare(name, facts);
    return this.addCluster(id, facts);
  }

  /** @internal */
  public _copies(): PlanCopies {
    return this.copies;
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

  /** Refuses what the plan could not keep its word on, and sets what is managed. */
  private prepare(name: string, facts: DatabaseFacts): void {
    const { support, declared, managed: manage } = facts;
    this.copies.requireCopyable(name, facts);
    this.requireReachable(name, facts);
    requireContinuous(name, this.tiers, support, manage);
    if (manage) manageDatabase(name, declared, this.tiers._continuousDays());
    const start = this.tiers._startWindow();
    // AWS Backup starts backups of Aurora at any time.
    if (declared && start && support.kind !== Kind.AURORA) arrangeWindows(name, declared, start, manage);
  }

  private addInstance(id: string, facts: DatabaseFacts): ProtectedInstance {
    const resourceName = this.resourceName(id);
    const { identifier, knownIdentifier, support, owned, keyArns } = facts;
    const { engine } = support;
    this.site._registry().claim(resourceName);
    if (support.drills) this.sources.allow(identifier, keyArns);
    this.backUp('instances', 'Backup')?._protect(resourceName, identifier, keyArns);
    const names = { resourceName, identifier, knownIdentifier };
    const resource = new ProtectedInstance(this, id, { plan: this, ...names, engine, owned });
    this.copies.copy(resource, resourceName, facts);
    if (support.drills) this.monitor._watch(resource);
    else this.undrilled.list(resource);
    takeInventory(resource, facts.declared, () => this.sourcesOf(resourceName, facts));
    return resource;
  }

  private addCluster(id: string, facts: DatabaseFacts): ProtectedCluster {
    const resourceName = this.resourceName(id);
    const { identifier, support, owned, keyArns } = facts;
    const { engine } = support;
    this.site._registry().claim(resourceName);
    this.backUp('clusters', 'ClusterBackup')?._protect(resourceName, identifier, keyArns);
    const resource = new ProtectedCluster(this, id, { plan: this, resourceName, identifier, engine, owned });
    this.undrilled.list(resource);
    this.copies.copy(resource, resourceName, facts);
    takeInventory(resource, facts.declared, () => this.sourcesOf(resourceName, facts));
    return resource;
  }

  /** Where it is known already that an objective cannot be met, the error is at the line that asked for it. */
  private requireReachable(name: string, facts: DatabaseFacts): void {
    const { region } = placeOf(Stack.of(this.site));
    const [problem] = unreachable({ name, objectives: this.objectives, region, sources: this.sourcesOf(name, facts) });
    if (problem) throw new ValidationError(problem);
  }

  private sourcesOf(name: string, facts: DatabaseFacts): SourceInventory[] {
    const { declared, key } = facts;
    return recoverySources({
      ...placeOf(Stack.of(this.site)),
      retentionDays: automatedBackupDays(declared),
      key,
      tiers: this.tiers,
      copies: this.copies.sourcesOf(name, facts),
    });
  }

  /** Made with the first resource of its kind: AWS Backup takes no selection of nothing. */
  private backUp(kind: keyof RecoveryPlan['backups'], id: string): TieredBackup | undefined {
    if (this.tiers._isNone()) return undefined;
    const { site, planName, tiers, copyTo } = this;
    this.backups[kind] ??= new TieredBackup(this, id, { site, planName, tiers, copyTo, clusters: kind === 'clusters' });
    return this.backups[kind];
  }

  private requireUse(): string[] {
    if (this.tiers._isNone() || this.backups.instances || this.backups.clusters) return [];
    return [`plan ${this.planName} has backup tiers and protects nothing: protect a resource, or leave backup out`];
  }

  private resourceName(id: string): string {
    return `${this.planName}/${requireName(id, `id of what plan ${this.planName} protects`)}`;
  }
}

/** One site for all plans of a stack that name none; the first plan's topics hear of what concerns the whole site. */
function sharedSite(plan: Construct, alerts: Alerts): RecoverySite {
  const stack = topStack(plan);
  const existing = stack.node.tryFindChild('RecoverySite');
  if (existing === undefined) return new RecoverySite(stack, 'RecoverySite', { alerts });
  if (existing instanceof RecoverySite) return existing;
  throw new ValidationError(
    `stack ${stack.stackName} has something else under the id RecoverySite: give plan ${plan.node.id} its site`,
  );
}

/** AWS Backup changes the settings of what it takes continuously, which is for a plan that may. */
function requireContinuous(name: string, tiers: BackupTiers, { kind, continuous }: Support, manage: boolean): void {
  if (!tiers._isContinuous()) return;
  if (!continuous) {
    throw new ValidationError(
      `${name} is a ${kind}, which AWS Backup takes as snapshots only: protect it under a plan without continuous backups`,
    );
  }
  if (!manage) {
    throw new ValidationError(
      `${name} is not managed, and for continuous backups AWS Backup changes its retention and backup window: let it be managed, or protect it under a plan without continuous backups`,
    );
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

/** Roles, topics and databases of a drill live in one account and Region. */
function requireSamePlace(plan: RecoveryPlan, site: RecoverySite): void {
  const here = Stack.of(plan);
  const there = Stack.of(site);
  if (here.region !== there.region || here.account !== there.account) {
    throw new ValidationError(
      `plan ${plan.planName} is for ${place(here)} and its site ${site.siteName} for ${place(there)}: they must be in the same account and Region, given alike`,
    );
  }
}

function place({ account, region }: Stack): string {
  return `account ${show(account)}, Region ${show(region)}`;
}
