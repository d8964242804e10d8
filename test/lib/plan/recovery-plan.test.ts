import { Aws, Duration, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  type DatabaseInstanceProps,
  DatabaseInstanceReadReplica,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AlertTopics,
  Check,
  DrillSchedule,
  Engine,
  Expect,
  RecoverySite,
  RecoverySource,
  StandardCheck,
} from '../../../lib';
import { actionsOf, drilled, flatten, monitorsOf, inputOf, newPlan, newStack, orders, statementsOf } from '../support';
import { newApp } from '../app';

const weekly = { schedule: DrillSchedule.weekly() };
const postgres = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });

function database(stack: Stack, props: Partial<DatabaseInstanceProps> = {}, id = 'Db'): DatabaseInstance {
  const vpc = (stack.node.tryFindChild('Vpc') as Vpc) ?? new Vpc(stack, 'Vpc', { maxAzs: 2 });
  return new DatabaseInstance(stack, id, {
    engine: postgres,
    vpc,
    storageEncrypted: true,
    ...props,
  } as DatabaseInstanceProps);
}

describe('plans', () => {
  test('of one stack share a site where they name none', () => {
    const stack = newStack();
    const [gold, silver] = [newPlan(stack), newPlan(stack, {}, 'Silver')];
    expect(gold.site).toBe(silver.site);
    drilled(gold);
    drilled(silver);
    Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([
    ['no owner', { owner: ' ' }, /owner of plan Gold must be 1 to 200 characters/],
    ['a token as owner', { owner: Aws.STACK_NAME }, /owner of plan Gold must be known at synthesis/],
    ['no topic', { alerts: {} }, /alerts of plan Gold must name at least one topic of page, ticket and digest/],
    ['a name with a slash', { name: 'a/b' }, /name of a recovery plan must be 1 to 64 letters/],
    [
      'an rpo nothing can meet',
      { objectives: { rpo: Duration.minutes(4), rto: Duration.hours(1) } },
      /objective rpo of 4 minutes cannot be met: RDS keeps transaction logs every five minutes; the least is 5 minutes/,
    ],
    [
      'no rto',
      { objectives: { rpo: Duration.minutes(5), rto: Duration.seconds(0) } },
      /objective rto of 0 cannot be met|objective rto of 0 seconds cannot be met/,
    ],
    [
      'a token as rto',
      { objectives: { rpo: Duration.minutes(5), rto: Duration.minutes(Token.asNumber({ Ref: 'R' })) } },
      /objective rto must be known at synthesis/,
    ],
  ])('fail for %s', (_, props, message) => {
    expect(() => newPlan(newStack(), props)).toThrow(message);
  });

  test('fail where the shared site cannot be made', () => {
    const stack = newStack();
    new Topic(stack, 'RecoverySite');
    expect(() => newPlan(stack)).toThrow(
      /stack Test has something else under the id RecoverySite: give plan Gold its site/,
    );
  });

  test('fail for a site elsewhere', () => {
    const app = newApp();
    const site = new RecoverySite(newStack({ region: 'eu-west-1' }, app, 'Home'), 'Site');
    expect(() => newPlan(newStack({ region: 'eu-central-1' }, app, 'Dr'), { site })).toThrow(
      /plan Gold is for account .*, Region "eu-central-1" and its site home for .*, Region "eu-west-1": they must be in the same/,
    );
    expect(() => newPlan(newStack(undefined, app, 'Agnostic'), { site })).toThrow(
      /Region a value known only at deployment/,
    );
  });

  test('fail for one resource name twice on a site', () => {
    const stack = newStack();
    drilled(newPlan(stack));
    expect(() => drilled(newPlan(stack, { name: 'Gold' }, 'Other'))).toThrow(
      'two plans of one recovery site both protect Gold/Orders: give one of the plans another name',
    );
  });

  test('protect one thing by one id', () => {
    const plan = newPlan(newStack());
    orders(plan);
    expect(() => orders(plan)).toThrow('plan Gold protects something by the id Orders already: give each its own');
  });

  test.each(['Weekly', 'Proven'])('fail for a drill whose id, %s, the resource has already', (id) => {
    const resource = newPlan(newStack()).protectInstanceById('Orders', 'orders', { engine: Engine.POSTGRES });
    resource.addDrill('Weekly', weekly);
    expect(() => resource.addDrill(id, weekly)).toThrow(
      `Gold/Orders has something named ${id} already: name the drill differently`,
    );
  });

  test('may announce on their topics, under the keys of the topics', () => {
    const stack = newStack();
    const { page, encryptionKey: key } = new AlertTopics(stack, 'Alerts');
    const digest = new Topic(stack, 'Digest');
    const plan = newPlan(stack, { alerts: { page, ticket: page, digest } });
    drilled(plan);
    const statements = statementsOf(stack, plan.site.functions.announce.role);
    const publish = statements.find(({ Action }) => Action === 'sns:Publish');
    expect(publish?.Resource).toEqual([page, digest].map((topic) => stack.resolve(topic.topicArn)));
    const keys = statements.filter(({ Action }) => Array.isArray(Action) && Action.includes('kms:GenerateDataKey'));
    expect(keys.map(({ Resource }) => Resource)).toEqual([stack.resolve(key.keyArn)]);
  });
});

describe('an owned instance', () => {
  test('is protected with its own facts, and left as it was where it is not managed', () => {
    const stack = newStack();
    const db = database(stack, { storageEncryptionKey: new Key(stack, 'Key') });
    const before = stack.resolve((db.node.defaultChild as never)['cfnProperties']);
    const plan = newPlan(stack);
    const drill = plan.protectInstance('Orders', db, { manage: false }).addDrill('Weekly', weekly);
    const { definition } = inputOf(stack, drill.scheduleName);
    expect(definition.resource).toEqual({
      name: 'Gold/Orders',
      identifier: `<${stack.getLogicalId(db.node.defaultChild as never)}>`,
      engine: 'postgres',
      ownership: 'owned',
    });
    expect(stack.resolve((db.node.defaultChild as never)['cfnProperties'])).toEqual(before);
  });

  test.each([
    ['its own key', (stack: Stack) => ({ storageEncryptionKey: new Key(stack, 'Key') }), /^<Key.*\.Arn>$/],
    ['the key of RDS', () => ({}), /:key\/\*$/],
  ])('encrypted under %s', (_, props, resource) => {
    const stack = newStack();
    const plan = newPlan(stack);
    plan.protectInstance('Orders', database(stack, props(stack))).addDrill('Weekly', weekly);
    const keys = statementsOf(stack, plan.site.functions.restore.role).filter(({ Sid }) => Sid?.endsWith('SourceKeys'));
    expect(keys).toHaveLength(2);
    for (const statement of keys) {
      expect(flatten(statement.Resource)).toMatch(resource);
      expect(flatten(statement.Condition?.StringEquals['kms:ViaService'])).toBe('rds.<AWS.Region>.<AWS.URLSuffix>');
    }
    const grant = keys.find(({ Action }) => Action === 'kms:CreateGrant');
    expect(grant?.Condition?.Bool).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
  });

  test('unencrypted needs no key', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    plan.protectInstance('Orders', database(stack, { storageEncrypted: false })).addDrill('Weekly', weekly);
    expect(actionsOf(statementsOf(stack, plan.site.functions.restore.role)).join()).not.toContain('kms:');
  });

  test('fails without automated backups', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    expect(() => plan.protectInstance('Orders', database(stack, { backupRetention: Duration.days(0) }))).toThrow(
      'no recovery objective of Gold/Orders can be met: its automated backups are off; set its backupRetention to at least 1 day',
    );
    const source = database(stack, {}, 'Source');
    const replica = new DatabaseInstanceReadReplica(stack, 'Replica', {
      sourceDatabaseInstance: source,
      instanceType: new InstanceType('t4g.micro'),
      vpc: source.vpc,
    });
    expect(() => plan.protectInstance('Replica', replica, { engine: Engine.POSTGRES })).toThrow(
      /automated backups are off/,
    );
  });

  test('fails in another Region than its site', () => {
    const app = newApp();
    const db = database(newStack({ region: 'eu-west-1' }, app, 'Db'));
    const plan = newPlan(newStack({ region: 'eu-central-1' }, app, 'Plan'));
    expect(() => plan.protectInstance('Orders', db)).toThrow(
      'Gold/Orders is in Region eu-west-1 and its site in eu-central-1: a database is drilled by a site in its own Region',
    );
  });
});

