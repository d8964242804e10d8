import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { DrillDefinition, DrillState, Verdict } from '../../../lib/private/contract/drill';
import { required } from '../../shared/environment';
import { NamedError } from '../../shared/named-error';
import { Store } from '../../shared/store';

const sns = new SNSClient();
const state = new Store(required('STATE_BUCKET'));

/** SNS takes ASCII subjects shorter than 100 characters. */
const SUBJECT_LENGTH = 99;

/** Announce: one sentence to the topic of the verdict's severity. */
export const handler = async ({ drill, evidence }: DrillState): Promise<{ topic: string | null }> => {
  if (!evidence) throw new NamedError('InvalidInput', 'there is no evidence to announce');
  const definition = await state.get<DrillDefinition>(drill.definition);
  const topic = definition && topicFor(evidence.verdict, definition.value.alerts);
  if (!topic) return { topic: null };
  const subject = `${evidence.verdict}: restore drill ${drill.name}`
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, SUBJECT_LENGTH);
  const message = [
    evidence.summary,
    '',
    `Evidence: ${evidence.key}`,
    `Page: ${evidence.page}`,
    `Execution: ${drill.execution}`,
  ].join('\n');
  await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: message }));
  return { topic };
};

/** A bad backup pages; not knowing never does; a pass is for the digest. A missing topic falls to the next quieter one. */
function topicFor(verdict: Verdict, { page, ticket, digest }: DrillDefinition['alerts']): string | undefined {
  if (verdict === 'FAILED') return page ?? ticket ?? digest;
  if (verdict === 'INCONCLUSIVE') return ticket ?? digest;
  return digest;
}
