import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { renderAlerts } from '../private/alerts';
import { PATIENCE } from '../private/patience';
import { rdsOf, schedulesIn } from '../private/permissions/arns';
import { denyOutside } from '../private/permissions/boundary';
import {
  describeInstances,
  describeSources,
  openCopies,
  removeCopies,
  restoreCopies,
} from '../private/permissions/rds';
import { describeSnapshots, watch } from '../private/permissions/monitoring';
import { listDatabases, readJobsAndSizes, readRegister } from '../private/permissions/history';
import { removeSnapshots } from '../private/permissions/snapshots';
import { listSecrets, makeSecrets, readSecrets, removeSecrets } from '../private/permissions/secrets';
import { deleteLocks, objectsUnder, readObjects, readWriteObjects } from '../private/permissions/storage';
import { publish } from '../private/permissions/topics';
import type { DrillNetwork } from './drill-network';
import { SiteFunction } from './site-function';

/** What the site's functions work with. */
export interface SiteFunctionsProps {
  /** The site's name. */
  readonly siteName: string;
  /** What names of everything begin with. */
  readonly prefix: string;
  /** Encrypts both buckets. */
  readonly encryptionKey: IKey;
  /** Pointers, locks, profiles. */
  readonly stateBucket: IBucket;
  /** Evidence. */
  readonly evidenceBucket: IBucket;
  /** Where copies live. */
  readonly network: DrillNetwork;
  /** Where the schedules of drills are. */
  readonly scheduleGroup: IScheduleGroup;
  /** Executions of the state machine, by its fixed name. */
  readonly executionArns: string;
  /**
   * Who is told of what concerns the whole site.
   * @default - everybody whom its plans tell
   */
  readonly alerts?: Alerts;
}

/** The functions of a site, one for each state of a drill and for what runs beside drills, each with its own role. */
export class SiteFunctions extends Construct {
  /** Declare disaster: reads the drill from its schedule, takes the lock. */
  public readonly declare: SiteFunction;
  /** Choose recovery source. */
  public readonly choose: SiteFunction;
  /** Restore: may restore protected instances into the drill network. */
  public readonly restore: SiteFunction;
  /** Is it ready? */
  public readonly ready: SiteFunction;
  /** Open access: sets the copy's password. */
  public readonly access: SiteFunction;
  /** Verify, outside the network: keeps cursor and results. */
  public readonly verify: SiteFunction;
  /** Verify, inside the network: asks the copy, may do nothing on AWS. */
  public readonly query: SiteFunction;
  /** Verify, of files: reads buckets and their replicas, and nothing else; plans say which. */
  public readonly files: SiteFunction;
  /** Tear down. */
  public readonly teardown: SiteFunction;
  /** Record evidence. */
  public readonly record: SiteFunction;
  /** Records evidence of a drill that was stopped before it could. */
  public readonly recorder: SiteFunction;
  /** Announce. */
  public readonly announce: SiteFunction;
  /** Removes what interrupted drills left behind. */
  public readonly sweep: SiteFunction;
  /** Measures what each resource could be recovered from, and how long ago it was proven. */
  public readonly monitor: SiteFunction;
  /** Turns alarms and events into messages. */
  public readonly notify: SiteFunction;
  /** Writes what happened the day before, and tells what is not usual. */
  public readonly history: SiteFunction;
  /** Tells once a week how recovery stands. */
  public readonly digest: SiteFunction;

  private readonly props: SiteFunctionsProps;

  constructor(scope: Construct, id: string, props: SiteFunctionsProps) {
    super(scope, id);
    this.props = props;
    const { network } = props;

    this.declare = this.make('declare', 'Declares the disaster of a restore drill', {
      environment: { SCHEDULE_GROUP: props.scheduleGroup.scheduleGroupName },
    });
    this.choose = this.make('choose', 'Chooses the recovery source of a restore drill');
    this.restore = this.make('restore', 'Restores a copy for a drill', {
      // A round of files, of which one may have several gigabytes.
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: {
        DRILL_SUBNET_GROUP: network.subnetGroup.ref,
        DRILL_SECURITY_GROUP: network.databaseSecurityGroup.securityGroupId,
      },
    });
    this.ready = this.make('ready', 'Asks whether the copy of a drill is ready');
    this.access = this.make('access', 'Opens the copy of a drill to the verifier');
    this.query = this.make('query', 'Asks the copy of a drill, inside the drill network', {
      timeout: Duration.seconds(300),
      memorySize: 512,
      network,
    });
    this.files = this.make('files', 'Looks at files and their replicas, for drills', {
      timeout: Duration.seconds(300),
      // Hashes what it reads, and its share of processor comes with its memory.
      memorySize: 1024,
      // What is asked again and again still ends within the function's time beyond a round.
      environment: { AWS_MAX_ATTEMPTS: '5' },
    });
    this.verify = this.make('verify', 'Verifies the copy of a drill round by round', {
      // A round, and time to wake the query function and to keep what it observed.
      timeout: Duration.seconds(PATIENCE.round + 120),
      memorySize: 512,
      environment: {
        QUERY_FUNCTION: this.query.lambdaFunction.currentVersion.functionArn,
        FILES_FUNCTION: this.files.lambdaFunction.currentVersion.functionArn,
      },
    });
    this.teardown = this.make('teardown', 'Removes what a drill made');
    const recording = {
      memorySize: 512,
      environment: {
        EVIDENCE_BUCKET: props.evidenceBucket.bucketName,
        EVIDENCE_SCHEMA: 'cdk-recoverable/evidence/v1',
      },
    };
    this.record = this.make('record', 'Judges a drill and records its evidence', recording);
    this.recorder = this.make('recorder', 'Records evidence of drills that were stopped', recording);
    this.announce = this.make('announce', 'Announces the verdict of a drill');
    this.sweep = this.make('sweep', 'Removes what interrupted drills left behind');
    this.monitor = this.make('monitor', 'Measures what could be recovered, and how long ago that was proven', {
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: { RDS_ARN: rdsOf(Stack.of(this)), AWS_RETRY_MODE: 'adaptive' },
    });
    this.notify = this.make('notify', 'Tells people of alarms and events');
    this.history = this.make('history', 'Writes what happened the day before, and tells what is not usual', {
      // Days that were missed are caught up, up to a month of them in one run.
      timeout: Duration.minutes(15),
      memorySize: 512,
      environment: {
        RDS_ARN: rdsOf(Stack.of(this)),
        EVIDENCE_BUCKET: props.evidenceBucket.bucketName,
        SCHEDULE_GROUP: props.scheduleGroup.scheduleGroupName,
        ...(props.alerts && { SITE_ALERTS: Stack.of(this).toJsonString(renderAlerts(props.alerts)) }),
      },
    });
    this.digest = this.make('digest', 'Tells once a week how recovery stands');
    this.grantDrills();
    this.grantBesideDrills();
    this.grantHistory();
  }

