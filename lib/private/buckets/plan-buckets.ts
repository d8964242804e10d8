import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';
import type { BackupTiers } from '../../backup/backup-tiers';
import { BucketBackup } from '../../backup/bucket-backup';
import type { ProtectBucketOptions } from '../../plan/bucket-options';
import type { ProtectedBucket } from '../../plan/protected-bucket';
import type { RecoveryPlan } from '../../plan/recovery-plan';
import { reaches } from '../copies/deploy-order';
import { ValidationError } from '../validation';
import { FilePolicies } from './file-policies';
import { manageEvents } from './managed-bucket';
import type { SourceKey } from './source-key';
import { WatchPolicies } from './watch-policies';

/** What a plan does beside replicating its buckets: backups, jobs for what is older, and what drills may read. */
export class PlanBuckets {
  public backup?: BucketBackup;

  private files?: FilePolicies;
  private watch?: WatchPolicies;
  private tellsOfJobs = false;

  constructor(
    private readonly plan: RecoveryPlan,
    private readonly tiers: BackupTiers,
    private readonly announce: Policy,
  ) {}

  protect(resource: ProtectedBucket, options: ProtectBucketOptions): void {
    this.requireProtection(resource);
    this.backUp(resource);
    this.letDrillsRead(resource);
    this.letMonitorAsk(resource);
    if (options.existingObjects ?? true) this.replicateExisting(resource);
  }

  private requireProtection(resource: ProtectedBucket): void {
    const { resourceName: name } = resource;
    this.requireMeasured(resource);
    if (resource.replicaBucketName !== undefined || !resource._facts().managed) return;
    if (this.tiers._isNone()) {
      throw new ValidationError(
        `${name} has nowhere to be replicated to and its plan no backup tiers, so nothing would protect it: name a site in another Region in copyTo of the plan, or in replicateTo`,
      );
    }
    Annotations.of(resource).addWarningV2(
      'cdk-recoverable:bucketNotReplicated',
      `${name} is backed up in its own Region alone, and lost with it: name a site in another Region in copyTo of its plan, or in replicateTo`,
    );
  }

  private requireMeasured(resource: ProtectedBucket): void {
    const { regionLossRpo } = this.plan.objectives;
    const { resourceName: name, replicaBucketName } = resource;
    if (!regionLossRpo) return;
    if (replicaBucketName === undefined) {
      throw new ValidationError(
        `objective regionLossRpo of ${regionLossRpo.toHumanString()} of ${name} cannot be met: nothing of it is kept in another Region; name a site there in copyTo of its plan or in replicateTo, give its replica if it has one, or promise less`,
      );
    }
    const lag = Duration.seconds(resource._lateSeconds()!);
    // How fast others replicate nobody says here.
    if (resource.replica && regionLossRpo.toSeconds() < lag.toSeconds()) {
      throw new ValidationError(
        `objective regionLossRpo of ${regionLossRpo.toHumanString()} of ${name} cannot be met: its replica may be ${lag.toHumanString()} behind, and with Replication Time Control 15 minutes; promise no less`,
      );
    }
    if (resource._measuredReplica()) return;
    Annotations.of(resource).addWarningV2(
      'cdk-recoverable:regionLossNotMeasured',
      `objective regionLossRpo of ${name} is not measured, since nobody can say how far its replica is behind: ${resource.replica ? 'S3 may measure that in the other account alone' : 'give the ruleId of its replication'}`,
    );
  }

  /** Made with the first bucket: AWS Backup takes no selection of nothing. */
  private backUp(resource: ProtectedBucket): void {
    if (this.tiers._isNone()) return;
    const { planName, site } = this.plan;
    const { managed, bucketArn, key } = resource._facts();
    this.backup ??= new BucketBackup(this.plan, 'BucketBackup', { site, planName, tiers: this.tiers });
    this.backup._protect(resource.resourceName, bucketArn, key);
    if (managed) manageEvents(resource._facts());
  }

  /** Here of both; in the site of the replica of that, and of the bucket where its name is known there. */
  private letDrillsRead(resource: ProtectedBucket): void {
    const { site } = this.plan;
    const { bucketArn, key } = resource._facts();
    const { region } = Stack.of(site);
    const definition = resource._definition().replica;
    site.scratchBucket();
    this.files ??= new FilePolicies(this.plan, site);
    const replicaKey: SourceKey = definition?.keyArn ? { kind: 'key', arn: definition.keyArn } : { kind: 'unknown' };
    const replica = definition && {
      bucketArn: resource.replicaBucketArn!,
      region: definition.region,
      key: replicaKey,
    };
    this.files.allow([{ bucketArn, region, key }, ...(replica ? [replica] : [])]);
  }

  private letMonitorAsk(resource: ProtectedBucket): void {
    this.watch ??= new WatchPolicies(this.plan, this.plan.site);
    this.watch.allow(resource._facts().bucketArn, resource._measuredReplica());
  }

  private replicateExisting(resource: ProtectedBucket): void {
    const { site } = this.plan;
    const { replicaBucketName: replica, replicationRuleId: ruleId } = resource;
    const { declared, bucketArn, managed } = resource._facts();
    if (!managed || !replica || !ruleId) return;
    const existing = site.existingObjects();
    if (!this.tellsOfJobs) {
      this.tellsOfJobs = true;
      this.announce.attachToRole(existing.existingFunction.role);
    }
    const schedule = existing._replicate({ resource, bucketArn, ruleId, replica });
    // A job that comes before the rule finds nothing to do and fails.
    const here = Stack.of(schedule);
    const there = Stack.of(declared!);
    if (here === there) schedule.node.addDependency(declared!, resource._replicationPolicy()!);
    else if (!reaches(there, here)) here.addDependency(there, `replicates what is in bucket ${name(resource)}`);
  }
}

function name({ bucketName, resourceName }: ProtectedBucket): string {
  return Token.isUnresolved(bucketName) ? resourceName : bucketName;
}
