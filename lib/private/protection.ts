import { ArnFormat, type Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BackupTiers } from '../backup/backup-tiers';
import type { ICopyDestination } from '../backup/copy-destination';
import { TieredBackup } from '../backup/tiered-backup';
import type { Objectives } from '../plan/objectives';
import type { ProtectedBucket } from '../plan/protected-bucket';
import type { ProtectedDatabase } from '../plan/protected-database';
import type { RecoverySite } from '../site/recovery-site';
import { arrangeWindows } from './databases/backup-window';
import type { SettingInventory, SourceInventory } from './contract/inventory';
import type { MonitorProfile } from './contract/monitoring';
import { automatedBackupDays, type DatabaseFacts } from './databases/database-facts';
import { judgeAtTheEnd, placeOf, takeInventory } from './objectives/inventory';
import { manageDatabase } from './databases/managed-database';
import { PlanCopies } from './copies/plan-copies';
import { type MeasuredReplica, watchedFiles, watchedSources } from './monitoring/allowances';
import { renderObjectives } from './objectives/objectives';
import { unreachable } from './objectives/reach';
import { bucketRecoverySources, recoverySources } from './objectives/sources';
import { Kind, type Support } from './databases/support';
import { ValidationError } from './validation';

export interface ProtectionParts {
  readonly planName: string;
  readonly site: RecoverySite;
  readonly objectives: Objectives;
  readonly tiers: BackupTiers;
  readonly copyTo?: ICopyDestination[];
  /** How late a backup may be. */
  readonly slack?: Duration;
}

/** What a plan does to what it protects before any drill: settings, backups, copies; and what these can reach. */
export class Protection {
  public readonly copies: PlanCopies;
  public instances?: TieredBackup;
  public clusters?: TieredBackup;
  /** Whether a bucket is backed up too. */
  public buckets = false;

  constructor(
    private readonly scope: Construct,
    private readonly plan: ProtectionParts,
  ) {
    this.copies = new PlanCopies(plan);
    scope.node.addValidation({ validate: () => [...this.requireUse(), ...this.copies.validate()] });
  }

  /** Refuses what the plan could not keep its word on, and sets what is managed. */
  prepare(name: string, facts: DatabaseFacts): void {
    const { support, declared, managed } = facts;
    const { tiers } = this.plan;
    this.copies.requireCopyable(name, facts);
    this.requireReachable(name, facts);
    requireContinuous(name, tiers, support, managed);
    if (managed) manageDatabase(name, declared, tiers._continuousDays());
    const start = tiers._startWindow();
    // AWS Backup starts backups of Aurora at any time.
    if (declared && start && support.kind !== Kind.AURORA) arrangeWindows(name, declared, start, managed);
  }

  /** Has it taken by AWS Backup and copied, as the plan says. */
  backUp(resource: ProtectedDatabase, facts: DatabaseFacts): void {
    const { resourceName: name } = resource;
    const { identifier, keyArns, support } = facts;
    const backup = support.kind === Kind.INSTANCE ? this.ofInstances() : this.ofClusters();
    backup?._protect(name, identifier, keyArns);
    this.copies.copy(resource, name, facts);
  }

  /** Says in the cloud assembly what it came to. */
  takeInventory(resource: ProtectedDatabase, facts: DatabaseFacts, sets: SettingInventory[]): void {
    const { resourceName: name, plan, identifier, owned } = resource;
    const inventoried = {
      ...{ construct: resource, plan, name, identifier, owned, declared: facts.declared, sets },
      kind: resource._kind(),
      engine: resource.engine.engineName,
      sources: () => this.sourcesOf(name, facts),
      drills: () => resource._drills().map((drill) => drill._inventory()),
    };
    judgeAtTheEnd(inventoried);
    takeInventory(inventoried);
  }

