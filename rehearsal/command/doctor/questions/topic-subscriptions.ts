import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { all, ask } from '../aws';
import { confirmed, each, refuted, type Question } from '../question';

/** SNS shows no ARN of a subscription before it is confirmed. */
const PENDING = 'PendingConfirmation';

export const topicSubscriptions: Question = {
  id: 'topic-subscriptions',
  asks: 'Whoever is to be told has confirmed it: every topic of a plan has subscriptions, none of them pending',
  ask: async (look) => {
    const alerts = (await look.monitors()).flatMap(({ definition }) => Object.values(definition.alerts) as string[]);
    return each(
      [...new Set(alerts)].sort(),
      (topic) => topic,
      async (topic) => {
        const client: SNSClient = look.aws.in(topic.split(':')[3]).sns;
        const found = await ask('sns:ListSubscriptionsByTopic', () =>
          all(paginateListSubscriptionsByTopic({ client }, { TopicArn: topic }), (page) => page.Subscriptions),
        );
        const pending = found.filter(({ SubscriptionArn }) => SubscriptionArn === PENDING);
        const to = pending.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`).join(', ');
        if (found.length > 0 && pending.length === 0) return confirmed(`It has ${found.length}, all confirmed.`, topic);
        return refuted(found.length === 0 ? 'It has none.' : `Not confirmed: ${to}.`, {
          about: topic,
          means: 'Messages about backups that are missed do not reach them.',
          nextStep:
            found.length === 0
              ? 'Subscribe somebody.'
              : 'Follow the link in the message that SNS sent them, or subscribe them again.',
        });
      },
    );
  },
};
