import { Aws, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EvidenceLock, RecoverySite, type RecoverySiteProps } from '../../../lib';
import { PATIENCE } from '../../../lib/private/patience';
import { SITE_TAG } from '../../../lib/private/permissions/rds';
import { TAGS } from '../../../lambda/shared/tags';
import { actionsOf, everyFunction, flatten, newStack, statementsOf } from '../support';
import { newApp } from '../app';

function newSite(props?: RecoverySiteProps, stack = newStack()) {
  const site = new RecoverySite(stack, 'Recovery', props);
  return { site, stack };
}

describe('names', () => {
  test.each([
    ['Test', 'test'],
    ['Acme-Prod--Stack', 'acme-prod-stack'],
    ['A'.repeat(40), /^a{13}-[0-9a-f]{6}$/],
    ['X1234567890-1234567890-1234567890', /^x1234567890-1-[0-9a-f]{6}$/],
  ])('default name of a site in stack %s', (stackName, expected) => {
    const { site } = newSite(undefined, newStack(undefined, undefined, stackName));
    expect(site.siteName).toMatch(expected);
    expect(site.siteName.length).toBeLessThanOrEqual(20);
  });

  test('the prefix and a drill id fit an RDS identifier', () => {
    const { site } = newSite({ name: 'a'.repeat(20) });
    expect(site.prefix).toMatch(/^rcv-a{20}-[0-9a-f]{8}-$/);
    expect(`${site.prefix}${'f'.repeat(20)}`.length).toBeLessThanOrEqual(63);
  });

  test('sites of one name differ by stack and by Region', () => {
    const prefix = (id: string, region?: string) =>
      newSite({ name: 'acme' }, newStack({ region }, undefined, id)).site.prefix;
    const prefixes = [prefix('One'), prefix('Two'), prefix('One', 'eu-west-1'), prefix('One', 'eu-central-1')];
    expect(new Set(prefixes).size).toBe(4);
    expect(prefix('One')).toBe(prefixes[0]);
  });

  test.each(['', 'Acme', '1acme', 'acme-', 'a--b', 'a'.repeat(21), 'a;drop', 'ä', '<b>', Aws.STACK_NAME])(
    'fails for the name %j',
    (name) => {
      expect(() => newSite({ name })).toThrow(/name of a recovery site must be 1 to 20 lower-case letters/);
    },
  );

  test('fails for two sites of one name in a stack', () => {
    const { stack } = newSite({ name: 'acme' });
    expect(() => new RecoverySite(stack, 'Other', { name: 'acme' })).toThrow(
      'stack Test already has a recovery site named acme: share it between plans, or name one of them differently',
    );
    expect(() => new RecoverySite(stack, 'Third', { name: 'acme2' })).not.toThrow();
  });
});

