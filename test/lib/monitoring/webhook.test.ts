import { Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RecoverySite, SignedWebhook, type SignedWebhookProps } from '../../../lib';
import { newApp } from '../app';
import { actionsOf, flatten, newStack, statementsOf } from '../support';

const URL = 'https://hooks.example.com/recovery';

function hooked(props: Partial<SignedWebhookProps> = {}, stack = newStack()) {
  const ticket = new Topic(stack, 'Tickets');
  const site = props.site ?? new RecoverySite(stack, 'Site', { name: 'acme', alerts: { ticket } });
  const secret = new Secret(stack, 'Key');
  const webhook = new SignedWebhook(stack, 'Hook', { site, topics: [ticket], url: URL, secret, ...props });
  return { stack, site, ticket, secret, webhook };
}

test('queues what each topic tells, once, and keeps what is not taken for 14 days', () => {
  const stack = newStack();
  const [page, digest] = ['Page', 'Digest'].map((id) => new Topic(stack, id));
  hooked({ topics: [page, digest, page] }, stack);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SNS::Subscription', 2);
  template.allResourcesProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: Match.absent() });
  template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 86_400 });
  template.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 360,
    RedrivePolicy: { maxReceiveCount: 8 },
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('its function reads the one secret and the one queue, and nothing else', () => {
  const { stack, site, secret, webhook } = hooked();
  const statements = statementsOf(stack, webhook.webhookFunction.role);
  expect(actionsOf(statements)).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
  ]);
  const reads = statements.find(({ Action }) => Action.includes('secretsmanager:GetSecretValue'));
  expect(reads?.Resource).toEqual(stack.resolve(secret.secretArn));
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: Match.stringLikeRegexp(`^${site.prefix}webhook-[0-9a-f]{8}$`),
    Timeout: 60,
    Environment: { Variables: { WEBHOOK_URL: URL, SIGNING_SECRET: stack.resolve(secret.secretArn) } },
  });
});

test('what could not be posted raises an alarm that goes to the site’s alerts as it is', () => {
  const { stack, ticket, webhook } = hooked();
  const [alarm] = Object.values(
    Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', {
      Properties: { MetricName: 'ApproximateNumberOfMessagesVisible' },
    }),
  );
  expect(alarm.Properties).toMatchObject({
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    Dimensions: [{ Name: 'QueueName', Value: stack.resolve(webhook.deadLetterQueue.queueName) }],
    TreatMissingData: 'notBreaching',
    AlarmActions: [stack.resolve(ticket.topicArn)],
  });
  expect(alarm.Properties.AlarmDescription).toMatch(/could not be posted to hooks\.example\.com\..*Next step:/);
});

test('two webhooks of a site have names of their own, and a site in another stack needs neither', () => {
  const app = newApp();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const site = new RecoverySite(newStack(env, app, 'SiteStack'), 'Site', { name: 'acme' });
  const stack = new Stack(app, 'Hooks', { env });
  for (const id of ['One', 'Two']) {
    const secret = new Secret(stack, `${id}Key`);
    new SignedWebhook(stack, id, { site, topics: [new Topic(stack, `${id}Topic`)], url: URL, secret });
  }
  app.synth();
  const names = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(({ Properties }) =>
    flatten(Properties.FunctionName),
  );
  expect(new Set(names).size).toBe(2);
});

test.each([
  ['', '""'],
  ['http://hooks.example.com', '"http://hooks.example.com"'],
  ['hooks.example.com', '"hooks.example.com"'],
  ['https://', '"https://"'],
  ['https://a b.example.com/', '"https://a b.example.com/"'],
  ['https://hooks.example.com/\r\nX: y', '"https://hooks.example.com/\\r\\nX: y"'],
  ['javascript:alert(1)', '"javascript:alert(1)"'],
  [Fn.ref('Url'), 'a value known only at deployment'],
])('an address that is none is refused: %s', (url, shown) => {
  expect(() => hooked({ url })).toThrow(`url of a webhook must be an address that begins with https://, got: ${shown}`);
});

test('a user and a password in the address are refused, and not repeated', () => {
  expect(() => hooked({ url: 'https://me:secret@hooks.example.com/' })).toThrow(
    /^url of a webhook must name no user and no password, .* hooks\.example\.com$/,
  );
});

test('a webhook that hears of nobody is refused, and one that is elsewhere than its site', () => {
  expect(() => hooked({ topics: [] })).toThrow('webhook Hook has nobody to hear of: name at least one topic in topics');
  const site = new RecoverySite(newStack({ region: 'eu-west-1' }), 'Site', { name: 'acme' });
  expect(() => hooked({ site })).toThrow(/^webhook Hook is for .* same account and Region/);
});
