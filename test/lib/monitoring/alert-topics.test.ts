import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib';
import { AlertTopics, RecoverySite } from '../../../lib';
import { newApp } from '../app';
import { drilled, newPlan, newStack } from '../support';

const cloudwatch = new ServicePrincipal('cloudwatch.amazonaws.com');

/** Synthesizes a plan that tells one topic. */
function telling(make: (stack: Stack) => Topic) {
  const app = newApp();
  const stack = newStack(undefined, app);
  drilled(newPlan(stack, { alerts: { ticket: make(stack) } }));
  return { app, stack };
}

describe('alert topics', () => {
  const app = newApp();
  const stack = newStack(undefined, app);
  const topics = new AlertTopics(stack, 'Alerts', { emails: ['platform@example.com'] });
  new RecoverySite(stack, 'Site', { name: 'acme', alerts: topics.alerts });

  test('are encrypted under a key that CloudWatch may use, take TLS alone, and let alarms publish', () => {
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 3);
    const publishes = { Action: 'sns:Publish', Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };
    template.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ ...publishes, Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() } } }),
        ]),
      }),
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      Description: 'Alerts about recovery',
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      }),
    });
    template.resourceCountIs('AWS::SNS::Subscription', 3);
  });

  test('pass what is asked of topics', () => {
    expect(() => app.synth()).not.toThrow();
  });

  test.each(['platform', 'a b@example.com', ''])('refuse the address %j', (email) => {
    expect(() => new AlertTopics(newStack(), 'Alerts', { emails: [email] })).toThrow(
      /an email address of alert topics must be/,
    );
  });
});

test.each<[string, (stack: Stack) => Topic, string]>([
  [
    'the key of SNS itself',
    (stack) => new Topic(stack, 'T', { masterKey: Alias.fromAliasName(stack, 'A', 'alias/aws/sns') }),
    'topic Test/T is under alias/aws/sns, which CloudWatch may not use: no alarm would arrive; give it a key of its own whose policy lets cloudwatch.amazonaws.com use it, or use AlertTopics',
  ],
  [
    'a key that CloudWatch may not use',
    (stack) => new Topic(stack, 'T', { masterKey: new Key(stack, 'K') }),
    'topic Test/T is under key Test/K/Resource, whose policy does not let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey: no alarm would arrive; add that statement, or use AlertTopics',
  ],
  [
    'a policy that forgets CloudWatch',
    (stack) => new Topic(stack, 'T', { enforceSSL: true }),
    'topic Test/T has a policy that does not let cloudwatch.amazonaws.com publish: no alarm would arrive; add that statement, or use AlertTopics',
  ],
])('a topic under %s does not synthesize', (_, make, message) => {
  const { app } = telling(make);
  expect(() => app.synth()).toThrow(message);
});

test('statements that come later count, and an alias stands for its key', () => {
  const { app } = telling((stack) => {
    const key = new Key(stack, 'K');
    const topic = new Topic(stack, 'T', { enforceSSL: true, masterKey: key.addAlias('alias/alerts') });
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    key.addToResourcePolicy(new PolicyStatement({ principals: [cloudwatch], actions, resources: ['*'] }));
    topic.addToResourcePolicy(
      new PolicyStatement({ principals: [cloudwatch], actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    return topic;
  });
  expect(() => app.synth()).not.toThrow();
});

test('of a key that the app does not own a warning says what to look at; an imported topic is the account’s', () => {
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  const { app, stack } = telling((scope) => new Topic(scope, 'T', { masterKey: Key.fromKeyArn(scope, 'K', arn) }));
  expect(() => app.synth()).not.toThrow();
  Annotations.fromStack(stack).hasWarning(
    '/Test/Gold',
    Match.stringLikeRegexp('under a key that this app does not own'),
  );
  const imported = newStack();
  const ticket = Topic.fromTopicArn(imported, 'T', 'arn:aws:sns:eu-west-1:111122223333:alerts');
  new RecoverySite(imported, 'Site', { name: 'acme', alerts: { ticket } });
  Annotations.fromStack(imported).hasNoWarning('/Test/Site', Match.anyValue());
});
