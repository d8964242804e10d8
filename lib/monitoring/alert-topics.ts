import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Alerts } from '../plan/alerts';
import { requireText, show, ValidationError } from '../private/validation';

/** What topics for alerts are made with. */
export interface AlertTopicsProps {
  /**
   * Addresses that get everything, whatever its severity; each must confirm. Others subscribe to the topics themselves: a pager
   * to `page`, Amazon Q Developer (Slack, Teams) to `ticket` and `digest`.
   * @default - nobody yet
   */
  readonly emails?: string[];
  /**
   * How the sender reads in mail.
   * @default "Recovery"
   */
  readonly displayName?: string;
  /**
   * Encrypts the topics; CloudWatch is allowed to use it.
   * @default - a key of their own
   */
  readonly encryptionKey?: Key;
}

/**
 * A topic for each severity, encrypted, over TLS alone, and such that messages arrive: CloudWatch may publish to them and use
 * their key. Without either alarms vanish in silence.
 */
export class AlertTopics extends Construct {
  /** Wakes somebody. */
  public readonly page: Topic;
  /** Work for the next working day. */
  public readonly ticket: Topic;
  /** For reading. */
  public readonly digest: Topic;
  /** Encrypts the topics. */
  public readonly encryptionKey: IKey;
  /** All three, for a plan or a site. */
  public readonly alerts: Alerts;

  constructor(scope: Construct, id: string, props: AlertTopicsProps = {}) {
    super(scope, id);
    const displayName = requireText(props.displayName ?? 'Recovery', 'display name of alert topics', 100);
    const emails = (props.emails ?? []).map(requireAddress);
    const key =
      props.encryptionKey ??
      new Key(this, 'Key', {
        description: 'Alerts about recovery',
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    const account = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayUseTheTopics',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        // In a key's policy: the key itself. AWS documents no source account there; the topics' own policies say it.
        resources: ['*'],
      }),
    );
    this.encryptionKey = key;
    const make = (topicId: string) => {
      const topic = new Topic(this, topicId, { displayName, masterKey: key, enforceSSL: true });
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: 'Alarms',
          principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          conditions: account,
        }),
      );
      for (const email of emails) topic.addSubscription(new EmailSubscription(email));
      return topic;
    };
    this.page = make('Page');
    this.ticket = make('Ticket');
    this.digest = make('Digest');
    this.alerts = { page: this.page, ticket: this.ticket, digest: this.digest };
  }
}

function requireAddress(email: string): string {
  requireText(email, 'an email address of alert topics', 320);
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) return email;
  throw new ValidationError(`an email address of alert topics must be like name@example.com, got: ${show(email)}`);
}