describe('drill network', () => {
  test('has three isolated subnets and nothing that leads out', () => {
    const { stack } = newSite();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::Subnet', 3);
    for (const type of [
      'InternetGateway',
      'NatGateway',
      'VPCEndpoint',
      'Route', // not even one of its own route table
      'VPCGatewayAttachment',
      'EgressOnlyInternetGateway',
      'VPCPeeringConnection',
      'TransitGatewayAttachment',
    ]) {
      template.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    const zones = Object.values(template.findResources('AWS::EC2::Subnet')).map(
      (subnet) => subnet.Properties.AvailabilityZone,
    );
    expect(zones).toEqual([0, 1, 2].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })));
  });

  test('lets the verifier reach copies on one port and nothing else reach anything', () => {
    const { stack, site } = newSite();
    const template = Template.fromStack(stack);
    const database = stack.resolve(site.network.databaseSecurityGroup.securityGroupId);
    const verifier = stack.resolve(site.network.verifierSecurityGroup.securityGroupId);
    expect(Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map((r) => r.Properties)).toEqual([
      expect.objectContaining({ GroupId: database, SourceSecurityGroupId: verifier, FromPort: 5432, ToPort: 5432 }),
    ]);
    expect(Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')).map((r) => r.Properties)).toEqual([
      expect.objectContaining({
        GroupId: verifier,
        DestinationSecurityGroupId: database,
        FromPort: 5432,
        ToPort: 5432,
      }),
    ]);
    for (const group of Object.values(template.findResources('AWS::EC2::SecurityGroup'))) {
      expect(group.Properties.SecurityGroupIngress).toBeUndefined();
      // The nowhere rule: without any rule CloudFormation lets everything out.
      for (const rule of group.Properties.SecurityGroupEgress ?? []) expect(rule.CidrIp).toBe('255.255.255.255/32');
    }
  });

  test('resolves names of RDS and of nothing else', () => {
    const { stack } = newSite();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroup', {
      FirewallRules: [
        Match.objectLike({
          Action: 'ALLOW',
          Priority: 100,
          FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        }),
        Match.objectLike({ Action: 'BLOCK', Priority: 200, BlockResponse: 'NODATA' }),
      ],
    });
    const domains = Object.values(template.findResources('AWS::Route53Resolver::FirewallDomainList')).map((list) =>
      list.Properties.Domains.map(flatten),
    );
    expect(domains).toEqual([['*.rds.<AWS.URLSuffix>', '*.rds.<AWS.Region>.<AWS.URLSuffix>'], ['*']]);
    template.resourceCountIs('AWS::Route53Resolver::FirewallRuleGroupAssociation', 1);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
  });

  test('takes zones', () => {
    const { stack } = newSite({ zones: ['eu-west-1a', 'eu-west-1b'] });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::Subnet', 2);
  });

  test.each([[[]], [['a']], [['a', 'a']], [['a', 'b', 'c', 'd', 'e', 'f', 'g']]])('fails for zones %j', (zones) => {
    expect(() => newSite({ zones })).toThrow(/zones of a recovery site must be two to six different zones/);
  });
});

describe('state and evidence', () => {
  test('are encrypted, private, TLS only and kept', () => {
    const { stack } = newSite();
    const template = Template.fromStack(stack);
    const buckets = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets) {
      expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(bucket.UpdateReplacePolicy).toBe('Retain');
      expect(bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration[0]).toMatchObject({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
      });
      expect(Object.values(bucket.Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    }
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('evidence is versioned, locked for 400 days, written once and never deleted', () => {
    const { stack, site } = newSite();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 400 } } },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: stack.resolve(site.evidenceBucket.bucketName),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'WriteOnce',
            Effect: 'Deny',
            Action: 's3:PutObject',
            Principal: { AWS: '*' },
            Condition: { Null: { 's3:if-none-match': 'true' } },
          }),
          Match.objectLike({
            Sid: 'NeverDelete',
            Effect: 'Deny',
            Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
            Principal: { AWS: '*' },
          }),
        ]),
      },
    });
  });

  test('state of drills expires, of resources does not', () => {
    const { stack } = newSite();
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { Id: 'drills-expire', Prefix: 'drills/', ExpirationInDays: 30, Status: 'Enabled' },
          { Id: 'executions-expire', Prefix: 'executions/', ExpirationInDays: 30, Status: 'Enabled' },
          { Id: 'monitor-expire', Prefix: 'monitor/', ExpirationInDays: 400, Status: 'Enabled' },
          { Id: 'messages-expire', Prefix: 'messages/', ExpirationInDays: 400, Status: 'Enabled' },
        ],
      },
      ObjectLockEnabled: Match.absent(),
    });
  });

  test('compliance needs an acknowledgement', () => {
    expect(() => newSite({ evidence: { objectLock: EvidenceLock.COMPLIANCE } })).toThrow(
      'evidence under object lock COMPLIANCE cannot be deleted by anyone for 400 days: set acknowledgeEvidenceCannotBeDeletedByAnyone to true, or choose GOVERNANCE',
    );
    const { stack } = newSite({
      evidence: {
        objectLock: EvidenceLock.COMPLIANCE,
        acknowledgeEvidenceCannotBeDeletedByAnyone: true,
        retention: Duration.days(7),
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } },
    });
  });

  test('without a lock the owner can empty the bucket', () => {
    const { stack } = newSite({ evidence: { objectLock: EvidenceLock.NONE }, removalPolicy: RemovalPolicy.DESTROY });
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.toJSON())).not.toContain('NeverDelete');
    expect(JSON.stringify(template.toJSON())).not.toContain('ObjectLock');
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  });

  test.each([
    [Duration.hours(1), /must be from 1 day to 100 years, got: 1 hour/],
    [Duration.days(40_000), /must be from 1 day to 100 years, got: 40000 days/],
    [Duration.hours(36), /must be whole days/],
    [Duration.days(Token.asNumber({ Ref: 'Days' })), /got: a value known only at deployment/],
  ])('fails for retention %s', (retention, message) => {
    expect(() => newSite({ evidence: { retention } })).toThrow(message);
  });
});

