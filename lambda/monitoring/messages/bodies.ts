import type { Message } from './message';
import { shorten, type Limits, type Short } from './shorten';
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
/** SNS takes 256 KB for all bodies together. */
const WHOLE = 250_000;
/** Names that a person reads. */
const LISTED = 20;
/** What Amazon Q Developer takes. */
const CHAT = { title: 250, description: 8_000, step: 350, keyword: 75 };

/** The second for a message that no person wrote, of thousands of long names in letters of four bytes. */
const LIMITS: readonly Limits[] = [
  { sentence: 1_500, resources: 200 },
  { sentence: 400, resources: LISTED },
];

export function subjectOf(message: Message): string {
  return cut(ascii(`[${headOf(message)}] ${line(message.title)}`.trim()), SUBJECT, '...');
}

export function bodiesOf(message: Message, identity: Identity): Bodies {
  const [whole, less] = LIMITS.map((limits) => () => render(shorten(message, limits), identity));
  const bodies = whole();
  return Buffer.byteLength(JSON.stringify(bodies)) <= WHOLE ? bodies : less();
}

function render(message: Short, identity: Identity): Bodies {
  const text = textOf(message);
  const chat = JSON.stringify(chatOf(message, identity));
  const machine = JSON.stringify({ schema: 'cdk-recoverable/message/v1', ...identity, ...message });
  return {
    default: text,
    email: text,
    https: chat,
    http: chat,
    sms: cut(ascii(`${headOf(message)}: ${message.title}`), SMS, '...'),
    sqs: machine,
    lambda: machine,
  };
}

function headOf({ state, severity }: Message): string {
  return state === 'cleared' ? 'over' : severity;
}

/** Plain words, for a person who reads mail. */
function textOf(message: Short): string {
  return [
    message.title,
    '',
    ...factsOf(message),
    ...(message.state === 'raised' ? [`Next step: ${message.nextStep}`] : []),
    '',
    ...message.links.map(({ label, url }) => `${label}: ${url}`),
  ]
    .join('\n')
    .trimEnd();
}

/** What Amazon Q Developer shows in Slack and Teams; it drops whatever is not of this shape. */
function chatOf(message: Short, { id, thread }: Identity) {
  const { severity, state, title, nextStep, links, site, plan, region, cause, resources } = message;
  const steps = [...(state === 'raised' ? [nextStep] : []), ...links.map(({ label, url }) => `${label}: ${url}`)].map(
    plain,
  );
  // A step that is too long for its list would lose its end, and with it the command or the address.
  const long = steps.filter((step) => step.length > CHAT.step);
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: cut(plain(`${headOf(message)}: ${title}`), CHAT.title),
      description: cut([...factsOf(message).map(plain), ...long].join('\n'), CHAT.description),
      nextSteps: steps.filter((step) => step.length <= CHAT.step),
      keywords: [severity, site, ...(plan ? [plan] : [])].map((word) => cut(plain(word), CHAT.keyword)),
    },
    metadata: {
      threadId: thread,
      summary: cut(plain(title), CHAT.title),
      eventType: `${severity}-${state}`,
      relatedResources: resources.slice(0, LISTED).map(plain),
      additionalContext: { site, region, cause: plain(cause) },
    },
  };
}

/** What is over means nothing any more, and nothing is to be done. */
function factsOf(message: Short): string[] {
  const { state, what, since, means, plan, site, region, owner, resources } = message;
  return [
    ...(state === 'cleared'
      ? [`What is over: ${what}`, `It began: ${when(since)}`]
      : [`What happened: ${what}`, `Since: ${when(since)}`, `What it means: ${means}`]),
    ...(resources.length > 0 ? [`Resources: ${listed(message)}`] : []),
    `Where: ${plan ? `plan ${plan}, ` : ''}site ${site}, ${region}`,
    ...(owner ? [`Owner: ${owner}`] : []),
  ];
}

function listed({ resources, resourcesInAll }: Short): string {
  const shown = resources.slice(0, LISTED).join(', ');
  return resourcesInAll > LISTED ? `${shown} and ${resourcesInAll - LISTED} more` : shown;
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