  /** The same of a bucket, whose objectives were judged when it was protected. */
  takeBucketInventory(resource: ProtectedBucket): void {
    const { resourceName: name, plan, bucketName: identifier, owned } = resource;
    takeInventory({
      ...{ construct: resource, plan, name, identifier, owned, declared: resource._facts().declared },
      ...{ kind: 'bucket', engine: 's3', sets: [] },
      sources: () => [...resource._sources(), ...this.bucketBackups()],
      drills: () => resource._drills().map((drill) => drill._inventory()),
    });
  }

  /** What the monitor holds it to. */
  profileOf(name: string, facts: DatabaseFacts): MonitorProfile {
    const { objectives, site, slack } = this.plan;
    const { rpoSeconds } = renderObjectives(objectives);
    const retentionDays = automatedBackupDays(facts.declared);
    return {
      rpoSeconds,
      ...(objectives.regionLossRpo && { regionLossRpoSeconds: objectives.regionLossRpo.toSeconds() }),
      ...(retentionDays !== undefined && { retentionDays }),
      sources: watchedSources(this.sourcesOf(name, facts), placeOf(Stack.of(site)).region, objectives, slack),
    };
  }

  /** The same of a bucket; without a replica whose lag is measured nothing can be said of the loss of its Region. */
  bucketProfile(replica: MeasuredReplica | undefined): MonitorProfile {
    const { objectives, site, slack } = this.plan;
    const { region } = placeOf(Stack.of(site));
    return {
      rpoSeconds: renderObjectives(objectives).rpoSeconds,
      ...(replica && objectives.regionLossRpo && { regionLossRpoSeconds: objectives.regionLossRpo.toSeconds() }),
      sources: [
        ...watchedFiles(replica, objectives),
        ...watchedSources(this.bucketBackups(), region, objectives, slack),
      ],
    };
  }

  /** Where it is known already that an objective cannot be met, the error is at the line that asked for it. */
  private requireReachable(name: string, facts: DatabaseFacts): void {
    const { objectives, site } = this.plan;
    const { region } = placeOf(Stack.of(site));
    const [problem] = unreachable({ name, objectives, region, sources: this.sourcesOf(name, facts) });
    if (problem) throw new ValidationError(problem);
  }

  private sourcesOf(name: string, facts: DatabaseFacts): SourceInventory[] {
    const { declared, key } = facts;
    return recoverySources({
      ...placeOf(Stack.of(this.plan.site)),
      retentionDays: automatedBackupDays(declared),
      key,
      tiers: this.plan.tiers,
      vaultArn: this.vaultArn(),
      copies: this.copies.sourcesOf(name, facts),
    });
  }

  private bucketBackups(): SourceInventory[] {
    const { site, tiers } = this.plan;
    return bucketRecoverySources({ ...placeOf(Stack.of(site)), tiers, vaultArn: this.vaultArn() });
  }

  /** By its name, so that whatever names it can be deployed before it. */
  private vaultArn(): string | undefined {
    const { site, tiers } = this.plan;
    if (tiers._isNone()) return undefined;
    return Stack.of(site).formatArn({
      service: 'backup',
      resource: 'backup-vault',
      resourceName: site.vault().vaultName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Made with the first resource of its kind: AWS Backup takes no selection of nothing. */
  private ofInstances(): TieredBackup | undefined {
    if (this.plan.tiers._isNone()) return undefined;
    return (this.instances ??= new TieredBackup(this.scope, 'Backup', this.plan));
  }

  /** Apart from instances, since not all of its tiers are copied. */
  private ofClusters(): TieredBackup | undefined {
    if (this.plan.tiers._isNone()) return undefined;
    return (this.clusters ??= new TieredBackup(this.scope, 'ClusterBackup', { ...this.plan, clusters: true }));
  }

  private requireUse(): string[] {
    const { planName, tiers } = this.plan;
    if (tiers._isNone() || this.instances || this.clusters || this.buckets) return [];
    return [`plan ${planName} has backup tiers and protects nothing: protect a resource, or leave backup out`];
  }
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
