import type { RunningDatabase } from '../../database-engine';
import { queryProtocol } from '../protocol/query';
import { AwsError } from '../protocol/types';
import type { Service, Tag } from '../service';
import { RdsAccount, type RdsOptions } from './account';
import { automatedBackupOperations, type KeptBackups } from './automated-backups';
import { automatedBackup, followArchive, noteArchived } from './backups';
import type { Cluster, ClusterSnapshot } from './cluster-model';
import { clusterOperations, keepAutomatedSnapshot } from './clusters';
import { RdsForBackup } from './for-backup';
import { groupOperations } from './groups';
import { instanceOperations } from './instance-operations';
import type { Instance, Snapshot } from './model';
import { place } from './registry';
import { newResourceId } from './restore';
import * as rules from './rules';

/** The production instance as it stands before a drill. */
export interface AdoptedSource {
  readonly identifier: string;
  readonly database: RunningDatabase;
  /** Default `db.t4g.micro`. */
  readonly class?: string;
  readonly tags?: readonly Tag[];
  /** Days; default 7. 0: no backups at all. */
  readonly backupRetentionPeriod?: number;
  /** Default 20. */
  readonly allocatedStorageGib?: number;
  /** Default `gp3`. */
  readonly storageType?: string;
  readonly multiAz?: boolean;
  readonly deletionProtection?: boolean;
  readonly copyTagsToSnapshot?: boolean;
  /** ARN of the key; absent: not encrypted. */
  readonly kmsKeyId?: string;
  /** Names in the registry; default: the account's defaults. */
  readonly subnetGroup?: string;
  readonly securityGroups?: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
}

/** What may become of an instance while nobody restores anything. */
export type ChangedFacts = Pick<
  Instance,
  'status' | 'tags' | 'dbiResourceId' | 'backupRetentionPeriod' | 'kmsKeyId' | 'latestRestorableTime' | 'backups'
>;

/** RDS over a real database engine: restores really replay, snapshots really are copies. */
export class RehearsedRds {
  private readonly account: RdsAccount;

  constructor(options: RdsOptions) {
    this.account = new RdsAccount(options);
  }

  /** What went wrong behind statuses, in the engine's words. */
  get problems(): readonly Error[] {
    return this.account.problems;
  }

  /** Identifiers and statuses of everything that exists. */
  get instances(): readonly { readonly identifier: string; readonly status: string }[] {
    return [...this.account.instances.values()].map(({ identifier, status }) => ({ identifier, status }));
  }

  /** Every snapshot of an instance, of whatever kind. */
  get snapshots(): readonly Pick<Snapshot, 'identifier' | 'type' | 'status' | 'tags'>[] {
    return [...this.account.snapshots.values()].map(({ identifier, type, status, tags }) => ({
      ...{ identifier, type, status, tags },
    }));
  }

  get clusterSnapshots(): readonly Pick<ClusterSnapshot, 'identifier' | 'cluster' | 'status' | 'tags'>[] {
    return [...this.account.clusterSnapshots.values()].map(({ identifier, cluster, status, tags }) => ({
      ...{ identifier, cluster, status, tags },
    }));
  }

  /** Registers a production cluster as it stands now, or as it has become. Snapshots can be taken of it and nothing else. */
  adoptCluster(cluster: Cluster): void {
    const identifier = rules.instanceIdentifier(cluster.identifier);
    this.account.clusters.set(identifier, { ...cluster, identifier });
  }

  /** RDS takes an automated snapshot of a cluster. */
  snapshotCluster(identifier: string): void {
    keepAutomatedSnapshot(this.account, identifier);
  }

  /** RDS takes the automated backup of an instance that it takes every day, and removes those past their retention. */
  async backUp(identifier: string): Promise<void> {
    const instance = this.account.instance(identifier);
    await automatedBackup(this.account, instance, instance.database!);
  }

  /** Somebody or something changes an instance: what is said of it from now on. */
  change(identifier: string, facts: Partial<ChangedFacts>): void {
    Object.assign(this.account.instance(identifier), facts);
  }

  /** Somebody deletes an instance. */
  remove(identifier: string): void {
    this.account.instances.delete(this.account.instance(identifier).identifier);
  }

  /** Automated backups that this Region keeps beside those of its own instances; the same ARN again replaces them. */
  keepBackups(backups: KeptBackups): void {
    this.forgetBackups(backups.instanceArn);
    this.account.keptBackups.push(backups);
  }

  forgetBackups(instanceArn: string): void {
    const { keptBackups } = this.account;
    const found = keptBackups.findIndex((one) => one.instanceArn === instanceArn);
    if (found >= 0) keptBackups.splice(found, 1);
  }

  /**
   * Registers a running database as a production instance, takes its first automated backup, and resolves once a
   * moment is restorable. Its server stays the caller's to stop.
   */
  async adoptSource(source: AdoptedSource): Promise<void> {
    const instance = this.adopted(source);
    this.account.instances.set(instance.identifier, instance);
    if (instance.backupRetentionPeriod === 0) {
      return;
    }
    await automatedBackup(this.account, instance, source.database);
    while (!instance.latestRestorableTime) {
      await noteArchived(this.account, instance, source.database);
      if (!instance.latestRestorableTime && !(await this.account.pause(100))) return;
    }
    followArchive(this.account, instance, source.database);
  }

  /** Makes what has been committed so far restorable now, instead of at the next lag. Answers LatestRestorableTime. */
  async archiveNow(identifier: string): Promise<Date | undefined> {
    const instance = this.account.instance(identifier);
    await noteArchived(this.account, instance, instance.database!);
    return instance.latestRestorableTime;
  }

  private adopted(source: AdoptedSource): Instance {
    const { account } = this;
    const engineVersion = account.options.engine.version;
    const identifier = rules.instanceIdentifier(source.identifier);
    return {
      ...place(account.options.registry, source, engineVersion),
      identifier,
      arn: account.arn('db', identifier),
      dbiResourceId: newResourceId(),
      createdAt: account.clock(),
      masterUsername: source.database.masterUsername,
      engineVersion,
      instanceClass: rules.instanceClass(source.class ?? 'db.t4g.micro'),
      allocatedStorage: source.allocatedStorageGib ?? 20,
      storageType: source.storageType ?? 'gp3',
      kmsKeyId: source.kmsKeyId,
      multiAz: source.multiAz ?? false,
      publiclyAccessible: false,
      copyTagsToSnapshot: source.copyTagsToSnapshot ?? false,
      iamAuthentication: false,
      autoMinorVersionUpgrade: true,
      logExports: [],
      deletionProtection: source.deletionProtection ?? false,
      backupRetentionPeriod: rules.retention(source.backupRetentionPeriod ?? 7),
      status: 'available',
      tags: rules.tags(source.tags ?? []),
      database: source.database,
      restoring: false,
      passwordPending: false,
      backups: [],
      adopted: true,
    };
  }

  service(): Service {
    const namespace = 'com.amazonaws.rds';
    return {
      signingName: 'rds',
      protocol: queryProtocol(namespace, '2014-10-31', 'http://rds.amazonaws.com/doc/2014-10-31/'),
      operations: [
        ...instanceOperations(this.account),
        ...automatedBackupOperations(this.account),
        ...clusterOperations(this.account),
        ...groupOperations(this.account),
      ],
      denied: (message) => new AwsError('AccessDenied', 403, message),
      throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    };
  }

  /** As AWS Backup reaches it. */
  forBackup(): RdsForBackup {
    return new RdsForBackup(this.account);
  }

  /** Ends what goes on in the background and removes every restored database. */
  close(): Promise<void> {
    return this.account.close();
  }
}
