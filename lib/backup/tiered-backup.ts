import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { type BackupPlan, BackupVault, type CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { backupPlan, backupRole, backupSelection } from '../private/backup/parts';
import type { SourceDefinition } from '../private/contract/drill';
import { copyActions, type CopiedKind, isCopied, retentionOfCopy } from '../private/copies/copied-tiers';
import { type CopyTarget, copyTargets } from '../private/copies/copy-target';
import { rdsArn } from '../private/permissions/arns';
import {
  backedUp,
  backUp,
  type Backed,
  CLUSTERS,
  INSTANCES,
  manageContinuous,
  manageSnapshots,
  snapshotUnder,
  useVault,
} from '../private/permissions/backup';
import { copyTo } from '../private/permissions/copies';
import { ValidationError } from '../private/validation';
import { requireLockTakes } from '../private/vault-lock';
import type { RecoverySite } from '../site/recovery-site';
import type { BackupTiers } from './backup-tiers';
import type { ICopyDestination } from './copy-destination';

/** What the backups of a plan are made with. */
export interface TieredBackupProps {
  /** Where recovery points are kept. */
  readonly site: RecoverySite;
  /** The plan's name. */
  readonly planName: string;
  /** What is taken, and for how long it is kept. */
  readonly tiers: BackupTiers;
  /**
   * Whether clusters are taken, not instances: each has its own AWS Backup plan and role, since a copy of a cluster is full.
   * @default false
   */
  readonly clusters?: boolean;
  /**
   * Where copies go, at most five destinations: of instances all tiers, of clusters the weekly one.
   * @default - nothing is copied
   */
  readonly copyTo?: ICopyDestination[];
}

/** Databases in one statement: with the longest identifiers, as much as a managed policy holds. */
const TOGETHER = 16;

/** Databases with the longest identifiers whose statements fit the ten managed policies that a role may have. */
const ROOM = 150;

/** AWS Backup for exactly the instances, or the clusters, of one plan, in the vault of its site, under a role of its own. */
export class TieredBackup extends Construct {
  /** The backup plan: a rule for each tier. */
  public readonly backupPlan: BackupPlan;
  /** What AWS Backup may do: take, copy and expire snapshots of what the plan protects. */
  public readonly role: Role;
  /** Names each resource by its ARN. */
  public readonly selection: CfnBackupSelection;

  private readonly site: RecoverySite;
  private readonly resources = new Map<string, { readonly arn: string; readonly keyArns: string[] }>();
  private readonly arns: string[] = [];
  private readonly keys = new Set<string>();
  private readonly tiers: BackupTiers;
  private readonly planName: string;
  private statement?: PolicyStatement;
  private readonly kind: Backed;

  constructor(scope: Construct, id: string, props: TieredBackupProps) {
    super(scope, id);
    this.tiers = props.tiers;
    this.planName = props.planName;
    this.kind = props.clusters ? CLUSTERS : INSTANCES;
    this.site = props.site;
    const kind = props.clusters ? 'cluster' : 'instance';
    const targets = copyTargets(props.site, props.copyTo);
    requireLocksTake(props, kind, targets);
    const { vault } = props.site.vault();
    const destinations = targets.map((target, index) => ({
      target,
      vault: BackupVault.fromBackupVaultArn(this, `CopyTo${index + 1}`, target.vaultArn),
    }));
    for (const { orderAfter } of targets) orderAfter(Stack.of(this));
    const tiers = props.tiers._render();
    this.backupPlan = backupPlan(this, props.planName, tiers, vault, (tier) =>
      isCopied(kind, tier, tiers) ? copyActions(tier, destinations) : undefined,
    );
    this.role = backupRole(
      this,
      `Takes${targets.length > 0 ? ', copies' : ''} and expires the ${props.clusters ? 'cluster backups' : 'backups'} of recovery plan ${props.planName}`,
    );
    const stack = Stack.of(this);
    const statements = [...manageSnapshots(stack, this.kind), ...useVault(vault.backupVaultArn)];
    if (props.tiers._isContinuous()) statements.push(...manageContinuous(stack, this.kind));
    if (targets.length > 0) statements.push(...copyTo(stack, kind, targets));
    for (const statement of statements) this.role.addToPolicy(statement);
    this.selection = backupSelection(this, props.planName, this.backupPlan, this.role, this.arns);
  }

  /** @internal */
  public _protect(name: string, identifier: string, keyArns: string[]): void {
    if (this.tiers._isCold()) {
      throw new ValidationError(
        `backups of ${name} cannot move to cold storage: AWS Backup ignores it for RDS; leave moveToColdStorageAfter out`,
      );
    }
    const stack = Stack.of(this);
    const arn = rdsArn(stack, this.kind.resource, identifier);
    this.resources.set(name, { arn, keyArns });
    // One database under two names is taken once.
    if (this.arns.includes(arn)) return;
    this.arns.push(arn);
    this.allow(stack, identifier);
    for (const keyArn of keyArns.filter((each) => !this.keys.has(each))) {
      this.keys.add(keyArn);
      for (const statement of snapshotUnder(keyArn)) this.role.addToPolicy(statement);
    }
  }

  /** Statements of a few databases each, so that a role of many can be split into policies. */
  private allow(stack: Stack, identifier: string): void {
    if ((this.arns.length - 1) % TOGETHER === 0) {
      this.statement = backUp(stack, this.kind, this.tiers._isContinuous());
      this.role.addToPolicy(this.statement);
    }
    this.statement!.addResources(...backedUp(stack, this.kind, identifier));
    if (this.arns.length !== ROOM + 1) return;
    Annotations.of(this).addWarningV2(
      'cdk-recoverable:backupRolePolicies',
      `plan ${this.planName} backs up more than ${ROOM} resources, whose role may take more managed policies than IAM lets a role have unless its quota is raised: use two plans`,
    );
  }

  /**
   * Where a drill of a resource finds its recovery points; lets the site restore them.
   * @internal
   */
  public _restorable(name: string): SourceDefinition {
    const { arn, keyArns } = this.resources.get(name)!;
    this.site.recoveryPointRestore()._allowKeys(this, keyArns);
    return { kind: 'recovery-point', vault: this.site.vault().vaultName, resourceArn: arn };
  }

  /**
   * Longest time between two recovery points: that of the most frequent tier; nothing where all backups are continuous, which
   * are points in time of RDS itself.
   * @internal
   */
  public _interval(): Duration | undefined {
    const periodic = this.tiers._render().filter(({ continuous }) => !continuous);
    if (periodic.length === 0) return undefined;
    return Duration.days(Math.min(...periodic.map(({ interval }) => interval.toDays())));
  }
}

/** A lock that takes less than what is to be kept would fail every job, at home and where copies go. */
function requireLocksTake({ site, planName, tiers }: TieredBackupProps, kind: CopiedKind, targets: CopyTarget[]): void {
  const all = tiers._render();
  for (const tier of all) {
    const what = `${tier.name} backups of plan ${planName}`;
    requireLockTakes(site._vaultLock(), tier.retention, what, `site ${site.siteName}`);
    for (const target of isCopied(kind, tier, all) ? targets : []) {
      requireLockTakes(target.lock, retentionOfCopy(tier, target), `copies of ${what}`, target.name);
    }
  }
}
