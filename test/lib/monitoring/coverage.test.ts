import { Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RecoverySite } from '../../../lib';
import { actionsOf, newStack, statementsOf } from '../support';

function newSite(alerts = true) {
  const stack = newStack({ account: '111122223333', region: 'eu-west-1' });
  const site = new RecoverySite(stack, 'Site', {
    name: 'acme',
    ...(alerts && { alerts: { ticket: new Topic(stack, 'Tickets') } }),
  });
  return { stack, site };
}

test('looks every hour, and is told what may be without a plan', () => {
  const { stack, site } = newSite();
  site.alarmOnUnprotected({ exclude: ['legacy-*', 'Scratch'] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'coverage',
    ScheduleExpression: 'rate(1 hour)',
    Target: {
      Input: {
        'Fn::Join': [
          '',
          ['{"exclude":["legacy-*","Scratch"],"buckets":false,"alerts":{"ticket":"', Match.anyValue(), '"}}'],
        ],
      },
    },
  });
  const [alarm] = Object.values(
    template.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'Unprotected' } }),
  );
  expect(alarm.Properties).toMatchObject({
    Namespace: 'CdkRecoverable',
    Dimensions: [
      { Name: 'Resource', Value: 'site' },
      { Name: 'Site', Value: 'acme' },
    ],
    Statistic: 'Maximum',
    Period: 3600,
    EvaluationPeriods: 2,
    Threshold: 0,
    TreatMissingData: 'breaching',
    AlarmActions: [stack.resolve(site.functions.notify.lambdaFunction.functionArn)],
  });
});

test('reads, keeps what it found, tells, and does nothing else; buckets are listed only when they count', () => {
  const { stack, site } = newSite();
  const { coverageFunction } = site.alarmOnUnprotected();
  const actions = actionsOf(statementsOf(stack, coverageFunction.role)).filter((action) => !action.startsWith('logs:'));
  expect(actions).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'rds:DescribeDBClusters',
    'rds:DescribeDBInstances',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
    'scheduler:GetSchedule',
    'scheduler:ListSchedules',
    'sns:Publish',
  ]);
  const other = newSite();
  const buckets = other.site.alarmOnUnprotected({ buckets: true });
  expect(actionsOf(statementsOf(other.stack, buckets.coverageFunction.role))).toContain('s3:ListAllMyBuckets');
});

test('costs six resources, once for a site', () => {
  const count = (look: boolean) => {
    const { stack, site } = newSite();
    if (look) site.alarmOnUnprotected();
    return Object.keys(Template.fromStack(stack).toJSON().Resources).length;
  };
  expect(count(true) - count(false)).toBe(6);
});

test('an identifier that is known at deployment is an exception like any other', () => {
  const { stack, site } = newSite();
  site.alarmOnUnprotected({ exclude: [Token.asString({ Ref: 'Scratch' })] });
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'))).toContain('Scratch');
});

test.each([
  [['*'], /must not exclude everything, got: \*/],
  [['**'], /must not exclude everything/],
  [[''], /takes identifiers of databases and names of buckets/],
  [['a b'], /got: "a b"/],
  [['x'.repeat(64)], /takes identifiers/],
])('fails for exclude %p', (exclude, message) => {
  expect(() => newSite().site.alarmOnUnprotected({ exclude })).toThrow(message);
});

test('fails when nobody would be told, and when asked for twice', () => {
  expect(() => newSite(false).site.alarmOnUnprotected()).toThrow(
    /nobody to tell what is unprotected: give the site alerts/,
  );
  const { site } = newSite();
  site.alarmOnUnprotected();
  expect(() => site.alarmOnUnprotected()).toThrow(/call alarmOnUnprotected once, with all exceptions/);
});
