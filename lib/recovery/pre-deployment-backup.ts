import { CustomResource, Duration, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { ProtectedDatabase } from '../plan/protected-database';
import type { BackupProperties } from '../private/contract/backup';
import { requireDays } from '../private/days';
import { snapshotFrom } from '../private/permissions/snapshots';
import { requireText, show, ValidationError } from '../private/validation';

/** What a backup before a deployment is made with. */
export interface PreDeploymentBackupProps {
  /** What is backed up. */
  readonly resource: ProtectedDatabase;
  /**
   * Names the change, for example `2026-11-20-orders`: whenever it is another one, a snapshot is taken. 1 to 128 letters,
   * digits, spaces and `_ . : / = + - @`. Never reuse one: a version that is given again is taken for a rollback within a day.
   */
  readonly version: string;
  /** What is deployed only once the snapshot is available: the migration, and whatever it brings about. At least one. */
  readonly before: IConstruct[];
  /**
   * How long a snapshot is kept, in days: 1 to 3,650. The site's sweeper then removes it. For snapshots taken from now on.
   * @default Duration.days(90)
   */
  readonly retention?: Duration;
}

/**
 * A snapshot of a protected instance or cluster before a risky change in the same deployment: a manual RDS snapshot, which
 * begins at once. The first deployment takes one as well; of a database that the same deployment creates it is empty. Changes of
 * the database itself, an upgrade for example, are not waited for: the backup needs it, so it comes after them.
 *
 * A snapshot that fails, or is not available after 55 minutes, fails the deployment before the change. For larger databases
 * take it in the pipeline, before the deployment: `npx cdk-recoverable backup-now`. Removing this removes no snapshot.
 */
export class PreDeploymentBackup extends Construct {
  /** What is backed up. */
  public readonly resource: ProtectedDatabase;
  /** The backup; whatever depends on it is deployed after it. */
  public readonly customResource: CustomResource;

  constructor(scope: Construct, id: string, props: PreDeploymentBackupProps) {
    super(scope, id);
    const { resource } = props;
    const { site } = resource.plan;
    this.resource = resource;
    const retention = props.retention ?? Duration.days(90);
    const properties: BackupProperties = {
      Resource: resource.resourceName,
      Kind: resource._kind(),
      Identifier: resource.identifier,
      Backup: this.node.addr,
      Version: requireVersion(props.version, this),
      RetentionDays: String(requireDays(retention, `retention of backup ${this.node.path}`, 1, 3_650)),
    };
    this.requireOrder(props.before);

    const backups = site.deploymentBackups();
    backups._count(this);
    // The snapshot's half is the site's; the function's other roles and other backups know nothing of this database.
    const sources = new Policy(this, 'Sources', {
      roles: [backups.done.role],
      statements: [snapshotFrom(Stack.of(site), resource._kind(), resource.identifier)],
    });
    this.customResource = new CustomResource(this, 'Resource', {
      serviceToken: backups.provider.serviceToken,
      resourceType: 'Custom::PreDeploymentBackup',
      properties: { ...properties },
    });
    this.customResource.node.addDependency(sources);
    for (const change of props.before) change.node.addDependency(this.customResource);
  }

  /** CloudFormation would find a circle only when it is deployed. */
  private requireOrder(before: IConstruct[]): void {
    if (!Array.isArray(before) || before.length === 0) {
      throw new ValidationError(
        `before of backup ${this.node.path} must name at least one construct that comes after it`,
      );
    }
    const needed = [this, this.resource, this.resource.plan.site, ...sourceOf(this.resource.identifier)];
    for (const change of before) {
      const own = needed.find((one) => one.node.scopes.includes(change));
      if (own === undefined) continue;
      throw new ValidationError(
        `backup ${this.node.path} cannot come before ${change.node.path}, since it needs ${own.node.path}: name the migration itself`,
      );
    }
  }
}

/** The database, where it is of this app. */
function sourceOf(identifier: string): IConstruct[] {
  return Tokenization.reverseString(identifier)
    .tokens.filter((token) => Reference.isReference(token))
    .map((token) => token.target);
}

/** It is kept as a tag. */
function requireVersion(value: string, backup: Construct): string {
  const what = `version of backup ${backup.node.path}`;
  const version = requireText(value, what, 128);
  if (!/^[\p{L}\p{Zs}\p{N}_.:/=+\-@]*$/u.test(version)) {
    throw new ValidationError(`${what} must be letters, digits, spaces and _.:/=+-@ only, got: ${show(version)}`);
  }
  return version;
}