describe('an observed instance', () => {
  const attributes = {
    instanceIdentifier: 'Legacy-Prod',
    instanceEndpointAddress: 'x',
    port: 5432,
    securityGroups: [],
  };

  test('imported with its engine, and by identifier', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', { ...attributes, engine: postgres });
    const one = plan.protectInstance('One', imported).addDrill('Weekly', weekly);
    const two = plan.protectInstanceById('Two', 'LEGACY-two', { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
    expect(inputOf(stack, one.scheduleName).definition.resource).toMatchObject({
      identifier: 'legacy-prod',
      ownership: 'observed',
    });
    expect(inputOf(stack, two.scheduleName).definition.resource).toMatchObject({
      identifier: 'legacy-two',
      ownership: 'observed',
    });
  });

  test('needs its engine said', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const imported = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Db', attributes);
    expect(() => plan.protectInstance('Legacy', imported)).toThrow(
      'engine of Gold/Legacy is not known here: give it, such as { engine: Engine.POSTGRES }',
    );
    expect(() => plan.protectInstance('Legacy2', imported, { engine: Engine.POSTGRES })).not.toThrow();
    expect(() => plan.protectInstanceById('Third', 'x', {} as never)).toThrow(/engine of Gold\/Third is not known/);
  });

  test('may be known by a token, and by its key', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/abc');
    plan
      .protectInstanceById('Legacy', Token.asString({ Ref: 'Identifier' }), {
        engine: Engine.POSTGRES,
        encryptionKey: key,
      })
      .addDrill('Weekly', weekly);
    const statements = statementsOf(stack, plan.site.functions.restore.role);
    const from = statements.find(({ Sid }) => Sid === 'RestoreFrom');
    expect((from?.Resource as unknown[]).map((arn) => flatten(arn).split(':').slice(5).join(':'))).toEqual([
      'db:<Identifier>',
      'snapshot:rds:<Identifier>-20??-??-??-??-??',
    ]);
    expect(from?.Condition).toEqual({ StringEquals: { 'aws:RequestTag/cdk-recoverable:site': plan.site.siteName } });
    expect(statements.find(({ Action }) => Action === 'kms:CreateGrant')?.Resource).toBe(key.keyArn);
  });

  test.each(['', 'a--b', '1a', 'a-', 'a'.repeat(64), 'a;b', "o'rders", 'a*', 'a?', '<b>', 'ä'])(
    'fails for identifier %j',
    (identifier) => {
      const plan = newPlan(newStack());
      expect(() => plan.protectInstanceById('Legacy', identifier, { engine: Engine.POSTGRES })).toThrow(
        /identifier of Gold\/Legacy must be 1 to 63 letters, digits and single hyphens/,
      );
    },
  );

  test('fails for a copy of a drill', () => {
    const plan = newPlan(newStack());
    expect(() => plan.protectInstanceById('Copy', `${plan.site.prefix}abc`, { engine: Engine.POSTGRES })).toThrow(
      /belongs to copies of drills/,
    );
  });

  test.each(['', 'a/b', ' a', '"', '<script>', 'ä', 'x'.repeat(65)])('fails for id %j', (id) => {
    const plan = newPlan(newStack());
    expect(() => plan.protectInstanceById(id, 'x', { engine: Engine.POSTGRES })).toThrow(
      /id of what plan Gold protects must be 1 to 64 letters/,
    );
  });
});

