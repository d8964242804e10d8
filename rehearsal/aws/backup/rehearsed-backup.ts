import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-backup';
import { restJsonProtocol } from '../protocol/rest-json';
import { AwsError, modelled } from '../protocol/types';
import { operation, type Call, type Operation, type Service } from '../service';
import { backUpBucket } from './bucket-backup';
import { type Copying, CopyJobs, receiveCopy } from './copies';
import { RestoreJobs } from './jobs';
import type {
  BackupDelays,
  BackupJob,
  BackupOptions,
  BackupRule,
  CopyDestination,
  CopyJob,
  RecoveryPoint,
  RestoreJob,
  Vault,
} from './model';
import { page } from './page';
import { readingOperations, within, type Shown } from './reading';
import { assume, passRole } from './roles';
import { describeJob, typeOf } from './shapes';

const DELAYS: BackupDelays = { pending: 200, poll: 50 };

/** AWS Backup over the rehearsed RDS and S3: recovery points are snapshots of instances, or what was in a bucket. */
export class RehearsedBackup implements CopyDestination {
  private readonly points: RecoveryPoint[] = [];
  private readonly backupJobs: BackupJob[] = [];
  private readonly jobs: RestoreJobs;
  private readonly copies: CopyJobs;
  private readonly removed = new Set<string>();
  private readonly clock: () => Date;

  constructor(private readonly options: BackupOptions) {
    this.clock = options.clock ?? (() => new Date());
    this.copies = new CopyJobs(options, this, this.clock);
    this.jobs = new RestoreJobs(options, { ...DELAYS, ...options.delays }, this.clock);
  }

  /** Restore jobs that were asked for, oldest first. */
  get restoreJobs(): readonly Readonly<RestoreJob>[] {
    return this.jobs.all;
  }

  /** Copy jobs that ran here, oldest first. */
  get copyJobs(): readonly Readonly<CopyJob>[] {
    return this.copies.all;
  }

  get vaults(): readonly Vault[] {
    return this.options.vaults.filter(({ name }) => !this.removed.has(name));
  }

  /** Keeps a recovery point as a job left it, of whatever resource. */
  keep(point: RecoveryPoint): void {
    this.points.push(point);
  }

  /** Somebody deletes recovery points. */
  forget(gone: (point: RecoveryPoint) => boolean): void {
    for (let i = this.points.length - 1; i >= 0; i--) if (gone(this.points[i])) this.points.splice(i, 1);
  }

  /** Notes a backup job as it ended, of whatever resource. */
  noteBackupJob(job: BackupJob): void {
    this.backupJobs.push(job);
  }

  /** Notes a copy job as it ended, of which the copy is in another account. */
  noteCopyJob(job: CopyJob): void {
    this.copies.all.push(job);
  }

  /** Somebody deletes a vault. */
  removeVault(name: string): void {
    this.removed.add(name);
  }

  /** The app is deployed again, and with it a vault that somebody deleted. */
  makeVaultAgain(name: string): void {
    this.removed.delete(name);
  }

  /** Keeps a copy that the AWS Backup of a Region makes here. Throws where its role may not. */
  receive(vaultArn: string, copying: Copying): RecoveryPoint {
    const vault = this.vaults.find(({ arn }) => arn === vaultArn)!;
    const copy = receiveCopy(this.options, vault, copying, this.clock());
    this.points.push(copy);
    return copy;
  }

  /**
   * Runs a backup job to its end, with the rights of a selection's role, and then what its rule copies.
   * @returns the recovery point's ARN
   */
  async backUp(resourceArn: string, vault: string, roleArn: string, rule: BackupRule = {}): Promise<string> {
    const { rds } = this.options;
    const inTheName = assume(this.options, roleArn);
    const { arn: vaultArn } = this.vault(vault);
    if (typeOf(resourceArn) === 'S3') {
      const taken = backUpBucket(this.options, { resourceArn, vault, vaultArn, roleArn, rule }, this.points, inTheName);
      if (!this.points.includes(taken)) this.points.push(taken);
      this.noteCompleted(taken, rule);
      return taken.arn;
    }
    const snapshot = rds.snapshot(resourceArn, `awsbackup:job-${randomUUID()}`, inTheName);
    const point: RecoveryPoint = {
      arn: snapshot.arn,
      vault,
      vaultArn,
      resourceArn,
      roleArn,
      createdAt: this.clock(),
      deleteAfterDays: rule.Lifecycle?.DeleteAfterDays,
      status: 'CREATING',
    };
    this.points.push(point);
    while (snapshot.status() === 'creating' && (await rds.pause(20)));
    if (snapshot.status() !== 'available') throw new Error(`the snapshot of ${resourceArn} is ${snapshot.status()}`);
    point.status = 'COMPLETED';
    point.completedAt = this.clock();
    this.noteCompleted(point, rule);
    for (const action of rule.CopyActions ?? []) this.copies.run(point, action, rule.RuleName);
    return point.arn;
  }

  private noteCompleted(
    { resourceArn, vaultArn, roleArn, createdAt, completedAt, arn }: RecoveryPoint,
    rule: BackupRule,
  ) {
    this.noteBackupJob({
      ...{ id: randomUUID().toUpperCase(), resourceArn, vaultArn, roleArn, rule: rule.RuleName },
      ...{ createdAt, completedAt, state: 'COMPLETED', made: arn },
    });
  }

  service(): Service {
    return {
      signingName: 'backup',
      protocol: restJsonProtocol('com.amazonaws.backup'),
      operations: [
        ...readingOperations(this.shown()),
        this.getRestoreMetadata(),
        this.startRestoreJob(),
        this.describeRestoreJob(),
        this.listRestoreJobs(),
      ],
      denied: (message) => new AwsError('AccessDeniedException', 403, message),
      throttled: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
    };
  }