describe('functions', () => {
  test('carry the environment that handlers read', () => {
    const { stack, site } = newSite({ name: 'acme' });
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
    const variables = Object.fromEntries(
      Object.values(functions).map(({ Properties }) => [
        String(Properties.FunctionName).replace(site.prefix, ''),
        Properties.Environment.Variables as Record<string, unknown>,
      ]),
    );
    expect(Object.keys(variables).sort()).toEqual(Object.keys(everyFunction(site)).sort());
    const common = [
      'AWS_MAX_ATTEMPTS',
      'AWS_RETRY_MODE',
      'PATIENCE',
      'POWERTOOLS_LOG_LEVEL',
      'POWERTOOLS_SERVICE_NAME',
      'PREFIX',
      'SITE',
      'STATE_BUCKET',
    ];
    const own: Record<string, string[]> = {
      declare: ['SCHEDULE_GROUP'],
      restore: ['DRILL_SECURITY_GROUP', 'DRILL_SUBNET_GROUP'],
      verify: ['FILES_FUNCTION', 'QUERY_FUNCTION'],
      record: ['EVIDENCE_BUCKET', 'EVIDENCE_SCHEMA'],
      recorder: ['EVIDENCE_BUCKET', 'EVIDENCE_SCHEMA'],
      monitor: ['RDS_ARN'],
      notify: ['RESTORE_ROLES'],
      history: ['EVIDENCE_BUCKET', 'RDS_ARN', 'SCHEDULE_GROUP'],
    };
    for (const [name, environment] of Object.entries(variables)) {
      expect(Object.keys(environment).sort()).toEqual([...common, ...(own[name] ?? [])].sort());
      expect(environment).toMatchObject({ SITE: 'acme', PREFIX: site.prefix, PATIENCE: JSON.stringify(PATIENCE) });
    }
    const query = stack.resolve(site.functions.query.lambdaFunction.currentVersion.functionArn);
    expect(variables.verify.QUERY_FUNCTION).toEqual(query);
    const files = stack.resolve(site.functions.files.lambdaFunction.currentVersion.functionArn);
    expect(variables.verify.FILES_FUNCTION).toEqual(files);
  });

  test('have the newest runtime, their own role, log group and time', () => {
    const { stack } = newSite();
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const roles = functions.map(({ Properties }) => JSON.stringify(Properties.Role));
    expect(new Set(roles).size).toBe(functions.length);
  });

  test('only the query function is in the network', () => {
    const { stack, site } = newSite();
    const inside = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.VpcConfig,
    );
    expect(inside.map(({ Properties }) => Properties.FunctionName)).toEqual([`${site.prefix}query`]);
    expect(inside[0].Properties.VpcConfig).toEqual({
      SecurityGroupIds: [stack.resolve(site.network.verifierSecurityGroup.securityGroupId)],
      SubnetIds: site.network.subnets.map((subnet) => stack.resolve(subnet.attrSubnetId)),
    });
  });

  test('of drills are invoked by version, and old versions stay', () => {
    const { stack, site } = newSite();
    const template = Template.fromStack(stack);
    const versions = template.findResources('AWS::Lambda::Version');
    expect(Object.keys(versions)).toHaveLength(11);
    for (const version of Object.values(versions)) expect(version.DeletionPolicy).toBe('Retain');
    const statements = statementsOf(stack, site.drillStateMachine.role);
    const anyVersion = statements.flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource.map(flatten) : []));
    expect(anyVersion.filter((arn) => arn.endsWith('.Arn>:*'))).toHaveLength(9);
  });
});