test('an RTO longer than a drill waits for a restore is told, since drills cannot show it', () => {
  const warned = (rto: Duration) => {
    const stack = newStack();
    drilled(newPlan(stack, { objectives: { rpo: Duration.minutes(15), rto } }));
    return Annotations.fromStack(stack).findWarning('/Test/Gold', Match.stringLikeRegexp('longer than the 14 hours'));
  };
  expect(warned(Duration.hours(14))).toEqual([]);
  expect(warned(Duration.hours(24))).toHaveLength(1);
});

describe('the proven alarm', () => {
  test('watches the metric that the monitor publishes for it', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const resource = drilled(plan);
    resource.addDrill('Yearly', { schedule: DrillSchedule.yearly() });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::CloudWatch::Alarm', {
      Properties: {
        Namespace: 'CdkRecoverable',
        MetricName: 'DrillAgeRatio',
        Dimensions: [
          { Name: 'Resource', Value: 'Gold/Orders' },
          { Name: 'Site', Value: plan.site.siteName },
        ],
        Period: 3600,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'breaching',
        WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 120 },
        AlarmDescription: Match.stringLikeRegexp('What happened: .* What it means: .* Next step: '),
      },
      DependsOn: Match.arrayWith([stack.getLogicalId(plan.monitor.schedules[0])]),
    });
    // Of two drills the more frequent one counts.
    const [{ resources }] = monitorsOf(stack);
    expect(resources).toEqual([expect.objectContaining({ name: 'Gold/Orders', provenSeconds: 8 * 86_400 })]);
  });

  test('a resource without a drill does not synthesize', () => {
    const app = newApp();
    orders(newPlan(newStack(undefined, app)));
    expect(() => app.synth()).toThrow(
      /Gold\/Orders is protected but never drilled, so its recovery is never proven: call addDrill on it/,
    );
  });
});

