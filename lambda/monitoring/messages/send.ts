import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { now, plusSeconds } from '../../shared/clock';
import { required } from '../../shared/environment';
import { keys } from '../../shared/keys';
import { log } from '../../shared/log';
import { NamedError } from '../../shared/named-error';
import { Store, type Stored } from '../../shared/store';
import { bodiesOf, subjectOf } from './bodies';
import type { Message } from './message';
import { hashOf } from './hash';
import { after, decide, severityOf, type Told } from './told';
import { audienceKey, topicFor, type AlertTopics } from './topic';

const sns = new SNSClient();
const state = new Store(required('STATE_BUCKET'));

/** Who tells has this long, and is then taken for dead. */
const TELLING_SECONDS = 30;
/** Publishing is given up before that, so that two never tell. */
const PUBLISH_SECONDS = 25;
const POLL_MILLISECONDS = 300;

/**
 * Tells people, unless these people have been told the cause. Of many that send one cause at once, one tells and the others wait until it has:
 * when this returns, people have been told, by whomever. If telling fails the cause counts as not told, and this throws.
 * @returns whether this call told them
 */
export async function send(message: Message, alerts: AlertTopics): Promise<boolean> {
  const hash = hashOf(message.site, message.cause, audienceKey(alerts));
  const key = keys.message(hash);
  for (;;) {
    const held = await state.get<Told>(key);
    const decision = decide(held?.value, message, now());
    if (decision === 'nothing') return false;
    if (decision === 'note') return note(key, held);
    if (decision === 'tell') {
      const topic = topicFor(severityOf(held?.value, message), alerts);
      if (!topic) return nobody(message, alerts);
      const by = await claim(key, message.cause, held);
      if (by) return tell(key, by, message, topic, hash);
    }
    await pause(POLL_MILLISECONDS * (0.5 + Math.random()));
  }
}

/** That a cause still lasts; whoever comes first notes it for all. */
async function note(key: string, held: Stored<Told> | null): Promise<false> {
  if (held?.value.raised) {
    const { raised, ...rest } = held.value;
    await state.put(key, { ...rest, raised: { ...raised, seenAt: now() } }, { etag: held.etag });
  }
  return false;
}

/** @returns who tells, undefined where somebody else was faster. */
async function claim(key: string, cause: string, held: Stored<Told> | null): Promise<string | undefined> {
  const telling = { by: randomUUID(), until: plusSeconds(now(), TELLING_SECONDS) };
  const claimed = await state.put(
    key,
    { ...(held?.value ?? { cause }), telling },
    held ? { etag: held.etag } : 'absent',
  );
  return claimed ? telling.by : undefined;
}

async function tell(key: string, by: string, message: Message, topic: string, hash: string): Promise<true> {
  try {
    const command = new PublishCommand({
      TopicArn: topic,
      Subject: subjectOf(message),
      MessageStructure: 'json',
      Message: JSON.stringify(bodiesOf(message, { thread: hash, id: by })),
    });
    await sns.send(command, { abortSignal: AbortSignal.timeout(PUBLISH_SECONDS * 1000) });
  } catch (error) {
    await replace(key, by, ({ telling: _, ...before }) => before);
    throw error;
  }
  log.info('told', { cause: message.cause, state: message.state, topic });
  await replace(key, by, () => after(message, now()));
  return true;
}

/**
 * Only what we claimed is ours to replace. Where that fails our claim ends by itself: somebody may be told twice, which is better
 * than not at all, and no reason to fail.
 */
async function replace(key: string, by: string, change: (told: Told) => Told): Promise<void> {
  try {
    const held = await state.get<Told>(key);
    if (held?.value.telling?.by === by) await state.put(key, change(held.value), { etag: held.etag });
  } catch (error) {
    log.error('what was told could not be kept', {
      key,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Where only a page topic exists, what is for reading alone tells nobody; without any topic something is wrong with us. */
function nobody(message: Message, alerts: AlertTopics): false {
  if (Object.keys(alerts).length === 0) {
    throw new NamedError(
      'NobodyToTell',
      `nobody is told that ${message.title}: name at least one topic in the alerts of its plan or site`,
    );
  }
  log.info('for reading, and nobody reads', { cause: message.cause });
  return false;
}
