import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { LockConfiguration } from 'aws-cdk-lib/aws-backup';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BucketRestore } from '../backup/bucket-restore';
import { CopyDestination, type ICopyDestination } from '../backup/copy-destination';
import { RecoveryPointRestore } from '../backup/recovery-point-restore';
import { RecoveryVault } from '../backup/recovery-vault';
import type { VaultOptions } from '../backup/vault-options';
import { DrillStateMachine } from '../drill/drill-state-machine';
import { Recorder } from '../drill/recorder';
import { Sweeper } from '../drill/sweeper';
import { Coverage, type UnprotectedOptions } from '../monitoring/coverage';
import { History } from '../monitoring/history';
import { SiteAlarms } from '../monitoring/site-alarms';
import { SiteEvents } from '../monitoring/site-events';
import { WeeklyDigest } from '../monitoring/weekly-digest';
import { SiteDashboard } from '../monitoring/site-dashboard';
import type { Alerts } from '../plan/alerts';
import { requireSiteAlerts } from '../private/site-alerts';
import { SiteReplicas } from '../private/buckets/site-replicas';
import { siteInventory } from '../private/objectives/inventory';
import { claimSiteName, ResourceRegistry } from '../private/registry';
import { scheduleRole } from '../private/schedule-role';
import { siteName, sitePrefix } from '../private/site-names';
import { ValidationError } from '../private/validation';
import { lockOf } from '../private/vault-lock';
import { ExistingObjects } from '../replication/existing-objects';
import { DeploymentBackups } from '../recovery/deployment-backups';
import { DrillNetwork } from './drill-network';
import { EvidenceBucket, type EvidenceOptions } from './evidence-bucket';
import { ScratchBucket } from './scratch-bucket';
import { SiteFunctions } from './site-functions';
import { StateBucket } from './state-bucket';

/** What a recovery site is made with. */
export interface RecoverySiteProps {
  /**
   * Names the site in metrics, evidence and the prefix of everything a drill makes: up to 20 lower-case letters, digits and
   * single hyphens. Changing it replaces the machinery.
   * @default - made from the stack's name
   */
  readonly name?: string;
  /**
   * Availability zones of the drill network, two to six.
   * @default - the first three of the Region
   */
  readonly zones?: string[];
  /**
   * Who is told when a drill did not pass or left something behind.
   * @default - nobody, with a warning at synthesis
   */
  readonly alerts?: Alerts;
  /**
   * How evidence is kept.
   * @default - locked in governance mode for 400 days
   */
  readonly evidence?: EvidenceOptions;
  /**
   * How the vault is kept, which the first plan with backup tiers, or with copies to the site, brings about.
   * @default - no lock, and nobody may delete recovery points
   */
  readonly vault?: VaultOptions;
  /**
   * What happens to keys, state, evidence and vault when the site is removed. With `DESTROY` buckets and vault must be emptied
   * first, and so the vault's policy denies no deletion unless there is a break-glass role.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The machinery of restore drills, once per account and Region: drill network, state machine and functions, key, state and
 * evidence. It protects nothing by itself; plans do, and any number of them share a site.
 */
export class RecoverySite extends Construct implements ICopyDestination {
  /** The site's name. */
  public readonly siteName: string;
  /** What the name of everything that a drill makes begins with; no role of the site changes anything else. */
  public readonly prefix: string;
  /** Encrypts state and evidence. */
  public readonly key: Key;
  /** What drills need to know of each other. */
  public readonly stateBucket: Bucket;
  /** Evidence of every drill. */
  public readonly evidenceBucket: Bucket;
  /** Where copies live. */
  public readonly network: DrillNetwork;
  /** The functions and their roles. */
  public readonly functions: SiteFunctions;
  /** One drill, state by state. */
  public readonly stateMachine: StateMachine;
  /** The machine with its role and log. */
  public readonly drillStateMachine: DrillStateMachine;
  /** The schedules of drills, sweeper and monitor. */
  public readonly scheduleGroup: ScheduleGroup;
  /** What schedules may do: start drills, sweeper and monitor. */
  public readonly scheduleRole: Role;
  /** Records evidence of drills that were stopped. */
  public readonly recorder: Recorder;
  /** Removes what interrupted drills left behind, and the site's own snapshots when their time is over. */
  public readonly sweeper: Sweeper;
  /** What is heard by event, and who turns it into messages. */
  public readonly events: SiteEvents;
  /** Keeps what AWS forgets, a day at a time. */
  public readonly history: History;
  /** Tells once a week how recovery stands. */
  public readonly weeklyDigest: WeeklyDigest;
  /** A drill did not pass, or could not start. */
  public readonly drillFailedAlarm: Alarm;
  /** Something a drill made outlived it, or a snapshot its time. */
  public readonly leftoversAlarm: Alarm;
  /** What holds of what is promised, on one page; rows may be added below. */
  public readonly dashboard: Dashboard;