describe('drills', () => {
  test('carry their definition in their schedule', () => {
    const stack = newStack();
    const page = new Topic(stack, 'Page');
    const plan = newPlan(stack, { alerts: { page } });
    const sql = `select '"quoted"; drop table x; --' || $$\\ü\n<script>$$`;
    const drill = orders(plan).addDrill('Weekly', {
      ...weekly,
      checks: [Check.query('hostile', sql, Expect.equalTo('"')), Check.rowCount('"we;ird"."tä ble"', { atLeast: 1 })],
      withoutChecks: [{ check: StandardCheck.FOREIGN_KEYS, reason: 'it\'s "slow"' }],
    });
    expect(drill.drillName).toBe('Gold/Orders/Weekly');
    expect(inputOf(stack, drill.scheduleName)).toEqual({
      schedule: drill.scheduleName,
      scheduledTime: '<aws.scheduler.scheduled-time>',
      definition: {
        schema: 'cdk-recoverable/drill/v1',
        drill: 'Gold/Orders/Weekly',
        plan: 'Gold',
        owner: 'Payments',
        resource: { name: 'Gold/Orders', identifier: 'orders-prod', engine: 'postgres', ownership: 'observed' },
        objectives: { rpoSeconds: 900, rtoSeconds: 7200 },
        intervalSeconds: 8 * 86_400,
        sources: [{ kind: 'point-in-time' }],
        checks: [
          { kind: 'query', id: 'hostile', sql, expect: { equals: '"' } },
          { kind: 'row-count', id: 'row-count:"we;ird"."tä ble"', table: '"we;ird"."tä ble"', atLeast: 1 },
        ],
        withoutChecks: [{ check: 'foreign-keys', reason: 'it\'s "slow"' }],
        alerts: { page: `<${stack.getLogicalId(page.node.defaultChild as never)}>` },
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: drill.scheduleName,
      GroupName: `${plan.site.prefix}drills`,
      ScheduleExpression: 'cron(0 4 ? * SUN *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: stack.resolve(plan.site.stateMachine.stateMachineArn),
        RoleArn: stack.resolve(plan.site.scheduleRole.roleArn),
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 },
      },
    });
    expect(drill.scheduleName).toMatch(/^[0-9a-zA-Z_.-]{1,64}$/);
  });

  test('with many checks carry them as an asset that the first state may read', () => {
    const stack = newStack();
    const plan = newPlan(stack);
    const checks = Array.from({ length: 300 }, (_, index) => Check.rowCount(`table_${index}`, { atLeast: 1 }));
    const drill = orders(plan).addDrill('Weekly', { ...weekly, checks });
    const input = inputOf(stack, drill.scheduleName);
    expect(input.definition.checks).toEqual([]);
    expect(input.definition.checksAsset).toMatchObject({
      key: expect.stringMatching(/\.json$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(input).length).toBeLessThan(16_384);
    const { key } = input.definition.checksAsset as { key: string };
    const reads = statementsOf(stack, plan.site.functions.declare.role).filter(
      ({ Action }) => Action === 's3:GetObject',
    );
    expect(reads.map(({ Resource }) => flatten(Resource)).some((arn) => arn.endsWith(`/${key}`))).toBe(true);
  });

  test('long names stay within the limits of Scheduler and differ', () => {
    const stack = newStack(undefined, undefined, 'S'.repeat(100));
    const plan = newPlan(stack, {}, 'P'.repeat(64));
    const resource = plan.protectInstanceById('R'.repeat(64), 'x', { engine: Engine.POSTGRES });
    const names = ['D'.repeat(63) + '1', 'D'.repeat(63) + '2'].map((id) => resource.addDrill(id, weekly).scheduleName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
  });

  test.each([
    ['no source', { sources: [] }, /sources of drill Gold\/Orders\/Weekly must not be empty/],
    [
      'two checks of one id',
      { checks: [Check.rowCount('a', { atLeast: 1 }), Check.rowCount('a', { atMost: 9 })] },
      /two checks of drill Gold\/Orders\/Weekly have the id row-count:a/,
    ],
    [
      'an empty reason',
      { withoutChecks: [{ check: StandardCheck.CONNECT, reason: ' ' }] },
      /the reason to leave out connect of drill Gold\/Orders\/Weekly must be 1 to 500 characters/,
    ],
    [
      'a reason twice',
      { withoutChecks: [1, 2].map((n) => ({ check: StandardCheck.SETTINGS, reason: `${n}` })) },
      /leaves out settings twice/,
    ],
    [
      'snapshots alone under a short rpo',
      { sources: [RecoverySource.snapshot()] },
      /objective rpo of 15 minutes cannot be relied on from snapshots, which are up to 1 day old: add RecoverySource.pointInTime\(\)/,
    ],
  ])('fail for %s', (_, options, message) => {
    const resource = orders(newPlan(newStack()));
    expect(() => resource.addDrill('Weekly', { ...weekly, ...options })).toThrow(message);
  });

  test('warn where a source in turn is older than the rpo', () => {
    const stack = newStack();
    orders(newPlan(stack)).addDrill('Weekly', {
      ...weekly,
      sources: [RecoverySource.pointInTime(), RecoverySource.snapshot()],
    });
    Annotations.fromStack(stack).hasWarning(
      '/Test/Gold/Orders/Weekly',
      Match.stringLikeRegexp("FAILED when it is the snapshot's turn"),
    );
  });

  test('take snapshots alone under an rpo of a day', () => {
    const stack = newStack();
    const plan = newPlan(stack, { objectives: { rpo: Duration.days(1), rto: Duration.hours(2) } });
    const drill = orders(plan).addDrill('Weekly', { ...weekly, sources: [RecoverySource.snapshot()] });
    expect(inputOf(stack, drill.scheduleName).definition.sources).toEqual([{ kind: 'snapshot' }]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('a site in another stack', () => {
  test('is granted from the plan’s stack, and deployed first', () => {
    const app = newApp();
    const env = { region: 'eu-west-1' };
    const [siteStack, planStack, dbStack] = ['Site', 'Plan', 'Db'].map((id) => newStack(env, app, id));
    const site = new RecoverySite(siteStack, 'Site', { name: 'acme' });
    const plan = newPlan(planStack, { site });
    plan.protectInstance('Orders', database(dbStack)).addDrill('Weekly', weekly);
    app.synth();
    expect(planStack.dependencies).toEqual(expect.arrayContaining([siteStack, dbStack]));
    expect(siteStack.dependencies).toEqual([]);
    expect(JSON.stringify(Template.fromStack(siteStack).toJSON())).not.toContain('RestoreFrom');
    const template = Template.fromStack(planStack);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ 'Fn::ImportValue': Match.stringLikeRegexp('^Site:') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'RestoreFrom' })]) },
    });
    template.resourceCountIs('AWS::IAM::Role', 0);
  });

  test.each([[undefined], [{ region: 'eu-west-1', account: '111122223333' }]])('works in environment %j', (env) => {
    const app = newApp();
    const site = new RecoverySite(newStack(env, app, 'Site'), 'Site', { name: 'acme' });
    drilled(newPlan(newStack(env, app, 'Plan'), { site }));
    expect(() => app.synth()).not.toThrow();
  });

  test('a plan in a nested stack shares the site of its parent', () => {
    const app = newApp();
    const stack = newStack(undefined, app);
    const nested = new NestedStack(stack, 'Nested');
    const plan = newPlan(nested as Stack);
    drilled(plan);
    expect(Stack.of(plan.site)).toBe(stack);
    expect(() => app.synth()).not.toThrow();
  });
});