describe('roles', () => {
  const { stack, site } = newSite({ name: 'acme' });
  const allowed = Object.fromEntries(
    Object.entries(everyFunction(site)).map(([name, { role }]) => [
      name,
      actionsOf(statementsOf(stack, role)).filter((action) => !action.startsWith('logs:')),
    ]),
  );
  const read = ['kms:Decrypt', 's3:GetObject', 's3:ListBucket'];
  const write = ['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject'];

  test('may do what their duty needs and no more', () => {
    expect(allowed).toEqual({
      declare: [...write, 'scheduler:GetSchedule'].sort(),
      choose: [...read, 'rds:DescribeAccountAttributes', 'rds:DescribeDBInstances', 'rds:DescribeDBSnapshots'].sort(),
      restore: [
        'rds:AddTagsToResource',
        'rds:DescribeDBInstances',
        'rds:RestoreDBInstanceFromDBSnapshot',
        'rds:RestoreDBInstanceToPointInTime',
      ],
      ready: ['rds:DescribeDBInstances'],
      access: [
        'rds:DescribeDBInstances',
        'rds:ModifyDBInstance',
        'secretsmanager:CreateSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:TagResource',
      ],
      verify: [...write, 'lambda:InvokeFunction', 'secretsmanager:GetSecretValue'].sort(),
      // What plans let it read comes with their buckets.
      files: [],
      query: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      teardown: [
        'rds:DeleteDBInstance',
        'rds:DescribeDBInstances',
        'secretsmanager:DeleteSecret',
        'secretsmanager:DescribeSecret',
      ],
      record: [...write, 's3:DeleteObject'].sort(),
      recorder: [...write, 's3:DeleteObject'].sort(),
      announce: read,
      sweep: [
        'rds:DeleteDBClusterSnapshot',
        'rds:DeleteDBInstance',
        'rds:DeleteDBSnapshot',
        'rds:DescribeDBClusterSnapshots',
        'rds:DescribeDBInstances',
        'rds:DescribeDBSnapshots',
        'secretsmanager:DeleteSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:ListSecrets',
        'states:DescribeExecution',
      ],
      history: [
        ...write,
        'backup:ListBackupJobs',
        'backup:ListCopyJobs',
        'backup:ListRestoreJobs',
        'cloudwatch:GetMetricData',
        'rds:DescribeAccountAttributes',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        'scheduler:GetSchedule',
        'scheduler:ListSchedules',
      ].sort(),
      monitor: [
        ...write,
        'backup:DescribeBackupVault',
        'backup:DescribeRegionSettings',
        'backup:ListCopyJobs',
        'backup:ListRecoveryPointsByBackupVault',
        'kms:DescribeKey',
        'kms:GetKeyPolicy',
        'rds:DescribeAccountAttributes',
        'rds:DescribeDBClusterSnapshots',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstanceAutomatedBackups',
        'rds:DescribeDBInstances',
        'rds:DescribeDBSnapshots',
      ].sort(),
      digest: read,
      notify: [...write, 'rds:DescribeDBClusterSnapshots', 'rds:DescribeDBSnapshots'].sort(),
    });
  });

  test.each(['restore', 'access', 'teardown', 'sweep'] as const)(
    '%s is denied all changes outside the prefix',
    (name) => {
      const deny = statementsOf(stack, site.functions[name].role).filter(({ Effect }) => Effect === 'Deny');
      expect(deny).toHaveLength(1);
      const outside = (deny[0].NotResource as unknown[]).map((arn) => flatten(arn).split(':').slice(5).join(':'));
      expect(outside).toEqual([
        `db:${site.prefix}*`,
        `cluster-snapshot:${site.prefix}*`,
        `snapshot:${site.prefix}*`,
        `subgrp:${site.prefix}drill`,
        'og:default:postgres-*',
        'pg:default.postgres*',
        `secret:${site.prefix}*`,
      ]);
      for (const verb of ['Add', 'Delete', 'Modify', 'Reboot', 'Remove', 'Start', 'Stop']) {
        expect(deny[0].Action).toContain(`rds:${verb}*`);
      }
      for (const verb of ['Delete', 'Put', 'Tag', 'Untag', 'Update']) {
        expect(deny[0].Action).toContain(`secretsmanager:${verb}*`);
      }
      expect(deny[0].Action).not.toContainEqual(expect.stringMatching(/^rds:(Restore|Describe|\*)/));
    },
  );

  test('change nothing outside the prefix', () => {
    for (const [, { role }] of Object.entries(everyFunction(site))) {
      for (const { Effect, Action, Resource } of statementsOf(stack, role)) {
        const changes = [Action].flat().some((action) => /^(rds|secretsmanager):(?!Describe|List|Get)/.test(action));
        if (Effect === 'Deny' || !changes) continue;
        for (const arn of [Resource].flat().map(flatten)) {
          expect(arn).toMatch(
            new RegExp(`:(db|secret|(cluster-)?snapshot|subgrp):${site.prefix}|:(og|pg):default[:.]postgres`),
          );
        }
      }
    }
  });

  test('the query function cannot use its network rights from its own code', () => {
    const deny = statementsOf(stack, site.functions.query.role).filter(({ Effect }) => Effect === 'Deny');
    expect(deny).toHaveLength(1);
    expect(flatten(deny[0].Condition?.ArnLike?.['lambda:SourceFunctionArn'])).toContain(`function:${site.prefix}query`);
    for (const action of allowed.query) expect(deny[0].Action).toContain(action);
  });

  test('restores carry the tag that the functions set', () => {
    expect(SITE_TAG).toBe(TAGS.site);
  });

  test('schedules start drills, sweeper and monitor, and are trusted in their own group alone', () => {
    const statements = statementsOf(stack, site.scheduleRole);
    expect(actionsOf(statements)).toEqual(['lambda:InvokeFunction', 'states:StartExecution']);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue(), 'aws:SourceArn': Match.anyValue() } },
          }),
        ],
      },
    });
  });
});