  private shown(): Shown {
    return {
      account: this.options.account,
      points: this.points,
      backupJobs: this.backupJobs,
      copyJobs: this.copies.all,
      optIn: this.options.optIn ?? { RDS: true, Aurora: true, S3: true },
      vault: (name) => this.vault(name),
      vaultArn: (name) => this.vaultArn(name),
      statusOf: (point) => this.statusOf(point),
    };
  }

  private getRestoreMetadata(): Operation {
    return operation<sdk.GetRecoveryPointRestoreMetadataInput, sdk.GetRecoveryPointRestoreMetadataOutput>(
      sdk.GetRecoveryPointRestoreMetadata$,
      ['BackupVaultName', 'RecoveryPointArn'],
      ({ RecoveryPointArn }) => [
        { action: 'backup:GetRecoveryPointRestoreMetadata', resource: RecoveryPointArn ?? '' },
      ],
      ({ BackupVaultName, RecoveryPointArn }) => {
        const point = this.point(RecoveryPointArn ?? '');
        const { arn, vault, vaultArn, resourceArn } = point;
        if (vault !== BackupVaultName) throw notFound(`${arn} in vault ${BackupVaultName}`);
        return {
          BackupVaultArn: vaultArn,
          RecoveryPointArn: arn,
          RestoreMetadata: point.bucket
            ? { DestinationBucketName: resourceArn.split(':').at(-1)!, NewBucket: 'false', EncryptionType: 'original' }
            : this.options.rds.settings(arn),
          ResourceType: typeOf(resourceArn),
        };
      },
    );
  }

  private startRestoreJob(): Operation {
    return operation<sdk.StartRestoreJobInput, sdk.StartRestoreJobOutput>(
      sdk.StartRestoreJob$,
      [
        'RecoveryPointArn',
        'Metadata',
        'IamRoleArn',
        'IdempotencyToken',
        'ResourceType',
        'CopySourceTagsToRestoredResource',
      ],
      ({ RecoveryPointArn, IamRoleArn }) => [
        { action: 'backup:StartRestoreJob', resource: RecoveryPointArn ?? '' },
        passRole(required(IamRoleArn, 'IamRoleArn')),
      ],
      (input) => {
        const found = this.point(input.RecoveryPointArn ?? '');
        const type = typeOf(found.resourceArn);
        if ((input.ResourceType ?? type) !== type) throw invalid(`${input.ResourceType} is not the type of ${type}`);
        if (input.CopySourceTagsToRestoredResource) throw invalid('a drill never asks for the tags of its source');
        const job = this.jobs.start(
          { ...found, status: this.statusOf(found) },
          input,
          required(input.IamRoleArn, 'IamRoleArn'),
        );
        return { RestoreJobId: job.id };
      },
    );
  }

  private describeRestoreJob(): Operation {
    return operation<sdk.DescribeRestoreJobInput, sdk.DescribeRestoreJobOutput>(
      sdk.DescribeRestoreJob$,
      ['RestoreJobId'],
      () => [{ action: 'backup:DescribeRestoreJob', resource: '*' }],
      ({ RestoreJobId }, call) => {
        const job = this.jobs.all.find(({ id }) => id === RestoreJobId);
        if (!job) throw notFound(`restore job ${RestoreJobId}`);
        return this.described(job, call);
      },
    );
  }

  private listRestoreJobs(): Operation {
    return operation<sdk.ListRestoreJobsInput, sdk.ListRestoreJobsOutput>(
      sdk.ListRestoreJobs$,
      [
        'ByResourceType',
        'ByCreatedAfter',
        'ByCompleteAfter',
        'ByCompleteBefore',
        'ByStatus',
        'MaxResults',
        'NextToken',
      ],
      () => [{ action: 'backup:ListRestoreJobs', resource: '*' }],
      (input, call) => {
        const found = this.jobs.all.filter(
          ({ createdAt, completedAt, status, point }) =>
            createdAt > (input.ByCreatedAfter ?? new Date(0)) &&
            within(completedAt, input.ByCompleteAfter, input.ByCompleteBefore) &&
            status === (input.ByStatus ?? status) &&
            (input.ByResourceType ?? typeOf(point.resourceArn)) === typeOf(point.resourceArn),
        );
        const { items, NextToken } = page(found, input);
        return { RestoreJobs: items.map((job) => this.described(job, call)), ...(NextToken && { NextToken }) };
      },
    );
  }

  private described(job: RestoreJob, { principal }: Call): sdk.DescribeRestoreJobOutput {
    job.askedBy.add(principal.arn);
    return describeJob(job, this.options.account);
  }

  private statusOf({ status }: RecoveryPoint): RecoveryPoint['status'] {
    return this.options.faults?.recoveryPointsAre ?? status;
  }

  private point(arn: string): RecoveryPoint {
    const found = this.points.find((point) => point.arn === arn);
    if (!found) throw notFound(`recovery point ${arn}`);
    return found;
  }

  private vault(name: string): Vault {
    const found = this.vaults.find((vault) => vault.name === name);
    if (!found) throw notFound(`backup vault ${name}`);
    return found;
  }

  private vaultArn(name: string): string {
    const { region, account } = this.options;
    return `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
  }
}

function required(value: string | undefined, name: string): string {
  if (!value) throw modelled(sdk.MissingParameterValueException$, `${name} is required`);
  return value;
}

function invalid(message: string): AwsError {
  return modelled(sdk.InvalidParameterValueException$, message);
}

function notFound(what: string): AwsError {
  return modelled(sdk.ResourceNotFoundException$, `There is no ${what}.`);
}
