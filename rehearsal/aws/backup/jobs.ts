import { randomUUID } from 'node:crypto';
import { InvalidParameterValueException$, type StartRestoreJobInput } from '@aws-sdk/client-backup';
import type { RestoreDBInstanceFromDBSnapshotMessage } from '@aws-sdk/client-rds';
import { modelled } from '../protocol/types';
import type { Allow } from '../service-roles';
import { bucketRestore, restoreBucket } from './bucket-restore';
import { restoreInput } from './metadata';
import type { BackupDelays, BackupOptions, RecoveryPoint, RestoreJob } from './model';
import { assume } from './roles';

/** Where RDS ends a restore; everything else is on its way. */
const BAD_ENDS = ['failed', 'incompatible-network', 'incompatible-parameters', 'incompatible-restore', 'restore-error'];

/** Restore jobs: nobody can stop them, and each works with the rights of the role that it was given. */
export class RestoreJobs {
  readonly all: RestoreJob[] = [];
  private readonly byToken = new Map<string, RestoreJob>();

  constructor(
    private readonly options: BackupOptions,
    private readonly delays: BackupDelays,
    private readonly clock: () => Date,
  ) {}

  /** The same token again answers the job that there is, "with no action taken". */
  start(point: RecoveryPoint, input: StartRestoreJobInput, roleArn: string): RestoreJob {
    const known = input.IdempotencyToken === undefined ? undefined : this.byToken.get(input.IdempotencyToken);
    if (known) return known;
    const continuous = point.bucket !== undefined && 'since' in point.bucket;
    if (point.status !== 'COMPLETED' && !(continuous && point.status === 'AVAILABLE')) {
      throw modelled(InvalidParameterValueException$, `Recovery point ${point.arn} is ${point.status}.`);
    }
    const inTheName = assume(this.options, roleArn);
    const work = this.workOf(point, input.Metadata ?? {}, inTheName);
    const job: RestoreJob = {
      id: randomUUID().toUpperCase(),
      point,
      roleArn,
      createdAt: this.clock(),
      status: 'PENDING',
      askedBy: new Set(),
    };
    this.all.push(job);
    if (input.IdempotencyToken !== undefined) this.byToken.set(input.IdempotencyToken, job);
    this.options.rds.inBackground(() => this.run(job, work));
    return job;
  }

  /** Reads the metadata at once, which may refuse them; what it answers is what is done later. */
  private workOf(
    point: RecoveryPoint,
    metadata: Record<string, string>,
    as: Allow,
  ): (job: RestoreJob) => Promise<void> {
    const { s3, faults, continuousLag } = this.options;
    if (!point.bucket) {
      const restore = restoreInput(metadata, point.arn);
      return (job) => this.restoreInstance(job, restore, as);
    }
    const restore = bucketRestore(metadata, point, s3!, this.clock(), continuousLag);
    return async (job) => {
      try {
        this.readVault(point, as);
        const said = restoreBucket(s3!, restore, as, faults?.restoreJobSkips);
        job.createdArn = `arn:aws:s3:::${restore.destination}`;
        this.end(job, 'COMPLETED', said ?? faults?.restoreJobIssues);
      } catch (error) {
        this.end(job, 'FAILED', (error as Error).message);
      }
    };
  }

  /** What is kept of a bucket is encrypted under the key of its vault. */
  private readVault({ vault }: RecoveryPoint, as: Allow): void {
    const { vaults, region } = this.options;
    const resource = vaults.find(({ name }) => name === vault)?.keyArn;
    if (resource === undefined) return;
    as({ action: 'kms:Decrypt', resource, context: { 'kms:ViaService': `backup.${region}.amazonaws.com` } });
  }

  private async run(job: RestoreJob, work: (job: RestoreJob) => Promise<void>): Promise<void> {
    const { rds, faults } = this.options;
    if (!(await rds.pause(this.delays.pending))) return;
    while (faults?.restoreJobWaits && job.askedBy.size < 2) {
      if (!(await rds.pause(this.delays.poll))) return;
    }
    job.status = 'RUNNING';
    if (faults?.restoreJobFails) return this.end(job, 'FAILED', faults.restoreJobFails);
    await work(job);
  }

  private async restoreInstance(
    job: RestoreJob,
    restore: RestoreDBInstanceFromDBSnapshotMessage,
    as: Allow,
  ): Promise<void> {
    const { rds, faults } = this.options;
    try {
      rds.restore(restore, as);
    } catch (error) {
      return this.end(job, 'FAILED', (error as Error).message);
    }
    for (;;) {
      const instance = rds.instance(restore.DBInstanceIdentifier ?? '');
      if (!instance || BAD_ENDS.includes(instance.status)) {
        return this.end(job, 'FAILED', `DB instance ${restore.DBInstanceIdentifier} is ${instance?.status ?? 'gone'}`);
      }
      if (instance.status === 'available') {
        job.createdArn = instance.arn;
        return this.end(job, 'COMPLETED', faults?.restoreJobIssues);
      }
      if (!(await rds.pause(this.delays.poll))) return;
    }
  }

  private end(job: RestoreJob, status: RestoreJob['status'], message?: string): void {
    job.status = status;
    job.message = message;
    job.completedAt = this.clock();
  }
}
