import type { Message } from './message';
import { cut, line, plain, when } from './text';

/** What SNS delivers to each kind of subscription; `default` to those that are not named. */
export interface Bodies {
  readonly default: string;
  readonly email: string;
  readonly https: string;
  readonly http: string;
  readonly sms: string;
  /** For machines. */
  readonly sqs: string;
  readonly lambda: string;
}

/** `id` is of one telling, `thread` of its cause: what is over is shown under what was raised. */
export interface Identity {
  readonly id: string;
  readonly thread: string;
}

/** SNS takes ASCII subjects shorter than 100 characters. */
const SUBJECT = 99;
/** One text message. */
const SMS = 140;
const SENTENCE = 1_500;
const LISTED = 20;
/** Names in what machines read; the whole must stay below 256 KB. */
const LISTED_FOR_MACHINES = 200;
/** What Amazon Q Developer takes. */
const CHAT = { title: 250, description: 8_000, step: 350, keyword: 75 };

export function subjectOf(message: Message): string {
  return cut(ascii(`[${headOf(message)}] ${line(message.title)}`), SUBJECT, '...');
}

export function bodiesOf(message: Message, identity: Identity): Bodies {
  const text = textOf(message);
  const chat = JSON.stringify(chatOf(message, identity));
  const machine = JSON.stringify(machineOf(message, identity));
  return {
    default: text,
    email: text,
    https: chat,
    http: chat,
    sms: cut(ascii(`${headOf(message)}: ${line(message.title)}`), SMS, '...'),
    sqs: machine,
    lambda: machine,
  };
}

function headOf({ state, severity }: Message): string {
  return state === 'cleared' ? 'over' : severity;
}

/** Plain words, for a person who reads mail. */
function textOf(message: Message): string {
  return [
    sentence(message.title),
    '',
    ...factsOf(message).map(([label, text]) => `${label}: ${text}`),
    `Next step: ${sentence(message.nextStep)}`,
    '',
    ...linksOf(message).map(({ label, url }) => `${label}: ${url}`),
  ]
    .join('\n')
    .trimEnd();
}

/** What Amazon Q Developer shows in Slack and Teams; it drops whatever is not of this shape. */
function chatOf(message: Message, { id, thread }: Identity) {
  const steps = [sentence(message.nextStep), ...linksOf(message).map(({ label, url }) => `${label}: ${url}`)];
  const facts = factsOf(message).map(([label, text]) => `${label}: ${text}`);
  // A step that is too long for its list would lose its end, and with it the command or the address.
  const [short, long] = [steps.filter(fitsStep), steps.filter((step) => !fitsStep(step))];
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: cut(plain(`${headOf(message)}: ${line(message.title)}`), CHAT.title),
      description: cut(plain([...facts, ...long].join('\n')), CHAT.description),
      nextSteps: short.map(plain),
      keywords: [message.severity, message.site, ...(message.plan ? [message.plan] : [])].map((word) =>
        cut(plain(line(word)), CHAT.keyword),
      ),
    },
    metadata: {
      threadId: thread,
      summary: cut(plain(line(message.title)), CHAT.title),
      eventType: `${message.severity}-${message.state}`,
      relatedResources: message.resources.slice(0, LISTED).map(line),
      additionalContext: { site: line(message.site), region: line(message.region), cause: sentence(message.cause) },
    },
  };
}

/** The message itself, its long lists cut. */
function machineOf(message: Message, { id, thread }: Identity) {
  return {
    schema: 'cdk-recoverable/message/v1',
    id,
    thread,
    ...message,
    cause: sentence(message.cause),
    title: sentence(message.title),
    what: sentence(message.what),
    means: sentence(message.means),
    nextStep: sentence(message.nextStep),
    links: linksOf(message),
    resources: message.resources.slice(0, LISTED_FOR_MACHINES).map(line),
    resourcesInAll: message.resources.length,
  };
}

function factsOf(message: Message): [string, string][] {
  const { resources, plan, owner, site, region } = message;
  return [
    ['What happened', sentence(message.what)],
    [message.state === 'cleared' ? 'Over since' : 'Since', when(message.since)],
    ['What it means', sentence(message.means)],
    ...(resources.length > 0 ? ([['Resources', listed(resources)]] as [string, string][]) : []),
    [
      'Where',
      [plan && `plan ${plan}`, `site ${site}`, region]
        .filter(Boolean)
        .map((one) => line(one ?? ''))
        .join(', '),
    ],
    ...(owner ? ([['Owner', cut(line(owner), SENTENCE)]] as [string, string][]) : []),
  ];
}

function linksOf({ links }: Message): Message['links'] {
  return links.slice(0, 10).map(({ label, url }) => ({ label: line(label), url: line(url) }));
}

function listed(resources: readonly string[]): string {
  const shown = resources.slice(0, LISTED).map(line).join(', ');
  return resources.length > LISTED ? `${shown} and ${resources.length - LISTED} more` : shown;
}

function sentence(text: string): string {
  return cut(line(text), SENTENCE);
}

function fitsStep(step: string): boolean {
  return plain(step).length <= CHAT.step;
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