  /**
   * Those that the state machine invokes.
   * @internal
   */
  public _ofDrills(): SiteFunction[] {
    return [
      this.declare,
      this.choose,
      this.restore,
      this.ready,
      this.access,
      this.verify,
      this.teardown,
      this.record,
      this.announce,
    ];
  }

  /**
   * Those that restore and read files.
   * @internal
   */
  public _files(): SiteFunction[] {
    return [this.restore, this.files];
  }

  /**
   * The roles under which somebody is told something.
   * @internal
   */
  public _tell(): Role[] {
    return [this.announce, this.monitor, this.notify, this.history, this.digest].map(({ role }) => role);
  }

  private grantDrills(): void {
    const { prefix, siteName, encryptionKey: key, stateBucket, evidenceBucket } = this.props;
    const stack = Stack.of(this);
    const boundary = () => denyOutside(stack, prefix);

    this.declare._allow(...readWriteObjects(stateBucket, key), this.readSchedules());
    this.choose._allow(...readObjects(stateBucket, key), describeInstances(stack), ...describeSources(stack));
    this.restore._allow(...restoreCopies(stack, prefix, siteName), describeInstances(stack), boundary());
    this.ready._allow(describeInstances(stack));
    this.access._allow(openCopies(stack, prefix), makeSecrets(stack, prefix), describeInstances(stack), boundary());
    this.verify._allow(
      ...readWriteObjects(stateBucket, key),
      readSecrets(stack, prefix),
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.query._versions(), this.files._versions()],
      }),
    );
    this.teardown._allow(
      removeCopies(stack, prefix),
      removeSecrets(stack, prefix),
      describeInstances(stack),
      boundary(),
    );
    for (const recording of [this.record, this.recorder]) {
      recording._allow(
        ...readWriteObjects(stateBucket, key),
        ...readWriteObjects(evidenceBucket, key),
        deleteLocks(stateBucket),
      );
    }
    this.announce._allow(...readObjects(stateBucket, key));
  }

  private grantBesideDrills(): void {
    const { prefix, encryptionKey: key, stateBucket, executionArns } = this.props;
    const stack = Stack.of(this);
    this.sweep._allow(
      removeCopies(stack, prefix),
      removeSecrets(stack, prefix),
      listSecrets(),
      describeInstances(stack),
      ...removeSnapshots(stack, prefix),
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executionArns] }),
      denyOutside(stack, prefix),
    );
    this.monitor._allow(...readWriteObjects(stateBucket, key), ...watch(stack, prefix.replace(/-$/, '')));
    this.digest._allow(...readObjects(stateBucket, key));
    this.notify._allow(...readWriteObjects(stateBucket, key), ...describeSnapshots(stack));
  }

  private grantHistory(): void {
    const { encryptionKey: key, stateBucket, evidenceBucket, scheduleGroup, alerts } = this.props;
    const stack = Stack.of(this);
    this.history._allow(
      ...readRegister(stack, scheduleGroup.scheduleGroupName),
      listDatabases(stack),
      readJobsAndSizes(),
      ...objectsUnder(stateBucket, key, {
        read: ['monitor/*', 'history/*', 'messages/*'],
        write: ['history/*', 'messages/*'],
      }),
      ...objectsUnder(evidenceBucket, key, { read: ['chain/*', 'history/*'], write: ['history/*'] }),
      ...(alerts ? publish(alerts) : []),
    );
  }

  private readSchedules(): PolicyStatement {
    return new PolicyStatement({
      actions: ['scheduler:GetSchedule'],
      resources: [schedulesIn(Stack.of(this), this.props.scheduleGroup.scheduleGroupName)],
    });
  }

  private make(handlerName: string, description: string, options: SiteFunctionOptions = {}): SiteFunction {
    const { siteName, prefix, stateBucket } = this.props;
    return new SiteFunction(this, handlerName[0].toUpperCase() + handlerName.slice(1), {
      // A minute of the SDK's own retries when AWS throttles, and the work itself.
      timeout: Duration.seconds(120),
      ...options,
      prefix,
      handlerName,
      description,
      environment: {
        SITE: siteName,
        PREFIX: prefix,
        STATE_BUCKET: stateBucket.bucketName,
        PATIENCE: JSON.stringify(PATIENCE),
        ...options.environment,
      },
    });
  }
}

/** What one function has of its own. */
interface SiteFunctionOptions {
  readonly environment?: { [name: string]: string };
  readonly timeout?: Duration;
  readonly memorySize?: number;
  readonly network?: DrillNetwork;
}
