import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { listSnapshots, makeSnapshots } from '../private/permissions/snapshots';
import { SiteFunction } from '../site/site-function';

/** What takes the backups of deployments is made with. */
export interface DeploymentBackupsProps {
  /** The site's name. */
  readonly siteName: string;
  /** What names of snapshots begin with. */
  readonly prefix: string;
}

/** Until a snapshot must be available: CloudFormation gives up at an hour, and would not say what to do. */
const PATIENCE = Duration.minutes(55);

/** Between two questions. */
const POLL = Duration.seconds(30);

/** For our own answer to come first; what is left of the hour is the time that the questions themselves take. */
const MARGIN = Duration.minutes(1);

/** Until IAM knows a policy everywhere that the same deployment made. */
const PERMISSION = Duration.minutes(2);

/** Backups per site: all inline policies of a role share 10,240 characters, which this many of the longest identifiers fill. */
const MOST = 36;

/** Takes the snapshots that deployments wait for, once per site: two functions, and the provider framework of the CDK. */
export class DeploymentBackups extends Construct {
  /** Decides which snapshot a deployment waits for. */
  public readonly start: SiteFunction;
  /** Takes the snapshot and asks whether it is available. */
  public readonly done: SiteFunction;
  /** Asks again until it is, and answers CloudFormation. */
  public readonly provider: Provider;
  /** Where the provider framework logs what went wrong. */
  public readonly logGroup: LogGroup;

  private backups = 0;

  constructor(scope: Construct, id: string, props: DeploymentBackupsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.start = this.make('Start', 'backup-start', 'Decides which snapshot a deployment waits for', props);
    this.start._allow(listSnapshots(stack));
    this.done = this.make('Done', 'backup-done', 'Takes the snapshot that a deployment waits for', props, {
      SNAPSHOT_SECONDS: String(PATIENCE.toSeconds()),
      PERMISSION_SECONDS: String(PERMISSION.toSeconds()),
    });
    this.done._allow(makeSnapshots(stack, props.prefix));
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.provider = new Provider(this, 'Provider', {
      onEventHandler: this.start.lambdaFunction,
      isCompleteHandler: this.done.lambdaFunction,
      queryInterval: POLL,
      totalTimeout: PATIENCE.plus(MARGIN),
      logGroup: this.logGroup,
      frameworkOnEventRole: this.role('Request', 'Receives what CloudFormation asks of backups before deployments'),
      frameworkCompleteAndTimeoutRole: this.role('Answer', 'Answers CloudFormation about backups before deployments'),
    });
  }

  /** @internal */
  public _count(backup: Construct): void {
    if (++this.backups !== MOST + 1) return;
    Annotations.of(backup).addWarningV2(
      'cdk-recoverable:deploymentBackups',
      `more than ${MOST} backups before deployments share a role of the same recovery site, whose inline policies may become too long: remove those of past changes, or use another site`,
    );
  }

  private make(
    id: string,
    handlerName: string,
    description: string,
    { siteName, prefix }: DeploymentBackupsProps,
    environment: { [name: string]: string } = {},
  ): SiteFunction {
    return new SiteFunction(this, id, {
      prefix,
      handlerName,
      description,
      timeout: Duration.seconds(120),
      environment: {
        SITE: siteName,
        PREFIX: prefix,
        ...environment,
      },
    });
  }

  /** The framework's own roles would carry a managed policy that lets them write every log of the account. */
  private role(id: string, description: string): Role {
    const role = new Role(this, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    return role;
  }
}