test('a hundred and fifty resources fit: policies and monitor are split', () => {
  const app = newApp();
  const site = new RecoverySite(newStack(undefined, app, 'Site'), 'Site', { name: 'acme' });
  const stack = newStack(undefined, app);
  const plan = newPlan(stack, { site });
  for (let index = 0; index < 150; index++) {
    const identifier = `db-${index}-${'x'.repeat(54)}`.slice(0, 63);
    plan.protectInstanceById(`Db${index}`, identifier, { engine: Engine.POSTGRES }).addDrill('Weekly', weekly);
  }
  const template = Template.fromStack(stack);
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  expect(policies).toHaveLength(8);
  for (const policy of policies) {
    const document = JSON.stringify(policy.Properties.PolicyDocument, (_, value) =>
      value?.['Fn::Join']
        ? flatten(value)
            .replace('<AWS.Region>', 'ap-northeast-1')
            .replace('<AWS.AccountId>', '111122223333')
            .replace('<AWS.Partition>', 'aws')
        : value,
    );
    expect(document.replace(/\s/g, '').length).toBeLessThan(6_144);
  }
  expect(plan.monitor.schedules).toHaveLength(2);
});

test('warns at more managed policies than a role takes', () => {
  const stack = newStack();
  for (let index = 0; index < 11; index++) drilled(newPlan(stack, {}, `Plan${index}`));
  Annotations.fromStack(stack).hasWarning('/Test/Plan10', Match.stringLikeRegexp('has more than 10 managed policies'));
  Annotations.fromStack(stack).hasNoWarning('/Test/Plan9', Match.anyValue());
});

test('counts them together, whatever is protected', () => {
  const stack = newStack();
  for (let index = 0; index < 6; index++) drilled(newPlan(stack, {}, `Plan${index}`));
  const files = newPlan(stack, {}, 'Files');
  for (let index = 0; index < 17; index++) {
    files.protectBucket(`B${index}`, Bucket.fromBucketName(stack, `B${index}`, `bucket-${index}`), { versioned: true });
  }
  const warnings = Annotations.fromStack(stack).findWarning('/Test/Files', Match.stringLikeRegexp('managed policies'));
  expect(warnings.map(({ entry }) => entry.data)).toEqual([
    expect.stringMatching(/^the role Restore of recovery site test has more than 10 managed policies/),
  ]);
});
