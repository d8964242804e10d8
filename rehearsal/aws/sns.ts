import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-sns';
import { deliver, textFor } from './sns-delivery';
import { queryProtocol } from './protocol/query';
import { AwsError, modelled } from './protocol/types';
import { operation, type Check, type Place, type Service } from './service';

export interface Topic {
  readonly arn: string;
  /** ARN of its key; absent: not encrypted. */
  readonly kmsKeyArn?: string;
  readonly subscriptions?: readonly Subscription[];
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** Default true. */
  readonly confirmed?: boolean;
}

/** One message as it was published. */
export interface Published {
  readonly topic: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Of one page, as SNS has it. */
const SUBSCRIPTIONS = 100;

/** SNS that keeps what was published, and sends it to addresses on this machine alone: whatever a template subscribes hears nothing. */
export class RehearsedSns {
  readonly published: Published[] = [];
  private readonly subscribed: { readonly topic: string; readonly url: string }[] = [];

  constructor(private readonly options: Place & { readonly topics: readonly Topic[] }) {}

  /** Keeps what another service of AWS publishes, as alarms do. */
  accept(topic: string, payload: object): void {
    if (!this.topic(topic)) throw new Error(`the template holds no topic ${topic}`);
    this.keep({ topic, message: JSON.stringify(payload), attributes: {} }, false);
  }

  /** Subscribes a server on this machine as an HTTPS endpoint, without TLS. */
  subscribe(topic: string, url: string): void {
    if (new URL(url).hostname !== '127.0.0.1') throw new Error(`${url} is not on this machine`);
    this.subscribed.push({ topic, url });
  }

  private keep(published: Published, isStructured: boolean): string {
    const id = randomUUID();
    this.published.push(published);
    const { topic } = published;
    const message = isStructured ? textFor('https', published.message) : published.message;
    for (const { url } of this.subscribed.filter((one) => one.topic === topic)) {
      void deliver(url, { ...published, message, id });
    }
    return id;
  }

  service(): Service {
    const namespace = 'com.amazonaws.sns';
    return {
      signingName: 'sns',
      protocol: queryProtocol(namespace, '2010-03-31', 'http://sns.amazonaws.com/doc/2010-03-31/'),
      operations: [
        operation<sdk.PublishInput, sdk.PublishResponse>(
          sdk.Publish$,
          ['TopicArn', 'Message', 'Subject', 'MessageStructure', 'MessageAttributes'],
          (input) => this.checks(input),
          (input) => this.publish(input),
        ),
        operation<sdk.ListSubscriptionsByTopicInput, sdk.ListSubscriptionsByTopicResponse>(
          sdk.ListSubscriptionsByTopic$,
          ['TopicArn', 'NextToken'],
          ({ TopicArn }) => [{ action: 'sns:ListSubscriptionsByTopic', resource: TopicArn ?? '' }],
          (input) => this.subscriptions(input),
        ),
      ],
      denied,
      throttled: () => modelled(sdk.ThrottledException$, 'Rate exceeded'),
    };
  }

  private topic(arn: string | undefined): Topic | undefined {
    return this.options.topics.find((topic) => topic.arn === arn);
  }

  private checks(input: sdk.PublishInput): Check[] {
    const key = this.topic(input.TopicArn)?.kmsKeyArn;
    const context = {
      'kms:ViaService': `sns.${this.options.region}.amazonaws.com`,
      'kms:CallerAccount': this.options.account,
      'kms:EncryptionContext:aws:sns:topicArn': input.TopicArn ?? '',
    };
    const deniedAs = (message: string) => modelled(sdk.KMSAccessDeniedException$, message);
    const actions = key ? ['kms:GenerateDataKey', 'kms:Decrypt'] : [];
    return [
      { action: 'sns:Publish', resource: input.TopicArn ?? '' },
      ...actions.map((action) => ({ action, resource: key ?? '', context, deniedAs })),
    ];
  }

  private subscriptions({
    TopicArn,
    NextToken,
  }: sdk.ListSubscriptionsByTopicInput): sdk.ListSubscriptionsByTopicResponse {
    const topic = this.topic(TopicArn);
    if (!topic) throw modelled(sdk.NotFoundException$, 'Topic does not exist');
    const start = NextToken === undefined ? 0 : Number(/^at-(\d+)$/.exec(NextToken)?.[1]);
    if (Number.isNaN(start)) throw modelled(sdk.InvalidParameterException$, 'Invalid parameter: NextToken');
    const here = this.subscribed.filter((one) => one.topic === TopicArn);
    const own = here.map(({ url }) => ({ protocol: 'https', endpoint: url, confirmed: true }));
    const all: Subscription[] = [...(topic.subscriptions ?? []), ...own];
    const Subscriptions = all
      .slice(start, start + SUBSCRIPTIONS)
      .map(({ protocol, endpoint, confirmed = true }, index) => ({
        ...{ TopicArn, Protocol: protocol, Endpoint: endpoint, Owner: this.options.account },
        SubscriptionArn: confirmed ? `${TopicArn}:${start + index}` : 'PendingConfirmation',
      }));
    const end = start + SUBSCRIPTIONS;
    return { Subscriptions, ...(end < all.length && { NextToken: `at-${end}` }) };
  }

  private publish(input: sdk.PublishInput): sdk.PublishResponse {
    if (!this.topic(input.TopicArn)) {
      throw modelled(sdk.NotFoundException$, 'Topic does not exist');
    }
    const { Subject: subject, Message: message = '' } = input;
    // Printable ASCII that begins with a letter, digit or punctuation, on one line.
    if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
      throw modelled(sdk.InvalidParameterException$, 'Invalid parameter: Subject');
    }
    if (message === '' || Buffer.byteLength(message) > 262_144) {
      throw modelled(
        sdk.InvalidParameterException$,
        message === '' ? 'Invalid parameter: Empty message' : 'Invalid parameter: Message too long',
      );
    }
    if (input.MessageStructure !== undefined) {
      checkStructure(input.MessageStructure, message);
    }
    const attributes = Object.entries(input.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      value.StringValue ?? '',
    ]);
    const published = { topic: input.TopicArn ?? '', subject, message, attributes: Object.fromEntries(attributes) };
    return { MessageId: this.keep(published, input.MessageStructure === 'json') };
  }
}

/** A structured message is JSON with one text per protocol, `default` among them. */
function checkStructure(structure: string, message: string): void {
  let parsed: unknown;
  try {
    parsed = structure === 'json' ? JSON.parse(message) : undefined;
  } catch {
    throw modelled(
      sdk.InvalidParameterException$,
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    );
  }
  if (typeof (parsed as { default?: unknown } | undefined)?.default !== 'string') {
    throw modelled(
      sdk.InvalidParameterException$,
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
  }
}

/** SNS spells its own actions with capitals in messages. */
function denied(message: string): AwsError {
  return modelled(sdk.AuthorizationErrorException$, message.replace('perform: sns:', 'perform: SNS:'));
}
