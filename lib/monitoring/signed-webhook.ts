import { Duration, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmGoesTo } from '../private/alerts';
import { requirePlaceOf } from '../private/plan-site';
import { show, ValidationError } from '../private/validation';
import type { RecoverySite } from '../site/recovery-site';
import { SiteFunction } from '../site/site-function';

/** What a webhook hears, and where it posts it. */
export interface SignedWebhookProps {
  /** The site; its alerts are told what could not be posted. */
  readonly site: RecoverySite;
  /** What is posted: everything that is published to one of these. Each may be under a key of its own. */
  readonly topics: ITopic[];
  /**
   * The receiver, `https://`. It stands in the template: what nobody may read belongs into no address, the receiver knows us by the
   * signature.
   */
  readonly url: string;
  /** Its text is the signing key, as Standard Webhooks has it: `whsec_` and 24 to 64 bytes in base64. Read again when rotated. */
  readonly secret: ISecret;
}

/** Receiving ends after this many times; with the time between them that is most of an hour. */
const ATTEMPTS = 8;
/** Two posts of ten seconds, and the signing key read before each. */
const TIMEOUT = Duration.seconds(60);

/**
 * Posts messages as JSON to any receiver that speaks Standard Webhooks: signed, with an id that stays, again and again for most of an
 * hour until it is taken. What is not is kept for 14 days, and the site's alerts are told.
 */
export class SignedWebhook extends Construct {
  /** What waits to be posted. */
  public readonly queue: Queue;
  /** What could not be posted; to post it again, redrive it. */
  public readonly deadLetterQueue: Queue;
  /** What posts. */
  public readonly webhookFunction: SiteFunction;
  /** Something could not be posted. Sent as it is, never through the webhook's own queue unless its topic is one of `topics`. */
  public readonly undeliveredAlarm: Alarm;

  constructor(scope: Construct, id: string, props: SignedWebhookProps) {
    super(scope, id);
    requirePlaceOf(props.site, this, `webhook ${id}`);
    const url = requireAddress(props.url);
    if (props.topics.length === 0) {
      throw new ValidationError(`webhook ${id} has nobody to hear of: name at least one topic in topics`);
    }
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: ATTEMPTS },
    });
    // Not raw: the id of SNS stays where SNS delivers twice, that of the queue does not.
    for (const topic of new Set(props.topics)) topic.addSubscription(new SqsSubscription(this.queue));
    this.webhookFunction = this.makeFunction(props, url);
    this.undeliveredAlarm = this.watchUndelivered(props.site, new URL(url).host);
  }

  private makeFunction({ site, secret }: SignedWebhookProps, url: string): SiteFunction {
    const made = new SiteFunction(this, 'Function', {
      prefix: site.prefix,
      handlerName: 'webhook',
      nameSuffix: `-${this.node.addr.slice(-8)}`,
      description: `Posts messages to ${new URL(url).host}`.slice(0, 256),
      timeout: TIMEOUT,
      environment: { WEBHOOK_URL: url, SIGNING_SECRET: secret.secretArn },
    });
    secret.grantRead(made.role);
    made.lambdaFunction.addEventSource(
      // One at a time, so that one that is not taken holds up no other; two at once, which no receiver minds.
      new SqsEventSource(this.queue, { batchSize: 1, maxConcurrency: 2, reportBatchItemFailures: true }),
    );
    return made;
  }

  private watchUndelivered(site: RecoverySite, host: string): Alarm {
    const alarm = new Alarm(this, 'Undelivered', {
      alarmDescription: [
        `What happened: messages of recovery site ${site.siteName} could not be posted to ${host}.`,
        'What it means: whoever hears of backups and drills there alone has missed something.',
        'Next step: read the newest lines in the log of the webhook function, mend what they name, and redrive the dead-letter queue within 14 days.',
      ].join(' '),
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // A queue that nobody used for some hours publishes nothing.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarmGoesTo(alarm, site._alerts() ?? {});
    return alarm;
  }
}

function requireAddress(url: string): string {
  const address = !Token.isUnresolved(url) && URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'https:' || !/^https:\/\/[^\s]+$/i.test(url)) {
    throw new ValidationError(`url of a webhook must be an address that begins with https://, got: ${show(url)}`);
  }
  if (address.username || address.password) {
    throw new ValidationError(
      `url of a webhook must name no user and no password, the receiver knows the signature; got one for ${address.host}`,
    );
  }
  return url;
}
