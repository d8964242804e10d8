import { randomUUID } from 'node:crypto';
import type { Snapshot } from '../rds/model';
import type { BackupOptions, CopyAction, CopyDestination, CopyJob, RecoveryPoint, Vault } from './model';
import type { ServiceRole } from '../service-roles';
import { inTheNameOf, trusting } from './roles';

/** What goes from the AWS Backup of one Region to that of another. */
export interface Copying {
  readonly point: RecoveryPoint;
  readonly original: Snapshot;
  /** In whose name. */
  readonly role: ServiceRole;
  readonly deleteAfterDays?: number;
}

/** Copy jobs: what a rule says is copied once its backup job is complete, with the rights of the role that took the backup. */
export class CopyJobs {
  readonly all: CopyJob[] = [];

  constructor(
    private readonly options: BackupOptions,
    private readonly here: CopyDestination,
    private readonly clock: () => Date,
  ) {}

  /** Runs one to its end, whichever that is. */
  run(point: RecoveryPoint, { DestinationBackupVaultArn: vaultArn, Lifecycle }: CopyAction, rule?: string): void {
    const deleteAfterDays = Lifecycle?.DeleteAfterDays ?? point.deleteAfterDays;
    const job: CopyJob = {
      id: randomUUID().toUpperCase(),
      from: point.arn,
      fromVaultArn: point.vaultArn,
      resourceArn: point.resourceArn,
      roleArn: point.roleArn,
      vaultArn,
      deleteAfterDays,
      rule,
      createdAt: this.clock(),
      state: 'RUNNING',
    };
    this.all.push(job);
    try {
      const role = trusting(this.options, point.roleArn);
      const allow = inTheNameOf(this.options, role);
      allow({
        action: 'backup:CopyFromBackupVault',
        resource: point.arn,
        context: { 'backup:CopyTargets': [vaultArn] },
      });
      const original = this.options.rds.original(point.arn, allow);
      job.made = this.destination(vaultArn).receive(vaultArn, { point, original, role, deleteAfterDays }).arn;
      job.state = 'COMPLETED';
    } catch (error) {
      job.state = 'FAILED';
      job.message = (error as Error).message;
    }
    job.completedAt = this.clock();
  }

  private destination(vaultArn: string): CopyDestination {
    const all = [this.here, ...(this.options.elsewhere ?? [])];
    const found = all.find((one) => one.vaults.some(({ arn }) => arn === vaultArn));
    if (!found) throw new Error(`Backup vault ${vaultArn} cannot be found.`);
    return found;
  }
}

/**
 * The Region that a copy comes into asks the same role again, by its own policies and keys. The copy keeps whose it is and when
 * its original was made; it is under the key of the vault, and expires when the copy action says.
 */
export function receiveCopy(options: BackupOptions, vault: Vault, copying: Copying, now: Date): RecoveryPoint {
  const { point, original, role, deleteAfterDays } = copying;
  const allow = inTheNameOf(options, role);
  for (const action of ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault']) {
    allow({ action, resource: vault.arn });
  }
  if (vault.keyArn === undefined) throw new Error(`Backup vault ${vault.name} has no customer-managed key.`);
  return {
    ...point,
    arn: options.rds.copy(original, `awsbackup:copyjob-${randomUUID()}`, vault.keyArn, allow),
    vault: vault.name,
    vaultArn: vault.arn,
    copiedFrom: point.vaultArn,
    deleteAfterDays,
    completedAt: now,
  };
}
