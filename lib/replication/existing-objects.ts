import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnSchedule, IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { renderAlerts } from '../private/alerts';
import { digest } from '../private/buckets/names';
import type { ExistingObjectsDefinition } from '../private/contract/existing';
import { schedulesIn } from '../private/permissions/arns';
import { askForJobs, batchRolePrefix, replicateExisting } from '../private/permissions/existing-objects';
import { objectsUnder } from '../private/permissions/storage';
import { siteSchedule } from '../private/site-schedule';
import type { ProtectedBucket } from '../plan/protected-bucket';
import { SiteFunction } from '../site/site-function';

/** What replicates existing objects is made with. */
export interface ExistingObjectsProps {
  /** The site's name. */
  readonly siteName: string;
  /** What names begin with. */
  readonly prefix: string;
  /** Where it is kept what was asked for, and where reports go. */
  readonly stateBucket: IBucket;
  /** Encrypts the state bucket. */
  readonly encryptionKey: IKey;
  /** The site's schedule group. */
  readonly scheduleGroup: IScheduleGroup;
  /** The role that schedules run under. */
  readonly scheduleRole: Role;
}

/** A bucket whose objects are replicated. */
export interface ExistingObjectsOf {
  /** The bucket under its plan. */
  readonly resource: ProtectedBucket;
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** Id of the rule. */
  readonly ruleId: string;
  /** Name of the replica. */
  readonly replica: string;
}

/** Until AWS knows rule and roles everywhere that the same deployment made. */
const SETTLE = Duration.minutes(5);

/**
 * Has objects replicated that are older than their bucket's rule: S3 Batch Replication, asked for once after deployment and again
 * when a person invokes the function. One function for all buckets of a site.
 */
export class ExistingObjects extends Construct {
  /** Asks for jobs and looks after them. */
  public readonly existingFunction: SiteFunction;

  private readonly props: ExistingObjectsProps;

  constructor(scope: Construct, id: string, props: ExistingObjectsProps) {
    super(scope, id);
    this.props = props;
    const { prefix, siteName, stateBucket, encryptionKey, scheduleGroup, scheduleRole } = props;
    const stack = Stack.of(this);
    this.existingFunction = new SiteFunction(this, 'Function', {
      prefix,
      handlerName: 'existing',
      description: 'Has objects replicated that are older than the replication of their bucket',
      timeout: Duration.seconds(120),
      environment: {
        SITE: siteName,
        PREFIX: prefix,
        STATE_BUCKET: stateBucket.bucketName,
        SCHEDULE_GROUP: scheduleGroup.scheduleGroupName,
        SETTLE_SECONDS: String(SETTLE.toSeconds()),
      },
    });
    const keys = ['replication/jobs/*', 'messages/*'];
    this.existingFunction._allow(
      ...askForJobs(stack, prefix),
      ...objectsUnder(stateBucket, encryptionKey, { read: keys, write: keys }),
      new PolicyStatement({
        actions: ['scheduler:GetSchedule'],
        resources: [schedulesIn(stack, scheduleGroup.scheduleGroupName)],
      }),
    );
    scheduleRole.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.existingFunction.lambdaFunction.functionArn],
      }),
    );
  }

  /**
   * Has the objects of one bucket replicated, and their job looked after.
   * @internal
   */
  public _replicate(of: ExistingObjectsOf): CfnSchedule {
    const { prefix, stateBucket, encryptionKey, scheduleGroup, scheduleRole } = this.props;
    const { resource, bucketArn } = of;
    const reports = { bucket: stateBucket, prefix: `replication/reports/${resource.resourceName}`, key: encryptionKey };
    const role = new Role(resource, 'ExistingObjects', {
      roleName: `${batchRolePrefix(prefix)}${digest(resource.resourceName)}`,
      assumedBy: new ServicePrincipal('batchoperations.s3.amazonaws.com'),
      description: `Replicates what is older than the replication of ${resource.resourceName}`,
    });
    const { region } = Stack.of(this);
    for (const statement of replicateExisting(bucketArn, reports, region)) role.addToPolicy(statement);
    const schedule = siteSchedule(resource, 'ExistingObjectsSchedule', {
      name: `existing-${digest(resource.resourceName)}`,
      group: scheduleGroup,
      description: `Has objects of ${resource.resourceName} replicated that are older than its replication`,
      expression: 'rate(15 minutes)',
      targetArn: this.existingFunction.lambdaFunction.functionArn,
      role: scheduleRole,
      input: Stack.of(resource).toJsonString(this.render(of, role)),
      latest: Duration.minutes(15),
    });
    schedule.node.addDependency(role);
    return schedule;
  }

  private render(of: ExistingObjectsOf, role: Role): ExistingObjectsDefinition {
    const { resource, bucketArn, ruleId, replica } = of;
    const { plan, resourceName } = resource;
    const { account, region } = Stack.of(resource);
    const runbook = plan._runbook();
    return {
      schema: 'cdk-recoverable/existing-objects/v1',
      resource: resourceName,
      plan: plan.planName,
      owner: plan.owner,
      alerts: renderAlerts(plan.alerts),
      ...(runbook !== undefined && { runbook }),
      account,
      region,
      bucketArn,
      rule: ruleId,
      replica,
      roleArn: role.roleArn,
      reports: {
        bucketArn: this.props.stateBucket.bucketArn,
        prefix: `replication/reports/${resourceName}`,
      },
    };
  }
}
