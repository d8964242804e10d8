import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Heartbeat, RecoverySite } from '../../../lib';
import { newApp } from '../app';
import { actionsOf, newStack, statementsOf } from '../support';

function beating(interval?: Duration, stack = newStack()) {
  const site = new RecoverySite(stack, 'Site', { name: 'acme' });
  const url = new Secret(stack, 'Url');
  return { stack, site, heartbeat: new Heartbeat(stack, 'Heartbeat', { site, url, interval }) };
}

test.each([
  [undefined, 'rate(5 minutes)', 300],
  [Duration.minutes(1), 'rate(1 minute)', 60],
  [Duration.seconds(120), 'rate(2 minutes)', 120],
  [Duration.hours(1), 'rate(60 minutes)', 3_600],
])('beats in its interval', (interval, expression, latest) => {
  const { stack } = beating(interval);
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: Match.stringLikeRegexp('^heartbeat-[0-9a-f]{8}$'),
    ScheduleExpression: expression,
    State: 'ENABLED',
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: latest } },
  });
});

test('its function reads reports, schedules and its secret, and changes nothing', () => {
  const { stack, heartbeat } = beating();
  const statements = statementsOf(stack, heartbeat.heartbeatFunction.role);
  expect(actionsOf(statements)).toEqual([
    'kms:Decrypt',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:GetObject',
    's3:ListBucket',
    'scheduler:GetSchedule',
    'scheduler:ListSchedules',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
  ]);
});

test('a site in another stack lets it be started, by its name: neither stack needs the other twice', () => {
  const app = newApp();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const siteStack = newStack(env, app, 'SiteStack');
  const site = new RecoverySite(siteStack, 'Site', { name: 'acme' });
  const stack = new Stack(app, 'Beats', { env });
  for (const id of ['One', 'Two']) new Heartbeat(stack, id, { site, url: new Secret(stack, `${id}Url`) });
  app.synth();
  const names = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties.FunctionName as string,
  );
  expect(new Set(names).size).toBe(2);
  const allowed = JSON.stringify(statementsOf(siteStack, site.scheduleRole));
  for (const name of names) expect(allowed).toContain(`:lambda:eu-west-1:111122223333:function:${name}"`);
});

test.each([Duration.seconds(30), Duration.seconds(90), Duration.minutes(61), Duration.days(1), Duration.minutes(0)])(
  'an interval of %s is refused',
  (interval) => {
    expect(() => beating(interval)).toThrow(
      'interval of a heartbeat in minutes must be a whole number from 1 to 60, got: ',
    );
  },
);

test('an interval that is not known, and a site elsewhere, are refused', () => {
  expect(() => beating(Duration.minutes(Token.asNumber({ Ref: 'x' })))).toThrow(
    'interval of a heartbeat must be known at synthesis',
  );
  const site = new RecoverySite(newStack({ region: 'eu-west-1' }), 'Site', { name: 'acme' });
  const stack = newStack();
  expect(() => new Heartbeat(stack, 'Heartbeat', { site, url: new Secret(stack, 'Url') })).toThrow(
    /^heartbeat Heartbeat is for .* same account and Region/,
  );
});