describe('alarms', () => {
  test('watch what the functions publish', () => {
    const stack = newStack();
    const ticket = new Topic(stack, 'Ticket');
    const { site } = newSite({ name: 'acme', alerts: { ticket, page: new Topic(stack, 'Page') } }, stack);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'CdkRecoverable',
      MetricName: 'Leftovers',
      AlarmDescription: Match.stringLikeRegexp(
        'a snapshot that the site took could not be removed when its time was over',
      ),
      Dimensions: [
        { Name: 'Resource', Value: 'site' },
        { Name: 'Site', Value: 'acme' },
      ],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
      WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 60 },
      AlarmActions: [stack.resolve(site.functions.notify.lambdaFunction.functionArn)],
      OKActions: [stack.resolve(site.functions.notify.lambdaFunction.functionArn)],
    });
    const metrics = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted', 'InvocationDroppedCount'];
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith(
        metrics.map((MetricName) => Match.objectLike({ MetricStat: { Metric: Match.objectLike({ MetricName }) } })),
      ),
      EvaluationPeriods: 3,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: [stack.resolve(ticket.topicArn)],
    });
    expect(site.drillFailedAlarm).toBeDefined();
    expect(site.leftoversAlarm).toBeDefined();
  });

  test('warns when nobody is told', () => {
    const { stack } = newSite();
    Annotations.fromStack(stack).hasWarning('/Test/Recovery', Match.stringLikeRegexp('has no alerts: nobody is told'));
  });

  test('fails for alerts without a topic', () => {
    expect(() => newSite({ alerts: {} })).toThrow(
      'alerts of recovery site test must name at least one topic of page, ticket and digest',
    );
  });
});

test('the recorder hears of every execution that did not succeed', () => {
  const { stack, site } = newSite();
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
        stateMachineArn: [stack.resolve(site.stateMachine.stateMachineArn)],
      },
    },
    Targets: [Match.objectLike({ Arn: stack.resolve(site.functions.recorder.lambdaFunction.functionArn) })],
  });
});

test('the sweeper looks every half hour', () => {
  const { stack } = newSite();
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(30 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 10 } },
  });
});

test('needs no more than a Region, and works in every partition', () => {
  const app = newApp();
  const { stack } = newSite({}, newStack({ region: 'cn-north-1' }, app));
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  expect(text).not.toMatch(/arn:aws:|amazonaws\.com\b(?!")/);
});