  private readonly registry = new ResourceRegistry();
  private readonly replicas: SiteReplicas;
  private readonly removalPolicy: RemovalPolicy;
  private readonly alarms: SiteAlarms;
  private readonly alerts?: Alerts;
  private readonly vaultOptions?: VaultOptions;
  private readonly vaultLock?: LockConfiguration;
  private readonly siteDashboard: SiteDashboard;
  private recoveryVault?: RecoveryVault;
  private pointRestore?: RecoveryPointRestore;
  private restoreOfBuckets?: BucketRestore;
  private backupsOfDeployments?: DeploymentBackups;
  private coverage?: Coverage;
  private scratch?: ScratchBucket;
  private replicationOfExisting?: ExistingObjects;

  constructor(scope: Construct, id: string, props: RecoverySiteProps = {}) {
    super(scope, id);
    this.siteName = siteName(this, props.name);
    this.prefix = sitePrefix(this, this.siteName);
    claimSiteName(this, this.siteName);
    this.node.addMetadata('cdk-recoverable:site', siteInventory(this.siteName));
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.removalPolicy = removalPolicy;
    this.alerts = props.alerts;
    this.vaultOptions = props.vault;
    this.vaultLock = lockOf(props.vault);

    this.key = new Key(this, 'Key', {
      description: `State and evidence of recovery site ${this.siteName}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.replicas = new SiteReplicas(this, removalPolicy);
    const encrypted = { encryptionKey: this.key, removalPolicy };
    this.stateBucket = new StateBucket(this, 'State', encrypted).bucket;
    this.evidenceBucket = new EvidenceBucket(this, 'Evidence', { ...encrypted, options: props.evidence }).bucket;
    this.network = new DrillNetwork(this, 'Network', { prefix: this.prefix, zones: props.zones });
    this.scheduleGroup = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: `${this.prefix}drills`,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const stateMachineName = `${this.prefix}drill`;
    this.functions = new SiteFunctions(this, 'Functions', {
      siteName: this.siteName,
      prefix: this.prefix,
      encryptionKey: this.key,
      stateBucket: this.stateBucket,
      evidenceBucket: this.evidenceBucket,
      network: this.network,
      scheduleGroup: this.scheduleGroup,
      executionArns: Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${stateMachineName}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      alerts: props.alerts,
    });
    this.drillStateMachine = new DrillStateMachine(this, 'Drill', { stateMachineName, functions: this.functions });
    this.stateMachine = this.drillStateMachine.stateMachine;
    this.recorder = new Recorder(this, 'Recorder', {
      siteName: this.siteName,
      stateMachine: this.stateMachine,
      recorderFunction: this.functions.recorder,
    });
    this.scheduleRole = scheduleRole(this, {
      siteName: this.siteName,
      groupName: `${this.prefix}drills`,
      stateMachine: this.stateMachine,
      functions: this.functions,
    });
    const scheduled = {
      siteName: this.siteName,
      scheduleGroup: this.scheduleGroup,
      scheduleRole: this.scheduleRole,
    };
    this.sweeper = new Sweeper(this, 'Sweeper', { ...scheduled, sweepFunction: this.functions.sweep });

    this.events = new SiteEvents(this, 'Events', {
      siteName: this.siteName,
      prefix: this.prefix,
      notifyFunction: this.functions.notify,
      alerts: props.alerts,
    });
    this.events._restoresUnder(this.functions.restore.role.roleArn);
    this.history = new History(this, 'History', { ...scheduled, historyFunction: this.functions.history });
    this.weeklyDigest = new WeeklyDigest(this, 'Digest', { ...scheduled, digestFunction: this.functions.digest });

    requireSiteAlerts(this, this.siteName, props.alerts);
    this.alarms = new SiteAlarms(this, 'Alarms', {
      siteName: this.siteName,
      stateMachine: this.stateMachine,
      scheduleGroup: this.scheduleGroup,
      notifyFunction: this.functions.notify.lambdaFunction,
      alerts: props.alerts,
    });
    // The sweeper's first run is at once; an alarm that came before it would find silence.
    this.alarms.leftovers.node.addDependency(this.sweeper);
    this.drillFailedAlarm = this.alarms.drillFailed;
    this.leftoversAlarm = this.alarms.leftovers;
    this.siteDashboard = new SiteDashboard(this, 'Dashboard', {
      siteName: this.siteName,
      dashboardName: `${this.prefix}recovery`,
      stateMachine: this.stateMachine,
      drillLogs: [this.functions.record, this.functions.recorder].map(({ logGroup }) => logGroup),
      evidenceBucketName: this.evidenceBucket.bucketName,
      alarms: [this.drillFailedAlarm, this.leftoversAlarm],
    });
    this.dashboard = this.siteDashboard.dashboard;
  }

  /** This site as where copies go, each kept as long as its original; `CopyDestination.site` says more. */
  public asCopyDestination(): CopyDestination {
    return CopyDestination.site(this);
  }

  /** Where AWS Backup keeps the recovery points of all plans of the site, and copies; made when first asked for. */
  public vault(): RecoveryVault {
    if (!this.recoveryVault) {
      const vaultName = this.prefix.replace(/-$/, '');
      this.recoveryVault = new RecoveryVault(this, 'Vault', {
        vaultName,
        removalPolicy: this.removalPolicy,
        options: this.vaultOptions,
      });
      this.siteDashboard._watchBackups(vaultName);
    }
    return this.recoveryVault;
  }

  /** What restoring from the vault's recovery points takes; made for the first drill that does. */
  public recoveryPointRestore(): RecoveryPointRestore {
    if (!this.pointRestore) {
      this.pointRestore = new RecoveryPointRestore(this, 'RecoveryPointRestore', {
        siteName: this.siteName,
        prefix: this.prefix,
        functions: this.functions,
        vaultArn: this.vault().vault.backupVaultArn,
        stateBucket: this.stateBucket,
        encryptionKey: this.key,
      });
      this.events._restoresUnder(this.pointRestore.role.roleArn);
    }
    return this.pointRestore;
  }

  /** What restoring buckets from the vault's recovery points takes; made for the first drill that does. */
  public bucketRestore(): BucketRestore {
    if (!this.restoreOfBuckets) {
      this.restoreOfBuckets = new BucketRestore(this, 'BucketRestore', {
        siteName: this.siteName,
        prefix: this.prefix,
        functions: this.functions,
        vault: this.vault(),
        stateBucket: this.stateBucket,
        encryptionKey: this.key,
        removalPolicy: this.removalPolicy,
      });
      this.scratchBucket();
      this.scratch!._alsoEmptied(`${this.prefix}r-`);
      this.drillStateMachine._restoreBuckets();
      this.events._restoresUnder(this.restoreOfBuckets.role.roleArn);
    }
    return this.restoreOfBuckets;
  }

  /** What takes snapshots before deployments, for all plans of the site; made when first asked for. */
  public deploymentBackups(): DeploymentBackups {
    this.backupsOfDeployments ??= new DeploymentBackups(this, 'DeploymentBackups', {
      siteName: this.siteName,
      prefix: this.prefix,
    });
    return this.backupsOfDeployments;
  }

  /** Where drills restore files to; made with the first bucket that is protected here, or has its replica here. */
  public scratchBucket(): Bucket {
    this.scratch ??= new ScratchBucket(this, 'Scratch', {
      prefix: this.prefix,
      stateBucket: this.stateBucket,
      encryptionKey: this.key,
      removalPolicy: this.removalPolicy,
      functions: this.functions,
    });
    return this.scratch.bucket;
  }

  /** What replicates objects that are older than a replication rule, for all plans of the site; made when first asked for. */
  public existingObjects(): ExistingObjects {
    this.replicationOfExisting ??= new ExistingObjects(this, 'ExistingObjects', {
      siteName: this.siteName,
      prefix: this.prefix,
      stateBucket: this.stateBucket,
      encryptionKey: this.key,
      scheduleGroup: this.scheduleGroup,
      scheduleRole: this.scheduleRole,
    });
    return this.replicationOfExisting;
  }

  /**
   * Raises an alarm when a database of the site's account and Region is under none of its plans, whoever made it and when:
   * members of a cluster, replicas of what is protected and copies of drills do not count. Once per site.
   * @returns the alarm and what looks for it
   */
  public alarmOnUnprotected(options: UnprotectedOptions = {}): Coverage {
    if (this.coverage) {
      throw new ValidationError(
        `recovery site ${this.siteName} looks for what is unprotected already: call alarmOnUnprotected once, with all exceptions`,
      );
    }
    if (!this.alerts) {
      throw new ValidationError(
        `recovery site ${this.siteName} has nobody to tell what is unprotected: give the site alerts`,
      );
    }
    this.coverage = new Coverage(this, 'Coverage', {
      ...options,
      siteName: this.siteName,
      prefix: this.prefix,
      stateBucket: this.stateBucket,
      evidenceBucket: this.evidenceBucket,
      encryptionKey: this.key,
      scheduleGroup: this.scheduleGroup,
      scheduleRole: this.scheduleRole,
      alerts: this.alerts,
      notifyFunction: this.functions.notify.lambdaFunction,
    });
    this.siteDashboard._watchAlarm(this.coverage.alarm);
    return this.coverage;
  }

  /**
   * What the vault takes.
   * @internal
   */
  public _vaultLock(): LockConfiguration | undefined {
    return this.vaultLock;
  }

  /**
   * The replicas that other sites have here.
   * @internal
   */
  public _replicas(): SiteReplicas {
    return this.replicas;
  }

  /** @internal */
  public _alerts(): Alerts | undefined {
    return this.alerts;
  }

  /** @internal */
  public _registry(): ResourceRegistry {
    return this.registry;
  }

  /**
   * Made with the first monitor: without any, silence is no news.
   * @param alerts of the plan that is monitored; of another stack, which is deployed later, they cannot be named here
   * @internal
   */
  public _monitorSilentAlarm(plan: Construct, alerts: Alerts): Alarm {
    const named = Stack.of(plan) === Stack.of(this) ? alerts : {};
    const alarm = this.alarms._monitorSilent(this.functions.monitor.lambdaFunction, named);
    this.siteDashboard._watchAlarm(alarm);
    return alarm;
  }
}
