import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { BackupTiers } from '../../backup/backup-tiers';
import type { ICopyDestination } from '../../backup/copy-destination';
import type { RecoverySite } from '../../site/recovery-site';
import type { SourceInventory } from '../contract/inventory';
import { type CopiedKind, isCopied, retentionOfCopy } from './copied-tiers';
import { copySources, replicatedSource } from './copy-sources';
import { type CopyTarget, copyTargets } from './copy-target';
import type { DatabaseFacts } from '../databases/database-facts';
import { watchBackups } from '../permissions/monitoring';
import { findUnreplicated, replicate, replicationTarget } from './replicated-backups';
import { shareKey } from './shared-key';
import { Kind } from '../databases/support';
import { ValidationError } from '../validation';

export interface PlanCopiesParts {
  readonly planName: string;
  readonly site: RecoverySite;
  readonly tiers: BackupTiers;
  readonly copyTo?: ICopyDestination[];
}

/** Automated backups that an account can have replicated to one Region unless its quota is raised. */
const REPLICATED = 20;

/** Seconds. */
const DAY = 86_400;

/** Everything about copies that is not a rule of AWS Backup: replicated automated backups, and keys that other accounts use. */
export class PlanCopies {
  private readonly targets: readonly CopyTarget[];
  private replicated = 0;
  private replicas = 0;

  constructor(private readonly plan: PlanCopiesParts) {
    this.targets = copyTargets(plan.site, plan.copyTo);
  }

  /** What AWS Backup copies, and what not, is known by kind. */
  requireCopyable(name: string, { support }: DatabaseFacts): void {
    const { planName, tiers } = this.plan;
    if (this.targets.length === 0) return;
    if (!support.copies) {
      throw new ValidationError(
        `${name} is a ${support.kind}, which neither AWS Backup nor RDS copies: protect it under a plan without copyTo`,
      );
    }
    if (support.kind === Kind.INSTANCE || this.copiedTiers('cluster').length > 0) return;
    throw new ValidationError(
      `${name} is an ${support.kind}, of which the weekly tier is copied, since each copy is a full one, and ${tiers._isNone() ? `AWS Backup takes nothing under plan ${planName}` : `plan ${planName} has none`}: give it a weekly tier, or protect ${name} under a plan without copyTo`,
    );
  }

  /** @param scope where findings are shown */
  copy(scope: Construct, name: string, database: DatabaseFacts): void {
    const { declared, managed, key } = database;
    const identifier = database.knownIdentifier ?? database.identifier;
    const target = this.replicationOf(name, database);
    if (target && declared instanceof CfnDBInstance && managed) {
      this.replicated++;
      this.countReplicated(scope, target);
      replicate(declared, target, key !== 'none');
    } else if (target) {
      findUnreplicated(scope, name, identifier, Stack.of(this.plan.site).region, target);
    }
    if (this.plan.tiers._isNone()) return;
    for (const other of this.targets.filter(({ sameAccount }) => !sameAccount)) {
      shareKey({ scope, name, key, managed, target: other });
    }
  }

  /** Where buckets are replicated to, if nothing else is said: the first site in another Region. */
  replicaSite(): RecoverySite | undefined {
    const home = Stack.of(this.plan.site).region;
    return this.targets.find(({ site, region }) => site && region !== home)?.site;
  }

  /** That a bucket has a replica there, which is a copy too. */
  countReplica(): void {
    this.replicas++;
  }

  /** Lets the monitor look at what there is elsewhere, as far as the account is the same. */
  watch(scope: Construct): void {
    const { site } = this.plan;
    const regions = new Map<string, string[]>();
    for (const { sameAccount, region, vaultArn } of this.targets) {
      if (sameAccount) regions.set(region, [...(regions.get(region) ?? []), vaultArn]);
    }
    if (regions.size === 0) return;
    const statements = [...regions].flatMap(([region, vaultArns]) => watchBackups(Stack.of(site), region, vaultArns));
    new Policy(scope, 'WatchCopies', { roles: [site.functions.monitor.role], statements });
  }

  /** What the copies of a database can be recovered from. */
  sourcesOf(name: string, database: DatabaseFacts): SourceInventory[] {
    const kind = database.support.kind === Kind.INSTANCE ? 'instance' : 'cluster';
    const tiers = this.plan.tiers._render();
    const replicated = this.replicationOf(name, database);
    return [
      ...(replicated ? [replicatedSource(replicated, database)] : []),
      ...this.targets.flatMap((target) => copySources(target, kind, tiers)),
    ];
  }

  /** Longest time between two copies of an instance: that of the most frequent tier that is copied. */
  interval(): Duration {
    const seconds = this.copiedTiers('instance').map(({ interval }) => interval.toSeconds());
    return Duration.days(Math.min(...seconds) / DAY);
  }

  /** What a drill of copies needs there. */
  requireCopied(site: RecoverySite, drill: string, interval: Duration): void {
    const { planName } = this.plan;
    const from = `drill ${drill} restores from copies in site ${site.siteName}`;
    const target = this.targets.find((each) => each.site === site);
    if (!target)
      throw new ValidationError(`${from}, and plan ${planName} copies nothing there: name the site in copyTo`);
    const copied = this.copiedTiers('instance');
    if (copied.length === 0) {
      throw new ValidationError(
        `${from}, and AWS Backup takes nothing under plan ${planName} that it could copy: give it backup tiers`,
      );
    }
    const longest = Math.max(...copied.map((tier) => retentionOfCopy(tier, target).toDays()));
    const days = Math.ceil(interval.toSeconds() / DAY);
    if (longest >= days) return;
    throw new ValidationError(
      `${from}, where plan ${planName} keeps them for at most ${longest} days, and it runs only every ${days}: copies would come and go that no drill ever tried; keep copies for ${days} days or more, or drill more often`,
    );
  }

  /** A promise of copies that nothing keeps. */
  validate(): string[] {
    if (this.targets.length === 0 || !this.plan.tiers._isNone() || this.replicated + this.replicas > 0) return [];
    const names = this.targets.map(({ name }) => name).join(' and ');
    return [
      `plan ${this.plan.planName} copies to ${names}, and nothing that it protects can be copied: give it backup tiers, or protect a bucket, or a managed instance whose automated backups RDS can replicate there`,
    ];
  }

  private copiedTiers(kind: CopiedKind) {
    const all = this.plan.tiers._render();
    return all.filter((tier) => isCopied(kind, tier, all));
  }

  /** RDS replicates automated backups of instances, not of clusters. */
  private replicationOf(name: string, { declared, managed, support }: DatabaseFacts): CopyTarget | undefined {
    if (support.kind !== Kind.INSTANCE) return undefined;
    const instance = managed && declared instanceof CfnDBInstance ? declared : undefined;
    return replicationTarget(name, this.targets, Stack.of(this.plan.site).region, instance);
  }

  private countReplicated(scope: Construct, { region }: CopyTarget): void {
    const { site } = this.plan;
    if (site._registry().replicate(region) !== REPLICATED + 1) return;
    Annotations.of(scope).addWarningV2(
      'cdk-recoverable:manyReplicated',
      `site ${site.siteName} has the automated backups of more than ${REPLICATED} instances replicated to ${region}: see that the account's quota there is raised, or say replicateAutomatedBackups: false for some plans`,
    );
  }
}
